"""Stock clients that upload through Xet: nothing is set but the address of the Hub and a token."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.doses import dose

from .hubs import check_repos

PUSH = """
import hashlib, sys
from pathlib import Path
from unittest.mock import patch
from huggingface_hub import HfApi, _commit_api, constants

number, folder = sys.argv[1], Path(sys.argv[2])
assert not constants.HF_HUB_DISABLE_XET
api = HfApi()
api.create_repo("shared", exist_ok=True)
with patch.object(_commit_api, "_upload_lfs_files", side_effect=AssertionError("not through Xet")):
    for file in sorted(folder.iterdir()):
        for attempt in range(50):
            try:
                api.upload_file(path_or_fileobj=file, path_in_repo=f"{number}/{file.name}", repo_id="spacehub/shared")
                break
            except Exception as error:
                if "412" not in str(error):
                    raise
for file in sorted(folder.iterdir()):
    got = Path(api.hf_hub_download("spacehub/shared", f"{number}/{file.name}")).read_bytes()
    assert hashlib.sha256(got).digest() == hashlib.sha256(file.read_bytes()).digest(), file
"""


def stock(hub, tmp_path, **more: str) -> dict[str, str]:
    """The environment of somebody who has only just heard of this Hub."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "TMPDIR") if key in os.environ}
    return {
        **kept,
        "HF_ENDPOINT": hub.endpoint,
        "HF_TOKEN": hub.token,
        "HF_HOME": str(tmp_path / "home"),
        "NO_PROXY": "*",
        "OMP_NUM_THREADS": "1",
        **more,
    }


def run(*command: str, env: dict[str, str]) -> str:
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def contents(number: int) -> dict[str, bytes]:
    """Files that compress in different ways, some of them in every process."""
    random = os.urandom(300_000)
    return {
        "random.bin": random,
        "twice.bin": random * 2,
        "same.bin": bytes(range(256)) * 4000,
        "numbers.bin": b"".join((value * 7919 + number).to_bytes(4, "little") for value in range(200_000)),
        "long.bin": os.urandom(dose(3, 90) << 20),
        "tiny.bin": b"%d" % number,
    }


def test_many_processes_at_once(hub_process, tmp_path):
    hub = hub_process()
    processes = dose(3, 8)
    for number in range(processes):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        for name, content in contents(number).items():
            (folder / name).write_bytes(content)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PUSH, str(number), str(tmp_path / f"{number}")],
            env=stock(hub, tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(processes)
    ]
    for process in running:
        output = process.communicate()
        assert process.returncode == 0, output
    check_repos(hub.root)
    assert [path for path in hub.root.glob("incoming/**/*") if path.is_file()] == []


@pytest.mark.parametrize("repo_type", ["model", "dataset", "space"])
def test_upload_folder(local_hub, api, xet, tmp_path, repo_type):
    source = tmp_path / "source"
    (source / "deep/er").mkdir(parents=True)
    files = {
        "a.bin": os.urandom(200_000),
        "deep/b.bin": os.urandom(5),
        "deep/er/c.txt": b"text",
        "d.bin": b"",
    }
    for name, content in files.items():
        (source / name).write_bytes(content)
    api.create_repo("folder", repo_type=repo_type, space_sdk="static" if repo_type == "space" else None)
    for _ in range(2):
        api.upload_folder(folder_path=source, repo_id="spacehub/folder", repo_type=repo_type)
    target = Path(
        api.snapshot_download("spacehub/folder", repo_type=repo_type, local_dir=tmp_path / "target")
    )
    for name, content in files.items():
        assert (target / name).read_bytes() == content
    tree = api.list_repo_tree("spacehub/folder", repo_type=repo_type, recursive=True)
    large = {entry.path: entry.lfs.sha256 for entry in tree if getattr(entry, "lfs", None)}
    assert large == {name: hashlib.sha256(files[name]).hexdigest() for name in ("a.bin", "deep/b.bin")}


def test_bytes_and_several_files_in_one_commit(local_hub, api, xet):
    from huggingface_hub import CommitOperationAdd

    contents = {f"{number}.bin": os.urandom(1000 * number + 1) for number in range(20)}
    operations = [CommitOperationAdd(path_in_repo=name, path_or_fileobj=c) for name, c in contents.items()]
    api.create_repo("several")
    api.preupload_lfs_files("spacehub/several", additions=operations[:10])
    api.create_commit("spacehub/several", operations, commit_message="all")
    for name, content in contents.items():
        assert Path(api.hf_hub_download("spacehub/several", name)).read_bytes() == content


def test_either_way_meets_the_other(hub_process, tmp_path):
    """What came through Xet is there for a client that does not use it, and the other way round."""
    hub = hub_process()
    code = (
        "import sys; from huggingface_hub import HfApi; api = HfApi(); api.create_repo('r', exist_ok=True)\n"
        "for file in sys.argv[2:]:\n"
        "    api.upload_file(path_or_fileobj=file, path_in_repo=sys.argv[1] + file[-5:], repo_id='spacehub/r')\n"
        "for name in api.list_repo_files('spacehub/r'):\n"
        "    print(name, api.hf_hub_download('spacehub/r', name, force_download=True))\n"
    )
    files = [tmp_path / "a.bin", tmp_path / "b.bin"]
    for file in files:
        file.write_bytes(os.urandom(100_000))
    for way, setting in (("xet-", {}), ("lfs-", {"HF_HUB_DISABLE_XET": "1"}), ("again-", {})):
        output = run(sys.executable, "-c", code, way, *map(str, files), env=stock(hub, tmp_path, **setting))
        got = dict(line.split() for line in output.splitlines())
        for file in files:
            assert Path(got[way + file.name]).read_bytes() == file.read_bytes()
    assert len(got) == 1 + 3 * 2
    check_repos(hub.root)


def test_hf_command(hub_process, tmp_path):
    hub = hub_process()
    env = stock(hub, tmp_path)
    hf = str(Path(sys.executable).with_name("hf"))
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.bin").write_bytes(os.urandom(500_000))
    run(hf, "upload", "spacehub/by-hand", str(source), ".", "--repo-type", "dataset", env=env)
    target = ["--repo-type", "dataset", "--local-dir", str(tmp_path / "target")]
    run(hf, "download", "spacehub/by-hand", *target, env=env)
    assert (tmp_path / "target/a.bin").read_bytes() == (source / "a.bin").read_bytes()


def test_a_missing_repo_is_named(local_hub, api, xet):
    from huggingface_hub import CommitOperationAdd
    from huggingface_hub.errors import RepositoryNotFoundError

    with pytest.raises(RepositoryNotFoundError):
        api.preupload_lfs_files(
            "spacehub/nowhere", [CommitOperationAdd(path_in_repo="a.bin", path_or_fileobj=os.urandom(1000))]
        )


def test_memory_stays_flat(hub_process, tmp_path):
    """Tens of MiB go up; the server never holds them."""
    hub = hub_process()

    def peak() -> float:
        status = Path(f"/proc/{hub.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024

    folders = tmp_path / "warm", tmp_path / "large"
    for folder, megabytes in zip(folders, (1, dose(96, 2048)), strict=True):
        folder.mkdir()
        with open(folder / "file.bin", "wb") as file:
            for _ in range(megabytes):
                file.write(os.urandom(1 << 20))
    run(sys.executable, "-c", PUSH, "warm", str(folders[0]), env=stock(hub, tmp_path))
    before = peak()
    run(sys.executable, "-c", PUSH, "large", str(folders[1]), env=stock(hub, tmp_path))
    assert peak() - before < 70
    check_repos(hub.root)
