"""The real ``hf`` command, from a new repo to its end."""

import os
import subprocess
import sys
from pathlib import Path

from localhub.clients import environment


def test_from_a_new_repo_to_its_end(local_hub, api, tmp_path):
    variables = {"PATH": os.environ["PATH"], "HF_HOME": str(tmp_path / "home"), "NO_COLOR": "1"}
    variables |= environment(local_hub.endpoint, local_hub.token)

    def hf(*words: str) -> str:
        done = subprocess.run(
            [Path(sys.executable).parent / "hf", *words], env=variables, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub/text.txt").write_text("some text\n")
    (folder / "weights.bin").write_bytes(bytes(range(256)) * 100)

    hf("repos", "create", "r")
    hf("upload", "spacehub/r", str(folder), "--create-pr", "--commit-message", "Add files")
    assert "Add files" in hf("discussions", "list", "spacehub/r")
    assert "+some text" in hf("discussions", "diff", "spacehub/r", "1")
    hf("discussions", "merge", "spacehub/r", "1", "--yes")
    hf("repos", "tag", "create", "spacehub/r", "v1", "-m", "first")
    hf("repos", "delete-files", "spacehub/r", "sub/*")
    hf("download", "spacehub/r", "--revision", "v1", "--local-dir", str(tmp_path / "got"))
    for path in ("sub/text.txt", "weights.bin"):
        assert (tmp_path / "got" / path).read_bytes() == (folder / path).read_bytes()
    assert api.list_repo_files("spacehub/r") == [".gitattributes", "weights.bin"]
    hf("repos", "delete", "spacehub/r", "--yes")
    assert not api.repo_exists("spacehub/r")
