"""huggingface.co's own JavaScript client, @huggingface/hub, does all it can on the Hub."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.npm import installed

PACKAGE = "@huggingface/hub@2.17.5"
SCRIPT = Path(__file__).with_name("js_client.mjs")

# call of the script, and what it must give: the client's calls in the order of the script
EXPECTED = {
    "whoAmI": ["user", "spacehub", "write"],
    "createRepo": "/spacehub/from-js",
    "uploadFile": 40,
    "uploadFile large": 40,
    "uploadFile xet": 40,
    "uploadFiles": 40,
    "uploadFilesWithProgress": True,
    "modelInfo": "spacehub/from-js",
    "repoExists": True,
    "checkRepoAccess": "let in",
    "listFiles": [
        ".gitattributes",
        "README.md",
        "a/1.txt",
        "a/2.txt",
        "b.txt",
        "config.json",
        "first.txt",
        "weights.bin",
        "xet.bin",
    ],
    "pathsInfo": [["weights.bin", 5000]],
    "fileExists": [True, False],
    "fileDownloadInfo": [5000, 66],
    "downloadFile": "{}",
    "downloadFile large": 5000,
    "downloadFile xet": 500_000,
    "downloadFileToCacheDir": True,
    "snapshotDownload": True,
    "createBranch": "made",
    "commit": 40,
    "listCommits": "both",
    "countCommits": 6,
    "deleteBranch": "gone",
    "deleteFile": 40,
    "deleteFiles": 40,
    "listModels": ["spacehub/from-js"],
    "createRepo dataset": 24,
    "datasetInfo": ["spacehub/data", True],
    "listDatasets": ["spacehub/data"],
    "createRepo space": "/spaces/spacehub/page",
    "spaceInfo": ["spacehub/page", "static"],
    "listSpaces": ["spacehub/page"],
    "createCollection": "spacehub",
    "listCollections": ["Best of"],
    "deleteRepo": "gone",
    "repoExists after": False,
}


@pytest.fixture
def modules() -> Path:
    """A folder ``node_modules`` with the client, installed once for all runs."""
    if shutil.which("node") is None:
        pytest.skip("needs node")
    return installed(PACKAGE)


def test_every_call(local_hub, modules, tmp_path):
    (tmp_path / "node_modules").symlink_to(modules)
    script = shutil.copy(SCRIPT, tmp_path)
    variables = {"HUB": local_hub.endpoint, "TOKEN": local_hub.token, "OWNER": local_hub.account}
    done = subprocess.run(
        ["node", script],
        env={"PATH": os.environ["PATH"], "TMPDIR": str(tmp_path), **variables},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    got = json.loads(done.stdout.splitlines()[-1])
    assert got == {name: {"ok": value} for name, value in EXPECTED.items()}
