"""Fixtures for the embedded Hub: a Hub, the real client on it, and a bare HTTP client to look at the wire."""

from pathlib import Path

import httpx2
import pytest

from .hubs import ALICE_READS, ALICE_WRITES, BOB_WRITES, CAROL_WRITES, PEOPLE, HubProcess


@pytest.fixture(autouse=True)
def own_caches(tmp_path, monkeypatch):
    """Let nothing come from, or go to, the caches of whoever runs the tests."""
    import huggingface_hub.constants as constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "AGENT_HARNESSES_PATH", str(tmp_path / "harnesses.json"))
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))


@pytest.fixture
def xet(monkeypatch):
    """The client in this process uploads through Xet, and through nothing else."""
    from huggingface_hub import _commit_api, constants

    def fail(**_):
        raise AssertionError("not through Xet")

    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", False)
    monkeypatch.setattr(_commit_api, "_upload_lfs_files", fail)


@pytest.fixture
def api(local_hub):
    from huggingface_hub import HfApi

    return HfApi(endpoint=local_hub.endpoint, token=local_hub.token)


@pytest.fixture
def wire(local_hub):
    """An HTTP client with the Hub's write token."""
    headers = {"Authorization": f"Bearer {local_hub.token}"}
    with httpx2.Client(base_url=local_hub.endpoint, headers=headers, trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture
def hub(tmp_path):
    """A Hub on a folder that can be looked into: ``tmp_path / "root"``."""
    from localhub import LocalHub

    with LocalHub(tmp_path / "root") as hub:
        yield hub


@pytest.fixture
def client(hub):
    """An HTTP client with that Hub's write token, and a repo ``spacehub/r`` there."""
    headers = {"Authorization": f"Bearer {hub.token}"}
    with httpx2.Client(base_url=hub.endpoint, headers=headers, trust_env=False, timeout=60) as client:
        client.post("/api/repos/create", json={"name": "r"}).raise_for_status()
        yield client


@pytest.fixture(scope="module")
def people():
    """A Hub with the accounts above, and a client for each token (None for nobody)."""
    from localhub import LocalHub

    with LocalHub(accounts=PEOPLE) as hub:
        clients = {}
        for token in (None, ALICE_WRITES, ALICE_READS, BOB_WRITES, CAROL_WRITES):
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            clients[token] = httpx2.Client(
                base_url=hub.endpoint, headers=headers, trust_env=False, timeout=60
            )
        yield clients
        for client in clients.values():
            client.close()


@pytest.fixture
def hub_process(tmp_path):
    """Start Hubs on a folder; all are gone at the end."""
    started = []

    def start(root: Path = tmp_path / "hub", *options: str) -> HubProcess:
        started.append(HubProcess(root, *options))
        return started[-1]

    yield start
    for hub in started:
        hub.kill()
