"""Measure the embedded Hub with the official client, compared with plain commands such as cp and git on the same disk.

    python -m benchmarks.hub [--megabytes 512] [--repeats 3] [--folder DIR] [--json FILE]

With `--megabytes 16 --repeats 1`, the benchmark takes less than half a minute on a CPU. To measure the server's
memory, the benchmark pushes and pulls a file that is four times as large as `--megabytes`.

The client limits the speed of a pull. Therefore, one row shows how fast the client downloads from a server that only
calls sendfile, and another row compares a pull with this speed. A third row shows how fast the Hub sends a file to a
reader that discards the data.
"""

import argparse
import os
import re
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.report import report, row

SMALL_FILES = (1000, 10_000)
HISTORIES = (10, 2000)
TREE_FILES = 20_000
MIB = 1 << 20


class Server:
    """A Hub in a separate process."""

    def __init__(self, root: Path):
        self.root = root
        command = [sys.executable, "-m", "spacehub.cli", "hub", "--root", str(root), "--port", "0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.endpoint = re.search(r"http://\S+", self.process.stdout.readline())[0]
        self.token = (root / "token").read_text().strip()

    def peak_memory(self) -> float:
        """Return the Hub's peak memory so far, in MiB."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
        raise OSError("no VmHWM in /proc")

    def stop(self) -> None:
        """Stop the Hub, and wait until it has exited."""
        self.process.terminate()
        self.process.wait()


def seconds(action: Callable[[], object]) -> float:
    os.sync()
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def run(*command: str, folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def side_by_side(
    ours: Callable[[int], object], theirs: Callable[[int], object], repeats: int
) -> tuple[float, float]:
    """Run both actions in turn; return the median time of each, in seconds."""
    times = [(seconds(lambda i=i: ours(i)), seconds(lambda i=i: theirs(i))) for i in range(repeats)]
    return statistics.median(first for first, _ in times), statistics.median(second for _, second in times)


def large_file(api, folder: Path, megabytes: int, repeats: int) -> list[dict]:
    """Push and pull one large file, with and without the Hub."""
    from huggingface_hub import constants

    files = []
    for number in range(repeats):
        files.append(folder / f"large-{number}.bin")
        with open(files[-1], "wb") as file:
            for _ in range(megabytes):
                file.write(secrets.token_bytes(MIB))

    def copy_and_sync(i: int) -> None:
        run("sha256sum", str(files[i]), folder=folder)
        run("cp", str(files[i]), f"copy-{i}.bin", folder=folder)
        run("sync", folder=folder)

    def copy(i: int) -> None:
        run("cp", str(files[i]), f"again-{i}.bin", folder=folder)

    rows, name = [], f"{megabytes} MiB"
    for way in ("Xet", "LFS"):
        constants.HF_HUB_DISABLE_XET = way == "LFS"
        repo = f"bench/large-{way}"
        api.create_repo(repo)

        def push(i: int, repo: str = repo) -> None:
            api.upload_file(path_or_fileobj=files[i], path_in_repo=f"{i}.bin", repo_id=repo)

        def pull(i: int, repo: str = repo) -> None:
            api.hf_hub_download(repo, f"{i}.bin", cache_dir=folder / f"cache-{i}")

        pushed, copied = side_by_side(push, copy_and_sync, repeats)
        pulled, copied_back = side_by_side(pull, copy, repeats)
        what = f"push {name}, {way} / sha256sum + cp + sync"
        rows.append(row(what, megabytes / pushed, megabytes / copied, "MiB/s", repeats))
        what = f"pull {name}, {way} / cp"
        rows.append(row(what, megabytes / pulled, megabytes / copied_back, "MiB/s", repeats))
    ceiling = bare_pull(folder, files[0], repeats)
    sent = seconds_to_read(f"{api.endpoint}/bench/large-LFS/resolve/main/0.bin", repeats)
    return [
        *rows,
        row(
            "  the client from a bare server / cp",
            megabytes / ceiling,
            megabytes / copied_back,
            "MiB/s",
            repeats,
        ),
        row(
            "  pull / the client from a bare server",
            megabytes / pulled,
            megabytes / ceiling,
            "MiB/s",
            repeats,
        ),
        row("  the Hub to a bare reader / cp", megabytes / sent, megabytes / copied_back, "MiB/s", repeats),
    ]


def bare_pull(folder: Path, file: Path, repeats: int) -> float:
    """Return the median seconds that the official client needs to download a file from the fastest possible server."""
    from huggingface_hub.file_download import http_get

    command = [sys.executable, "-m", "benchmarks.bare_server", str(file)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        address = server.stdout.readline().strip()

        def get(i: int) -> None:
            with open(folder / f"bare-{i}.bin", "wb") as target:
                http_get(address, target, expected_size=file.stat().st_size)

        return statistics.median(seconds(lambda i=i: get(i)) for i in range(repeats))
    finally:
        server.terminate()
        server.wait()


def seconds_to_read(address: str, repeats: int) -> float:
    """Return the median seconds that a plain socket needs to read a complete response into one buffer."""
    parts = urlsplit(address)
    head = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n".encode()
    buffer = bytearray(MIB)

    def read() -> None:
        with socket.create_connection((parts.hostname, parts.port)) as connection:
            connection.sendall(head)
            while connection.recv_into(buffer):
                pass

    return statistics.median(seconds(read) for _ in range(repeats))


def memory(folder: Path, megabytes: int, way: str) -> dict:
    """Measure a Hub's peak memory while one large file is pushed and pulled."""
    from huggingface_hub import HfApi, constants

    constants.HF_HUB_DISABLE_XET = way == "LFS"

    file = folder / "larger.bin"
    with open(file, "wb") as target:
        for _ in range(megabytes):
            target.write(secrets.token_bytes(MIB))
    server = Server(folder / f"memory-{way}")
    try:
        api = HfApi(endpoint=server.endpoint, token=server.token)
        api.create_repo("bench/larger")
        api.upload_file(path_or_fileobj=file, path_in_repo="larger.bin", repo_id="bench/larger")
        file.unlink()
        api.hf_hub_download("bench/larger", "larger.bin", local_dir=folder / "down")
        what = f"memory, {megabytes} MiB up and down, {way} / 150 MiB"
        return row(what, server.peak_memory(), 150, "MiB", 1)
    finally:
        server.stop()
        shutil.rmtree(folder / "down", ignore_errors=True)


def small_files(api, folder: Path, count: int, repeats: int) -> dict:
    """Measure one commit of `count` small files, in folders of a hundred files each."""
    for number in range(repeats):
        target = folder / f"small-{count}-{number}"
        target.mkdir()
        for index in range(count):
            (target / f"{index // 100:02}").mkdir(exist_ok=True)
            (target / f"{index // 100:02}" / f"{index:04}.txt").write_text(
                f"{number} {index} {secrets.token_hex(500)}\n"
            )
        shutil.copytree(target, folder / f"git-{count}-{number}")
        run("git", "init", folder=folder / f"git-{count}-{number}")
        api.create_repo(f"bench/small-{count}-{number}")

    def push(i: int) -> None:
        api.upload_folder(folder_path=folder / f"small-{count}-{i}", repo_id=f"bench/small-{count}-{i}")

    def git(i: int) -> None:
        run("git", "add", ".", folder=folder / f"git-{count}-{i}")
        run(
            "git",
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@b",
            "commit",
            "-m",
            "all",
            folder=folder / f"git-{count}-{i}",
        )

    ours, theirs = side_by_side(push, git, repeats)
    return row(f"commit of {count} files / git add + commit", ours * 1e3, theirs * 1e3, "ms", repeats)


def history(api, server: Server, repeats: int) -> dict:
    """Measure a commit to a repository with a long history, compared with a short history."""
    import pygit2

    for length in HISTORIES:
        api.create_repo(f"bench/history-{length}")
        git = pygit2.Repository(str(server.root / f"repos/models/bench/history-{length}/git"))
        head = git.references["refs/heads/main"]
        who = pygit2.Signature("bench", "bench@localhost")
        tree, parent = git[head.target].tree.id, head.target
        for number in range(length):
            parent = git.create_commit(None, who, who, f"commit {number}", tree, [parent])
        head.set_target(parent)

    def commit(length: int, i: int) -> None:
        data = secrets.token_bytes(100).hex().encode()
        api.upload_file(path_or_fileobj=data, path_in_repo=f"{i}.txt", repo_id=f"bench/history-{length}")

    short, long = HISTORIES
    repeats *= 10
    commit(short, repeats)
    ours, theirs = side_by_side(lambda i: commit(long, i), lambda i: commit(short, i), repeats)
    return row(f"commit on a history of {long} / of {short}", ours * 1e3, theirs * 1e3, "ms", repeats)


def tree(folder: Path, repeats: int) -> list[dict]:
    """Measure the last page of a long file list, compared with the first page, and the memory of the Hub."""
    from huggingface_hub import CommitOperationAdd, HfApi
    from huggingface_hub.utils import get_session

    maker = Server(folder / "tree")
    api = HfApi(endpoint=maker.endpoint, token=maker.token)
    api.create_repo("bench/tree")
    paths = [f"data/{index // 1000:02}/{index:05}.txt" for index in range(TREE_FILES)]
    files = [CommitOperationAdd(path, path.encode()) for path in paths]
    api.create_commit("bench/tree", files, commit_message="many")
    maker.stop()

    server = Server(folder / "tree")
    try:
        first = f"{server.endpoint}/api/models/bench/tree/tree/main?recursive=true"
        last = url = first
        get_session().get(first)
        before = server.peak_memory()
        while url is not None:
            last, url = url, get_session().get(url).links.get("next", {}).get("url")
        after = server.peak_memory()
        repeats *= 10
        ours, theirs = side_by_side(
            lambda _: get_session().get(last), lambda _: get_session().get(first), repeats
        )
    finally:
        server.stop()
    name = f"tree of {TREE_FILES} files"
    return [
        row(f"{name}: last page / first", ours * 1e3, theirs * 1e3, "ms", repeats),
        row(f"{name}: memory after all pages / after one", after, before, "MiB", 1),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--megabytes", type=int, default=512, help="size of the large file in MiB (default: %(default)s)"
    )
    parser.add_argument(
        "--repeats", type=int, default=3, help="number of measurements per row (default: %(default)s)"
    )
    parser.add_argument(
        "--folder", type=Path, help="folder on the disk to measure (default: a temporary folder)"
    )
    parser.add_argument("--json", type=Path, help="also write the results to this file, as JSON")
    options = parser.parse_args()

    folder = Path(tempfile.mkdtemp(prefix="bench-hub-", dir=options.folder))
    server = Server(folder / "hub")
    try:
        os.environ |= {"HF_ENDPOINT": server.endpoint, "HF_TOKEN": server.token}
        os.environ |= {"HF_HOME": str(folder / "home"), "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
        from huggingface_hub import HfApi

        api = HfApi()
        rows = large_file(api, folder, options.megabytes, options.repeats)
        rows += [memory(folder, 4 * options.megabytes, way) for way in ("Xet", "LFS")]
        rows += [small_files(api, folder, count, options.repeats) for count in SMALL_FILES]
        rows.append(history(api, server, options.repeats))
        rows += tree(folder, options.repeats)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    report(rows, options.json)


if __name__ == "__main__":
    main()
