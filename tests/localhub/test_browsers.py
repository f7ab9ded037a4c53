"""A web page elsewhere can neither change a Hub nor read it under another name; addresses that were signed expire."""

import httpx2
import pytest
from huggingface_hub import HfApi

from localhub import LocalHub, LocalHubError

from .hubs import PEOPLE


@pytest.fixture(scope="module")
def local_hub():
    with LocalHub() as hub:
        yield hub


def own(hub):
    return hub.endpoint.removeprefix("http://")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (None, 200),
        ("localhost:7870", 200),
        ("datasets-server.localhost:7870", 200),
        ("[::1]:7870", 200),
        ("127.0.0.2", 200),
        ("evil.example", 403),
        ("127.0.0.1.evil.example:7870", 403),
        ("localhost.evil.example", 403),
        ("10.0.0.1", 403),
        ("[::2", 403),
        ("a b", 403),
    ],
)
def test_only_names_of_this_machine_lead_to_it(local_hub, host, status):
    headers = {"Host": host} if host else {}
    answer = httpx2.get(f"{local_hub.endpoint}/api/models", headers=headers, trust_env=False)
    assert answer.status_code == status
    assert answer.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://{own}"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
    ],
)
def test_a_page_elsewhere_changes_nothing(local_hub, wire, headers, status):
    headers = {key: value.format(own=own(local_hub)) for key, value in headers.items()}
    body = {"name": "made"}
    wire.request("DELETE", "/api/repos/delete", json=body)
    answer = wire.post("/api/repos/create", json=body, headers=headers)
    assert answer.status_code == status
    assert wire.get("/api/models/spacehub/made").status_code == (200 if status == 200 else 404)
    assert (
        wire.get("/api/models", headers=headers).status_code == 200
    )  # reading it is for the browser to refuse


@pytest.mark.parametrize(
    "path", ["/", "/api/models", "/healthz", "/openapi.json", "/api/models/spacehub/none"]
)
def test_no_answer_lets_another_origin_read_it(wire, path):
    for method in ("GET", "OPTIONS"):
        answer = wire.request(
            method, path, headers={"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
        )
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize(
    ("origin", "path", "readable"),
    [
        ("http://127.0.0.1:7999", "/spacehub/open/resolve/main/a.txt", True),
        ("http://localhost:7999", "/datasets/spacehub/none/resolve/main/a.txt", True),
        ("http://evil.example", "/spacehub/open/resolve/main/a.txt", False),
        ("http://127.0.0.1.evil.example", "/spacehub/open/resolve/main/a.txt", False),
        ("null", "/spacehub/open/resolve/main/a.txt", False),
        ("http://127.0.0.1:7999", "/api/models/spacehub/open", False),
    ],
)
def test_a_page_of_this_machine_reads_files_and_no_other_page_does(local_hub, wire, origin, path, readable):
    api = HfApi(endpoint=local_hub.endpoint, token=local_hub.token)
    api.create_repo("open", exist_ok=True)
    api.upload_file(path_or_fileobj=b"seen", path_in_repo="a.txt", repo_id="spacehub/open")
    for method in "GET", "HEAD":
        answer = wire.request(method, path, headers={"Origin": origin})
        assert answer.headers.get("access-control-allow-origin") == (origin if readable else None)
        assert "access-control-allow-credentials" not in answer.headers
    assert "access-control-allow-origin" not in wire.options(path, headers={"Origin": origin}).headers


def test_other_machines_only_with_accounts():
    with pytest.raises(LocalHubError, match="has no accounts"), LocalHub(host="0.0.0.0"):
        pass
    with LocalHub(host="0.0.0.0", accounts=PEOPLE) as hub:
        port = hub.endpoint.rsplit(":", 1)[1]
        answer = httpx2.get(
            f"http://127.0.0.1:{port}/api/models", headers={"Host": "hub.example:80"}, trust_env=False
        )
        assert answer.status_code == 200
