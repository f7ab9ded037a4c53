"""Raw files are found in the stated order, always checked, and no network costs 5 s at most."""

import dataclasses
import hashlib
import http.server
import json
import socket
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from spacehub import network
from spacehub.data import sources
from spacehub.errors import SpaceHubError

CONTENT = {"moon/a.json": b"[1]\n", "moon/b.csv": b"x,y\n1,2\n"}
NAMES = tuple(CONTENT)


def put(folder: Path, *names: str, content: bytes | None = None) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(CONTENT[name] if content is None else content)


@pytest.fixture
def world(tmp_path, monkeypatch):
    """Empty places to look in, two pinned files, and an address where nothing listens."""
    for name in ("named", "checkout", "home", "served"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("SPACEHUB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SPACEHUB_SOURCES", str(tmp_path / "named"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(sources, "CHECKOUT_FOLDER", tmp_path / "checkout")
    pin(monkeypatch, f"http://127.0.0.1:{free_port()}")
    return tmp_path


def pin(monkeypatch, base: str) -> None:
    files = {
        name: sources.RawFile(
            name=name,
            sha256=hashlib.sha256(content).hexdigest(),
            origin="made here",
            licence="CC0-1.0",
            url=f"{base}/{name}",
        )
        for name, content in CONTENT.items()
    }
    monkeypatch.setattr(sources, "RAW_FILES", files)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_request(self, *args):
        self.server.asked.append(self.path)

    def log_message(self, *args):
        pass


@pytest.fixture
def server(world, monkeypatch):
    """A real web server over ``served``; `asked` lists what it was asked for."""
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Quiet, directory=world / "served")
    ) as running:
        running.asked = []
        pin(monkeypatch, f"http://127.0.0.1:{running.server_port}")
        thread = threading.Thread(target=running.serve_forever, args=(0.02,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("present", "ways"),
    [
        ({"named": NAMES, "checkout": NAMES, "home/sources": NAMES, "served": NAMES}, ["environment"] * 2),
        ({"checkout": NAMES, "home/sources": NAMES, "served": NAMES}, ["checkout"] * 2),
        ({"home/sources": NAMES, "served": NAMES}, ["download"] * 2),
        ({"served": NAMES}, ["download"] * 2),
        ({"named": NAMES[:1], "checkout": NAMES}, ["environment", "checkout"]),
        ({"checkout": NAMES[1:], "served": NAMES}, ["download", "checkout"]),
    ],
)
def test_order(world, server, present, ways):
    for folder, names in present.items():
        put(world / folder, *names)
    found = sources.find(NAMES)
    assert [entry.way for entry in found.found] == ways
    assert {name: found[name].read_bytes() for name in found} == CONTENT
    if "home/sources" in present or "download" not in ways:
        assert server.asked == []


def test_a_download_is_kept(world, server):
    put(world / "served", *NAMES)
    sources.find(NAMES)
    asked = len(server.asked)
    assert asked
    assert sources.find(NAMES)[NAMES[0]] == world / "home/sources" / NAMES[0]
    assert len(server.asked) == asked


def test_a_spoilt_download_is_fetched_again(world, server):
    put(world / "served", *NAMES)
    put(world / "home/sources", *NAMES, content=b"half a fi")
    found = sources.find(NAMES)
    assert {name: found[name].read_bytes() for name in found} == CONTENT


def test_nothing_anywhere_is_none(world):
    assert sources.find(NAMES) is None


def test_missing_on_the_server_is_none(world, server):
    assert sources.find(NAMES) is None
    assert set(server.asked) == {f"/{NAMES[0]}"}


def test_other_bytes_from_the_server_are_not_kept(world, server):
    put(world / "served", *NAMES, content=b"<html>log in first</html>")
    assert sources.find(NAMES) is None
    assert not [path for path in (world / "home").rglob("*") if path.is_file()]


def test_a_file_that_only_a_folder_has(world, monkeypatch):
    files = {name: dataclasses.replace(file, url=None) for name, file in sources.RAW_FILES.items()}
    monkeypatch.setattr(sources, "RAW_FILES", files)
    assert sources.find(NAMES) is None
    put(world / "checkout", *NAMES)
    assert len(sources.find(NAMES)) == 2


@pytest.mark.parametrize("place", ["named", "checkout"])
def test_a_changed_file_in_a_folder_is_named(world, place):
    put(world / place, NAMES[0])
    put(world / place, NAMES[1], content=b"x,y\n1,3\n")
    with pytest.raises(
        SpaceHubError, match="is not the file that this version of SpaceHub expects"
    ) as caught:
        sources.find(NAMES)
    assert str(world / place / NAMES[1]) in caught.value.problem
    assert f"/{NAMES[1]}" in caught.value.fix


def test_a_folder_that_is_none_is_named(world, monkeypatch):
    monkeypatch.setenv("SPACEHUB_SOURCES", str(world / "nowhere"))
    with pytest.raises(SpaceHubError, match=r"SPACEHUB_SOURCES is .*nowhere, which is not a folder"):
        sources.find(NAMES)


@pytest.mark.timeout(30)
@pytest.mark.parametrize("dribble", [False, True])
def test_a_server_that_never_finishes_is_given_up_once(world, monkeypatch, dribble):
    """Against one that dribbles a byte at a time a read timeout never strikes: only a bound on the whole does."""
    assert network.PROBE_SECONDS < 5
    monkeypatch.setattr(network, "PROBE_SECONDS", 0.5)
    accepted = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_never_finish, args=(listener, accepted, dribble), daemon=True).start()
        pin(monkeypatch, f"http://127.0.0.1:{listener.getsockname()[1]}")
        assert sources.find(NAMES) is None
        assert len(accepted) == 1


def _never_finish(listener: socket.socket, accepted: list, dribble: bool) -> None:
    try:
        while True:
            connection, _ = listener.accept()
            accepted.append(connection)
            for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"z" * 3000 if dribble else b"":
                connection.sendall(bytes([byte]))
                time.sleep(0.1)
    except OSError:
        return


def test_provenance_is_the_same_wherever_a_file_lies(world):
    put(world / "named", *NAMES)
    first = sources.find(NAMES).provenance()
    put(world / "checkout", *NAMES)
    for name in NAMES:
        (world / "named" / name).unlink()
    assert sources.find(NAMES).provenance() == first
    assert [row["bytes"] for row in first] == [len(content) for content in CONTENT.values()]


def test_an_md5_pins_as_well(world, monkeypatch):
    [name, *_] = NAMES
    md5 = hashlib.md5(CONTENT[name]).hexdigest()
    file = dataclasses.replace(sources.RAW_FILES[name], sha256=None, md5=md5)
    monkeypatch.setattr(sources, "RAW_FILES", {name: file})
    put(world / "named", name)
    [row] = sources.find((name,)).provenance()
    assert row["sha256"] == hashlib.sha256(CONTENT[name]).hexdigest()
    (world / "named" / name).write_bytes(b"other")
    with pytest.raises(SpaceHubError, match=f"its md5 checksum does not start with {md5[:12]}"):
        sources.find((name,))


def test_pins_are_those_of_the_manifest():
    manifest = sources.CHECKOUT_FOLDER / "MANIFEST.json"
    if not manifest.is_file():
        pytest.skip("there is no shared/sources next to the checkout to compare with")
    listed = {entry["file"]: entry for entry in json.loads(manifest.read_text())}
    wholes = {(entry.get("whole_md5"), entry.get("whole_url")) for entry in listed.values()}
    for name, file in sources.RAW_FILES.items():
        if file.package:
            continue
        if file.md5:
            assert (file.md5, file.url.replace("huggingface.co", "hf.co")) in {
                (md5, url.replace("huggingface.co", "hf.co")) for md5, url in wholes if url
            }
        else:
            assert (file.sha256, file.url) == (listed[name]["sha256"], listed[name].get("url"))


def test_a_package_that_carries_a_file_is_asked_before_the_net():
    registry = pytest.importorskip("skimage.data._registry")
    carried = {name: file for name, file in sources.RAW_FILES.items() if file.package}
    assert carried
    for file in carried.values():
        name = file.package.removeprefix("skimage/")
        assert (file.sha256, file.url) == (registry.registry[name], registry.registry_urls[name])
    found = sources.find(tuple(carried))
    assert {entry.way for entry in found.found} == {"package"}


@pytest.mark.parametrize("package", ["numpy/no_such_file", "no_such_package/file", "numpy/__init__.py"])
def test_a_package_without_the_pinned_file_is_passed_over(world, monkeypatch, package):
    files = {name: dataclasses.replace(file, package=package) for name, file in sources.RAW_FILES.items()}
    monkeypatch.setattr(sources, "RAW_FILES", files)
    assert sources.find(NAMES) is None


@pytest.mark.parametrize("place", ["named", "checkout", "home/sources"])
def test_what_is_at_hand_is_found_and_nothing_is_fetched(world, place):
    assert sources.at_hand("moon/a.json") is None
    put(world / place, "moon/a.json")
    assert sources.at_hand("moon/a.json") == world / place / "moon/a.json"
    assert sources.at_hand("moon/b.csv") is None
