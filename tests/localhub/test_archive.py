"""`spacehub hub export` and `import`: all of a repo comes back, and nothing of a file that is not whole or not ours."""

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile

import pytest
from huggingface_hub import HfApi

from localhub import LocalHub, LocalHubError
from localhub.maintenance import importing
from localhub.maintenance.exporting import export_repo
from localhub.maintenance.fsck import fsck
from localhub.maintenance.hub_folder import open_hub
from localhub.maintenance.importing import import_repo

LARGE = os.urandom(50_000)


@pytest.fixture(scope="module")
def origin(tmp_path_factory):
    """A Hub's folder with a private dataset that has large files, a branch, a tag and a file next to git's."""
    root = tmp_path_factory.mktemp("origin") / "hub"
    with LocalHub(root) as hub:
        api = HfApi(endpoint=hub.endpoint, token=hub.token)
        api.create_repo("r", repo_type="dataset", private=True)
        for path, data in (("d/large.bin", LARGE), ("a.txt", b"hello"), ("d/large.bin", LARGE[::-1])):
            api.upload_file(
                path_or_fileobj=data, path_in_repo=path, repo_id="spacehub/r", repo_type="dataset"
            )
        api.create_tag("spacehub/r", tag="v1", tag_message="first", repo_type="dataset")
        api.create_branch("spacehub/r", branch="side", repo_type="dataset")
    more = root / "repos/datasets/spacehub/r/notes/1.json"
    more.parent.mkdir()
    more.write_text("{}")
    return root


@pytest.fixture(scope="module")
def archive(origin, tmp_path_factory):
    path = tmp_path_factory.mktemp("archive") / "r.tar"
    with open_hub(origin) as store:
        export_repo(store, "datasets/spacehub/r", path)
    return path


@pytest.mark.parametrize("name", [None, "datasets/moon/copy"])
def test_there_and_back(origin, archive, tmp_path, name):
    assert archive.stat().st_mode & 0o777 == 0o600
    with open_hub(tmp_path / "hub", make=True) as store:
        id = import_repo(store, archive, name=name)
        assert id.web_path == (name or "datasets/spacehub/r")
        assert list(fsck(store, None, quick=False)) == []
    folders = [origin / "repos/datasets/spacehub/r", tmp_path / "hub/repos" / id.web_path]
    ids = [json.loads((folder / "repo.json").read_bytes()) for folder in folders]
    assert ids[1] == (ids[0] if name is None else ids[0] | {"id": ids[1]["id"]})
    assert (ids[0]["id"] == ids[1]["id"]) == (name is None)
    notes = folders[1] / "notes/1.json"
    assert (notes.read_text(), notes.stat().st_mode & 0o777) == ("{}", 0o600)
    assert (tmp_path / "hub").stat().st_mode & 0o777 == 0o700
    with LocalHub(tmp_path / "hub") as here, LocalHub(origin) as there:
        both = [HfApi(endpoint=hub.endpoint, token=hub.token) for hub in (there, here)]
        refs = [
            api.list_repo_refs(n, repo_type="dataset")
            for api, n in zip(both, ("spacehub/r", str(id)), strict=True)
        ]
        assert refs[0] == refs[1]
        path = both[1].hf_hub_download(str(id), "d/large.bin", repo_type="dataset", revision="v1")
        with open(path, "rb") as file:
            assert file.read() == LARGE[::-1]
        both[1].upload_file(path_or_fileobj=b"x", path_in_repo="b.txt", repo_id=str(id), repo_type="dataset")


def members(archive) -> list[tuple[tarfile.TarInfo, bytes]]:
    with tarfile.open(archive) as tar:
        return [(member, tar.extractfile(member).read()) for member in tar]


def forge(archive, target, change) -> None:
    """Rewrite the archive after `change` has edited its files by name; the manifest is adjusted to match."""
    files = {member.name: data for member, data in members(archive)}
    manifest = json.loads(files.pop("manifest.json"))
    change(files, manifest)
    manifest["files"] = {
        name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in files.items()
    } | manifest.pop("extra", {})
    with tarfile.open(target, "w") as tar:
        for name, data in [*files.items(), ("manifest.json", json.dumps(manifest).encode())]:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))


def refused(tmp_path, path) -> str:
    """Why an import was refused; it left nothing anywhere."""
    root = tmp_path / "deep" / "hub"
    with open_hub(root, make=True) as store:
        before = sorted(path for path in tmp_path.rglob("*"))
        with pytest.raises(LocalHubError) as caught:
            import_repo(store, path)
        assert sorted(path for path in tmp_path.rglob("*")) == before
        assert not any((root / "repos").rglob("*"))
    return caught.value.problem


def put(name, content=b"x"):
    return lambda files, manifest: files.update({name: content})


def drop(prefix):
    def change(files, manifest):
        del files[next(name for name in files if name.startswith(prefix))]

    return change


def change_settings(**fields):
    def change(files, manifest):
        files["repo.json"] = json.dumps(json.loads(files["repo.json"]) | fields).encode()

    return change


