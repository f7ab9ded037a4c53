"""Fetch one commit, without its history, using git itself."""

import base64
import os
import shutil
import subprocess

from localhub.git.gitrepo import MAIN
from localhub.storage.repo import Repo

_SETTINGS = ("safe.directory=*", "gc.auto=0", "protocol.ext.allow=never", "core.hooksPath=/dev/null")


def fetch_commit(repo: Repo, address: str, ref: str, *, token: str | None = None) -> bool:
    """Point the branch main at the commit of a remote ref; return False if git is missing or cannot fetch it.

    Parameters
    ----------
    repo : Repo
        A repo without commits.
    address : str
        ``http://``, ``https://`` or ``file://``.
    ref : str
        A ref of the remote.
    token : str, optional
        Token for the remote Hub. git gets it through its environment, where other users cannot see it.
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
    """Return this process's environment, without anything that makes git prompt or use personal settings."""
    settings = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"}
    if token:
        basic = base64.b64encode(f"token:{token}".encode()).decode()
        settings |= {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "http.extraHeader",
            "GIT_CONFIG_VALUE_0": f"Authorization: Basic {basic}",
        }
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | settings
