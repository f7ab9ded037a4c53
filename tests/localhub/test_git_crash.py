"""Kill the server at random moments under pushes: every acknowledged push exists, and git finds no fault."""

import random
import shutil
import threading

import pytest
from huggingface_hub import HfApi

from tests.doses import dose

from .git_client import Git
from .hubs import check_repos

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


def push_until_it_dies(
    git: Git, endpoint: str, token: str, answered: list[str], pushes: threading.Semaphore
) -> None:
    url = endpoint.replace("://", f"://user:{token}@")
    while True:
        git.commit({f"{len(answered)}.txt": "x" * random.randrange(1000)})
        if not git.succeeds("push", f"{url}/spacehub/r", "HEAD:main"):
            return
        answered.append(git("rev-parse", "HEAD"))
        pushes.release()


def test_kill_at_any_moment(hub_process, tmp_path):
    hub = hub_process(tmp_path / "hub")
    HfApi(endpoint=hub.endpoint, token=hub.token).create_repo("r")
    git = Git.clone(hub.endpoint, "spacehub/r", tmp_path / "work", token=hub.token)
    git.commit({"first.txt": ""})
    git("push", "origin", "main")
    answered = [git("rev-parse", "HEAD")]
    chance = random.Random(20261122)
    for _ in range(dose(2, 60)):
        pushes = threading.Semaphore(0)
        worker = threading.Thread(
            target=push_until_it_dies, args=(git, hub.endpoint, hub.token, answered, pushes)
        )
        worker.start()
        for _ in range(chance.randrange(1, 8)):
            assert pushes.acquire(timeout=60)
        threading.Event().wait(chance.uniform(0, 0.3))
        hub.kill()
        worker.join()
        hub = hub_process(tmp_path / "hub")
        there = Git.clone(hub.endpoint, "spacehub/r", tmp_path / "there", "--bare")
        history = set(there("rev-list", "main").split())
        assert set(answered) <= history
        shutil.rmtree(there.folder)
        check_repos(tmp_path / "hub")
