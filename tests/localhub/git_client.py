"""The real git, with a home of its own."""

import os
import subprocess
from pathlib import Path


class Git:
    """git in a work tree; call it with a command's words."""

    def __init__(self, folder: Path, *, make: bool = False):
        self.folder = folder
        if make:
            folder.mkdir()
        home = folder.parent
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_AUTHOR_NAME": "Ann",
            "GIT_AUTHOR_EMAIL": "ann@example.org",
            "GIT_COMMITTER_NAME": "Ann",
            "GIT_COMMITTER_EMAIL": "ann@example.org",
            "NO_PROXY": "127.0.0.1,localhost",
            "HF_HOME": str(home / "hf"),
            "HF_HUB_DISABLE_UPDATE_CHECK": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
        }

    @classmethod
    def clone(cls, endpoint: str, repo: str, folder: Path, *options: str, token: str | None = None) -> "Git":
        """A clone; with a token its remote keeps it."""
        git = cls(folder)
        url = endpoint.replace("://", f"://user:{token}@") if token else endpoint
        git._run("clone", "--quiet", *options, f"{url}/{repo}", str(folder), at=folder.parent)
        return git

    def __call__(self, *words: str, data: bytes | None = None) -> str:
        """What the command prints; it must succeed."""
        done = self._run(*words, data=data)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().strip()

    def succeeds(self, *words: str) -> bool:
        """Whether the command does."""
        return self._run(*words).returncode == 0

    def says(self, *words: str) -> str:
        """Return the command's output; it must succeed."""
        done = self._run(*words)
        assert done.returncode == 0, done.stderr.decode()
        return done.stderr.decode()

    def fails(self, *words: str) -> str:
        """What a command that must fail says."""
        done = self._run(*words)
        assert done.returncode != 0, done.stdout
        return done.stderr.decode(errors="replace")

    def commit(self, files: dict[str, str]) -> None:
        """Write files and commit all there is."""
        for path, text in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(text)
        self("add", "--all")
        self("commit", "--quiet", "--allow-empty", "-m", "a commit")

    def _run(self, *words: str, data: bytes | None = None, at: Path | None = None):
        return subprocess.run(
            ["git", *words], cwd=at or self.folder, env=self._environment, input=data, capture_output=True
        )
