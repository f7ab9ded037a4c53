"""Fetch one commit, without its history, by git itself."""

import base64
import os
import shutil
import subprocess

from spacehub.localhub.git.gitrepo import MAIN
from spacehub.localhub.storage.repo import Repo

_SETTINGS = ("safe.directory=*", "gc.auto=0", "protocol.ext.allow=never", "core.hooksPath=/dev/null")


def fetch_commit(repo: Repo, address: str, ref: str, *, token: str | None = None) -> bool:
    """Have the branch main be the commit that a ref elsewhere names; False if git is missing or cannot fetch it.

    Parameters
    ----------
    repo : Repo
        One without commits.
    address : str
        ``http://``, ``https://`` or ``file://``.
    ref : str
        A ref there.
    token : str, optional
        Token of the Hub there. It is handed to git in its environment, where other users cannot see it.
    """
    git = shutil.which("git")
    if git is None:
        return False
    folder = repo.folder / "git"
    command = [git, *(part for setting in _SETTINGS for part in ("-c", setting)), f"--git-dir={folder}"]
    command += ["fetch", "--quiet", "--no-tags", "--depth=1", "--", address, f"{ref}:refs/heads/{MAIN}"]
    done = subprocess.run(command, env=_environment(token), stdin=subprocess.DEVNULL, capture_output=True)
    for name in ("FETCH_HEAD", f"refs/heads/{MAIN}") if done.returncode else ("FETCH_HEAD",):
        (folder / name).unlink(missing_ok=True)
    return done.returncode == 0


def _environment(token: str | None) -> dict[str, str]:
    """Ours, without what would have git ask a person or heed that person's settings."""
    settings = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"}
    if token:
        basic = base64.b64encode(f"token:{token}".encode()).decode()
        settings |= {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "http.extraHeader",
            "GIT_CONFIG_VALUE_0": f"Authorization: Basic {basic}",
        }
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | settings
