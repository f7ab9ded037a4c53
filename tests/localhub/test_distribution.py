"""The Hub as a distribution of its own: what its wheel and SpaceHub's install, and what a first test needs."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import localhub
import spacehub.localhub
import spacehub.localhub.web.app
from tests.doses import in_the_soak
from tests.processes import ROOT, clean_environment

PACKAGE = ROOT / "packages" / "localhub"
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
MOST_MB = 60
# What an installation without extras lacks, taken away.
BARE = """
import sys
for name in ("blake3", "jinja2", "lz4", "markdown_it", "nh3", "pyarrow", "spacehub", "uvloop"):
    sys.modules[name] = None
import importlib.util
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if sys.modules.get(name, 0) is None else real(name, *more)
"""
WITHOUT_EXTRAS = (
    BARE
    + """
import os, urllib.error, urllib.request
os.environ["HF_HUB_DISABLE_XET"] = "0"
from localhub import LocalHub
with LocalHub() as hub:
    from huggingface_hub import HfApi, hf_hub_download
    HfApi().create_repo("me/m")
    HfApi().upload_file(path_or_fileobj=b"x" * 2_000_000, path_in_repo="a.bin", repo_id="me/m")
    print(len(open(hf_hub_download("me/m", "a.bin"), "rb").read()))
    HfApi().create_repo("me/rows", repo_type="dataset")
    HfApi().upload_file(path_or_fileobj=b"x", path_in_repo="rows.csv", repo_id="me/rows", repo_type="dataset")
    token = {"authorization": f"Bearer {hub.token}"}
    for path in ("/me/m", "/size?dataset=me/rows", "/api/models/me/m/xet-write-token/main"):
        try:
            urllib.request.urlopen(urllib.request.Request(hub.endpoint + path, headers=token))
        except urllib.error.HTTPError as error:
            print(error.code, error.read().decode())
"""
)


def build(folder: Path, source: Path) -> Path:
    line = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", line, folder], cwd=source, capture_output=True, text=True, check=True
    )
    return folder / done.stdout.split()[-1]


def test_both_names_import_the_same_modules():
    assert spacehub.localhub is localhub
    assert spacehub.localhub.web.app is sys.modules["localhub.web.app"]
    assert spacehub.localhub.web.app.__spec__.name == "localhub.web.app"


def test_the_wheels_install_one_package_each(tmp_path):
    for source, package, inside in [
        (PACKAGE, "localhub", {"localhub/py.typed", "localhub/web/templates/base.html"}),
        (ROOT, "spacehub", {"spacehub/shipped/space_app/app.py", "spacehub/shipped/model_cards/lander.md"}),
    ]:
        names = zipfile.ZipFile(build(tmp_path, source)).namelist()
        assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {package}
        assert inside <= set(names)


def test_what_lacks_its_extra_says_so(tmp_path):
    environment = clean_environment() | {"HF_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_EXTRAS], env=environment, capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    size, *refused = done.stdout.splitlines()
    assert size == "2000000"
    assert [line.split()[0] for line in refused] == ["501"] * 3
    assert [re.search(r"localhub\[(\w+)\]", line)[1] for line in refused] == ["pages", "viewer", "xet"]


@in_the_soak
def test_the_readme_s_first_test_passes_in_a_fresh_environment(tmp_path):
    wheel, python = build(tmp_path, PACKAGE), tmp_path / "fresh/bin/python"
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", tmp_path / "fresh"], check=True)
    install = [*uv, "pip", "install", "--quiet", "--python", python]
    subprocess.run([*install, wheel], check=True)
    size = sum(path.stat().st_size for path in (tmp_path / "fresh").rglob("*") if path.is_file())
    assert size < MOST_MB << 20
    subprocess.run([*install, "pytest"], check=True)
    example, test = PYTHON.findall((PACKAGE / "README.md").read_text())[:2]
    (tmp_path / "test_mine.py").write_text(
        f"{test}\n\ndef test_example():\n" + re.sub("(?m)^", "    ", example)
    )
    environment = clean_environment() | {"HF_HOME": str(tmp_path / "huggingface")}
    run = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_mine.py"]
    done = subprocess.run(run, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert "2 passed" in done.stdout, done.stdout + done.stderr


def test_a_folder_imports_only_those_below_it():
    below = {"files": "", "card": "", "rules": "card", "git": "files rules card"}
    below["storage"] = f"{below['git']} git"
    for name in ("xet", "viewer", "spaces", "maintenance"):
        below[name] = f"{below['storage']} storage"
    below["web"] = " ".join(below)
    for folder, allowed in below.items():
        text = "".join(path.read_text() for path in (PACKAGE / "localhub" / folder).rglob("*.py"))
        found = set(re.findall(r"^\s*from localhub\.(\w+)", text, re.MULTILINE)) & set(below)
        assert found <= {folder, *allowed.split()}
