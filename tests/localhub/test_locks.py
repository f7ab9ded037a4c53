"""The lock of a repo holds between threads and processes, and outlives the one who took it in a program it started."""

import subprocess
import sys
import threading

import pytest

from localhub import LocalHub
from localhub.errors import HubError
from localhub.ids import RepoId, RepoType
from localhub.maintenance.hub_folder import open_hub
from localhub.storage.locks import RepoLock

HOLD = """
import sys
from pathlib import Path
from localhub.storage.locks import RepoLock
with RepoLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "repo").mkdir()
    return tmp_path / "repo"


def taken(folder) -> threading.Event:
    """Set once another thread has had the lock."""
    had = threading.Event()

    def take():
        with RepoLock(folder):
            had.set()

    threading.Thread(target=take, daemon=True).start()
    return had


def test_it_holds_between_processes(folder):
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout.readline() == "held\n"
    had = taken(folder)
    assert not had.wait(0.2)
    other.kill()
    assert had.wait(10)
    other.communicate()


def test_a_thread_may_take_it_again(folder):
    lock = RepoLock(folder)
    with lock:
        with lock:
            pass
        had = taken(folder)
        assert not had.wait(0.1)
    assert had.wait(10)
    assert lock.descriptors == ()


def test_a_program_that_inherits_it_keeps_it(folder):
    with RepoLock(folder) as lock:
        program = subprocess.Popen(["cat"], stdin=subprocess.PIPE, pass_fds=lock.descriptors)
    had = taken(folder)
    assert not had.wait(0.2)
    program.communicate()
    assert had.wait(10)


def test_waiting_for_a_deleted_repo_fails(folder):
    outcomes = []

    def take():
        try:
            with RepoLock(folder):
                outcomes.append("taken")
        except HubError as error:
            outcomes.append(error.status)

    with RepoLock(folder):
        waiting = threading.Thread(target=take)
        waiting.start()
        waiting.join(0.1)
        folder.rename(folder.with_name("gone"))
    waiting.join(10)
    assert outcomes == [404]


def test_maintenance_works_next_to_a_server_and_keeps_one_out(tmp_path):
    from localhub import LocalHubError

    root = tmp_path / "hub"
    with LocalHub(root), open_hub(root) as store:
        assert not store.alone
        (root / "incoming" / "upload").touch()
    assert (root / "incoming" / "upload").exists()  # not ours to remove
    with open_hub(root) as store:
        assert store.alone
        assert not store.exists(RepoId(RepoType.MODEL, "a", "b"))
        with pytest.raises(LocalHubError, match="maintenance command"), LocalHub(root):
            pass
