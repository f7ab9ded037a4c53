"""Webhooks are delivered: to loopback alone, signed, in order, tried again; payloads are what huggingface_hub parses."""

import http.server
import json
import shutil
import threading

import pytest
from huggingface_hub import CommitOperationAdd, HfApi, WebhookPayload

from localhub import LocalHub
from localhub.web import delivery

from .git_client import Git
from .hubs import ALICE_WRITES, BOB_WRITES, PEOPLE


class Receiver:
    """A server that keeps what it is sent, and answers with `statuses` first, then 200."""

    def __init__(self):
        self.got, self.secrets, self.statuses = [], [], []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.got.append(body)
                outer.secrets.append(self.headers["X-Webhook-Secret"])
                self.send_response(outer.statuses.pop(0) if outer.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?x=1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def events(self):
        """Scope and action of all that came, which is forgotten then."""
        got, self.got = self.got, []
        return [f"{item['event']['scope']} {item['event']['action']}" for item in got]


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def hub():
    with LocalHub() as hub:
        yield hub


@pytest.fixture
def api(hub):
    return HfApi(endpoint=hub.endpoint, token=hub.token)


def watch(api, receiver, *watched, **more):
    watched = [dict(zip(("type", "name"), item, strict=True)) for item in watched]
    return api.create_webhook(url=receiver.url, watched=watched, **more)


def test_a_repo_from_its_making_to_its_end(hub, api, receiver):
    watch(api, receiver, ("user", "me"), secret="s3cret", domains=["repo", "discussion"])
    steps = [
        (lambda: api.create_repo("me/m"), ["repo create"]),
        (lambda: api.upload_file(path_or_fileobj=b"1", path_in_repo="a", repo_id="me/m"), ["repo.content update"]),
        (lambda: api.create_branch("me/m", branch="side"), ["repo.content update"]),
        (lambda: api.create_tag("me/m", tag="v1", tag_message="first"), ["repo.content update"]),
        (lambda: api.delete_tag("me/m", tag="v1"), ["repo.content update"]),
        (lambda: api.super_squash_history("me/m"), ["repo.content update"]),
        (lambda: api.update_repo_settings("me/m", visibility="private"), ["repo.config update"]),
        (lambda: api.create_discussion("me/m", "Hello", description="there"), ["discussion create"]),
        (lambda: api.comment_discussion("me/m", 1, "indeed"), ["discussion.comment create"]),
        (lambda: api.rename_discussion("me/m", 1, "Good day"), ["discussion update"]),
        (
            lambda: api.change_discussion_status("me/m", 1, "closed", comment="done"),
            ["discussion update", "discussion.comment create"],
        ),
        (
            lambda: api.create_commit(
                "me/m", [CommitOperationAdd("b", b"2")], commit_message="Change it", create_pr=True
            ),
            ["repo.content update", "discussion create"],
        ),
        (lambda: api.merge_pull_request("me/m", 2), ["repo.content update", "discussion update"]),
        (lambda: api.move_repo("me/m", "me/n"), ["repo move"]),
        (lambda: api.delete_repo("me/n"), ["repo delete"]),
    ]  # fmt: skip
    for step, events in steps:
        step()
        assert hub.wait_for_webhooks()
        for item in receiver.got:
            WebhookPayload.model_validate(item)
        assert receiver.events() == events
    assert set(receiver.secrets) == {"s3cret"}


def test_payloads(hub, api, receiver):
    api.create_repo("me/m", private=True)
    webhook = watch(api, receiver, ("model", "me/m"))
    first = api.model_info("me/m").sha
    commit = api.upload_file(path_or_fileobj=b"1", path_in_repo="a", repo_id="me/m").oid
    api.create_branch("me/m", branch="side", revision=first)
    api.delete_branch("me/m", branch="side")
    made = api.create_pull_request("me/m", "A change", description="like this")
    hub.wait_for_webhooks()
    content, branched, gone, _, opened = receiver.got
    web, endpoint = f"{hub.endpoint}/me/m", f"{hub.endpoint}/api/models/me/m"
    assert content == {
        "event": {"action": "update", "scope": "repo.content"},
        "repo": {
            "type": "model",
            "name": "me/m",
            "id": content["repo"]["id"],
            "private": True,
            "url": {"web": web, "api": endpoint},
            "owner": {"id": "me"},
            "headSha": commit,
        },
        "updatedRefs": [{"ref": "refs/heads/main", "oldSha": first, "newSha": commit}],
        "webhook": {"id": webhook.id, "version": 3},
    }
    assert branched["updatedRefs"] == [{"ref": "refs/heads/side", "oldSha": None, "newSha": first}]
    assert gone["updatedRefs"] == [{"ref": "refs/heads/side", "oldSha": first, "newSha": None}]
    assert "headSha" not in opened["repo"]
    discussion = opened["discussion"]
    assert discussion["url"] == {"web": f"{web}/discussions/1", "api": f"{endpoint}/discussions/1"}
    assert (discussion["num"], discussion["isPullRequest"], discussion["status"]) == (made.num, True, "draft")
    assert discussion["changes"] == {"base": "refs/heads/main"}
    assert opened["comment"]["content"] == "like this"


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_a_push_is_one_event(hub, api, receiver, tmp_path):
    api.create_repo("me/m")
    watch(api, receiver, ("model", "me/m"))
    git = Git.clone(hub.endpoint, "me/m", tmp_path / "work", token=hub.token)
    before = git("rev-parse", "HEAD")
    git.commit({"a": "b"})
    git("push", "origin", "HEAD:main", "HEAD:refs/tags/v1")
    hub.wait_for_webhooks()
    assert receiver.got[0]["updatedRefs"] == [
        {"ref": "refs/heads/main", "oldSha": before, "newSha": git("rev-parse", "HEAD")},
        {"ref": "refs/tags/v1", "oldSha": None, "newSha": git("rev-parse", "HEAD")},
    ]
    assert receiver.events() == ["repo.content update"]
    git.commit({"README.md": "---\nlicense: 3\n---\n"})
    git.fails("push", "origin", "HEAD:main")
    hub.wait_for_webhooks()
    assert receiver.events() == []


def test_who_watches_what(hub, api, receiver):
    api.create_repo("me/m")
    api.create_repo("me/d", repo_type="dataset")
    watch(api, receiver, ("dataset", "me/d"), domains=["discussion"])
    disabled = watch(api, receiver, ("model", "me/m"))
    api.disable_webhook(disabled.id)
    api.upload_file(path_or_fileobj=b"1", path_in_repo="a", repo_id="me/d", repo_type="dataset")
    api.create_discussion("me/m", "Of the model")
    api.create_discussion("me/d", "Of the dataset", repo_type="dataset")
    hub.wait_for_webhooks()
    assert [item["discussion"]["title"] for item in receiver.got] == ["Of the dataset"]


def test_what_is_private_stays_so(receiver):
    with LocalHub(accounts=PEOPLE) as hub:
        alice, bob = (HfApi(endpoint=hub.endpoint, token=token) for token in (ALICE_WRITES, BOB_WRITES))
        watch(bob, receiver, ("user", "alice"))
        alice.create_repo("alice/secret", private=True)
        alice.create_repo("alice/open", private=False)
        hub.wait_for_webhooks()
        assert [item["repo"]["name"] for item in receiver.got] == ["alice/open"]


def test_order_and_another_try(hub, api, receiver, monkeypatch):
    monkeypatch.setattr(delivery, "PAUSES", (0.01, 0.01))
    api.create_repo("me/m")
    webhook = watch(api, receiver, ("model", "me/m"))
    receiver.statuses = [500, 429, 200, 404, 503, 503, 503]
    for number in range(5):
        api.create_tag("me/m", tag=f"v{number}")
    hub.wait_for_webhooks()
    tags = [item["updatedRefs"][0]["ref"][-2:] for item in receiver.got]
    assert tags == ["v0"] * 3 + ["v1"] + ["v2"] * 3 + ["v3", "v4"]
    headers = {"Authorization": f"Bearer {hub.token}"}
    import httpx2

    with httpx2.Client(base_url=hub.endpoint, headers=headers, trust_env=False, timeout=60) as client:
        log = client.get(f"/api/settings/webhooks/{webhook.id}/activity").json()
        assert client.get("/api/settings/webhooks/none/activity").status_code == 404
    assert [item["status"] for item in log] == ["delivered", "failed", "failed", "delivered", "delivered"]
    assert [attempt["status"] for attempt in log[0]["attempts"]] == [500, 429, 200]
    assert log[0]["payload"] == receiver.got[0]


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("http://127.0.0.1:1/", True),
        ("http://localhost:1/", True),
        ("http://[::1]:1/", True),
        ("https://127.9.9.9/x", True),
        ("http://10.0.0.1/", False),
        ("http://127.0.0.1.example.org/", False),
        ("http://localhost.example.org/", False),
        ("http://example.org@127.0.0.1/", True),
        ("http://127.0.0.1@example.org/", False),
        ("http://[::1/", False),
        ("http://2130706433/", False),
    ],
)
def test_only_this_machine(url, sent):
    assert delivery.is_loopback_url(url) == sent


def test_nothing_is_sent_elsewhere(hub, api):
    api.create_repo("me/m")
    watched = [{"type": "model", "name": "me/m"}]
    webhook = api.create_webhook(url="http://198.51.100.1/", watched=watched)
    api.create_tag("me/m", tag="v1")
    assert hub.wait_for_webhooks(0)
    log = hub._deliveries.log(webhook.id)
    assert [item["attempts"] for item in log] == [[]]
    assert log[0]["status"].startswith("not sent")