def flip(name):
    def change(files, manifest):
        data = bytearray(files[name])
        data[len(data) // 2] ^= 1
        files[name] = bytes(data)

    return change


def manifest_with(**fields):
    return lambda files, manifest: manifest.update(fields)


FORGED = {
    **{
        name: (put(name), "is not allowed")
        for name in (
            "../x",
            "more/../../x",
            "more/../repo.json",
            "more/git/config",
            "more/GIT/config",
            "more/repo.json",
            "more/.git/x",
            "more/a\\..\\x",
            "more/",
            "git/hooks/post-update",
            "lfs/short",
            "x",
        )
    },
    "absolute": (put("/tmp/x"), "is not allowed"),
    "lfs of another name": (put(f"lfs/{'0' * 64}"), "does not match the sha256 in its name"),
    "lfs missing": (drop("lfs/"), "is missing"),
    "pack missing": (drop("objects.pack"), "settings or git objects are missing"),
    "settings missing": (drop("repo.json"), "settings or git objects are missing"),
    "settings of another form": (put("repo.json", b"[]"), "not a JSON object"),
    "settings without id": (change_settings(id=None), "settings have the wrong format"),
    "other sha256": (
        manifest_with(extra={"repo.json": {"size": 1, "sha256": "0" * 64}}),
        "does not match its entry in the manifest",
    ),
    "more listed than present": (
        manifest_with(extra={"more/x": {"size": 1, "sha256": "0" * 64}}),
        "files do not match the manifest",
    ),
    "format": (manifest_with(format="spacehub-repo-9"), "format is not"),
    "id": (manifest_with(id="../x"), "is not a valid repo id"),
    "type": (manifest_with(type="bucket"), "is not a valid repo type"),
    "ref climbs": (manifest_with(refs={"refs/../../x": "1" * 40}), "is not a valid ref"),
    "ref elsewhere": (manifest_with(refs={"HEAD": "1" * 40}), "is not a valid ref"),
    "ref of two lines": (manifest_with(refs={"refs/heads/main": "1" * 40 + "\n"}), "is not a valid ref"),
    "ref of nothing": (manifest_with(refs={"refs/heads/main": "1" * 40}), "damaged"),
    "no refs": (manifest_with(refs={}), "no branch main"),
    "shallow": (manifest_with(shallow=["../x"]), "shallow commits"),
    "file and folder": (
        lambda files, manifest: files.update({"more/a": b"", "more/a/b": b""}),
        "Cannot import",
    ),
    "pack of one bit wrong": (flip("objects.pack"), "damaged"),
    "index of one bit wrong": (flip("objects.idx"), "damaged"),
}


@pytest.mark.parametrize(("change", "why"), FORGED.values(), ids=FORGED.keys())
def test_what_is_forged_is_refused(archive, tmp_path, change, why):
    forge(archive, tmp_path / "forged.tar", change)
    assert why in refused(tmp_path, tmp_path / "forged.tar")


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE]
)
def test_only_plain_files_are_taken(archive, tmp_path, kind):
    path = tmp_path / "forged.tar"
    with tarfile.open(path, "w") as tar:
        info = tarfile.TarInfo("more/x")
        info.type, info.linkname = kind, "/etc/passwd"
        tar.addfile(info)
        for member, data in members(archive):
            tar.addfile(member, io.BytesIO(data))
    assert "is not a regular file" in refused(tmp_path, path)


def test_a_name_that_comes_twice_is_refused(archive, tmp_path):
    path = tmp_path / "forged.tar"
    with tarfile.open(path, "w") as tar:
        for member, data in [*members(archive)[:1], *members(archive)]:
            tar.addfile(member, io.BytesIO(data))
    assert "the file 'repo.json' is not allowed" in refused(tmp_path, path)


@pytest.mark.parametrize("part", [0, 0.01, 0.3, 0.9])
def test_a_cut_file_is_refused(archive, tmp_path, part):
    data = archive.read_bytes()
    (tmp_path / "cut.tar").write_bytes(data[: int(len(data) * part)])
    assert "is not a complete export" in refused(tmp_path, tmp_path / "cut.tar")


def test_what_grows_when_unpacked_is_refused(archive, tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "OBJECT_BYTES", 100)
    assert "is longer than 100 bytes" in refused(tmp_path, archive)
    monkeypatch.setattr(importing, "SMALL_BYTES", 100)
    assert "is too long" in refused(tmp_path, archive)


def test_no_room_on_the_disk(archive, tmp_path, monkeypatch):
    monkeypatch.setattr(importing.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 10}))
    assert ": No space left" in refused(tmp_path, archive)


def test_the_commands(origin, tmp_path):
    def run(*arguments, root=origin):
        command = [sys.executable, "-m", "spacehub.cli", "hub", "--root", str(root), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True)

    file = tmp_path / "r.tar"
    assert run("export", "datasets/spacehub/r", file).returncode == 0
    again = run("export", "datasets/spacehub/r", file)
    assert (again.returncode, "already exists" in again.stderr) == (1, True)
    assert "has no repo named spacehub/r" in run("export", "spacehub/r", tmp_path / "x.tar").stderr
    assert run("import", file, root=tmp_path / "other").stdout == "Imported datasets/spacehub/r.\n"
    taken = run("import", file, root=tmp_path / "other")
    assert (taken.returncode, "already has a repo named datasets/spacehub/r" in taken.stderr) == (1, True)
    assert "not a model" in run("import", file, "--as", "a/b").stderr
    assert ": No such file" in run("import", tmp_path / "none.tar").stderr
