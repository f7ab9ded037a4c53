"""Every address that the client can call is served, or answered with 501 and a sentence: never 404 in HTML, never 500.

The addresses are read off the client's source, so a new release that calls a new one is noticed here.
"""

import inspect
import re

import httpx2
import huggingface_hub.hf_api
import pytest

from localhub import LocalHub

# f-strings of addresses below the endpoint, with the line that says the method not far above or below.
_ADDRESS = re.compile(r'f"\{self\.endpoint\}(/(?:api|oauth)/[^"]*)"')

_VALUES = {
    "repo_type": "model",
    "repo_id": "spacehub/there",
    "src_repo_type": "model",
    "src_repo_id": "spacehub/there",
    "api_prefix": "models",
    "from_id": "spacehub/there",
    "user": "spacehub",
    "username": "spacehub",
    "organization": "moon",
    "namespace": "spacehub",
    "revision": "main",
    "branch": "b",
    "tag": "t",
    "status": "pending",
    "discussion_num": "1",
    "resource": "comment",
    "collection_slug": "spacehub/none-0123456789abcdef01234567",
}


def addresses() -> list[str]:
    source = inspect.getsource(huggingface_hub.hf_api)
    found = {re.sub(r"\{quote\((\w+)[^}]*\)\}", r"{\1}", text) for text in _ADDRESS.findall(source)}
    return sorted(re.sub(r"\{(\w+)[^}]*\}", lambda name: _VALUES.get(name[1], "x"), text) for text in found)


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    """A Hub with one repo, and a client with its token."""
    with LocalHub(tmp_path_factory.mktemp("endpoints") / "hub") as hub:
        headers = {"Authorization": f"Bearer {hub.token}"}
        with httpx2.Client(base_url=hub.endpoint, headers=headers, trust_env=False, timeout=60) as client:
            yield client


def test_the_clients_addresses_are_found():
    assert len(addresses()) > 80
    assert "/api/models/spacehub/there/paths-info/main" in addresses()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_every_address_is_answered(hub, method):
    hub.post("/api/repos/create", json={"name": "there"}).raise_for_status()
    faults = {}
    for path in addresses():
        answer = hub.request(method, path, json={} if method != "GET" else None)
        if fault := _fault(answer):
            faults[path] = fault
    assert faults == {}
    hub.request("DELETE", "/api/repos/delete", json={"name": "there"})


def _fault(answer) -> str | None:
    status = answer.status_code
    if status < 400:
        return None
    if status == 405 or (status >= 500 and status != 501):
        return f"{status}: {answer.text}"
    said = answer.json() if answer.headers["content-type"].startswith("application/json") else {}
    sentence = said.get("error") or said.get("errors")
    if not sentence or (status == 501 and not sentence.startswith("The embedded Hub ")):
        return f"{status} without a sentence: {answer.text}"
    return None
