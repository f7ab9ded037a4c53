"""Who may read and write what, and what is wrong with an accounts file."""

import hashlib
import json

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from localhub import LocalHub
from localhub.accounts import Accounts, read_accounts
from localhub.errors import HubError, LocalHubError
from localhub.ids import RepoId, RepoType

from .hubs import ALICE_READS, ALICE_WRITES, BOB_WRITES, CAROL_WRITES, ndjson

NOBODY = None
MODEL, DATASET = RepoType.MODEL, RepoType.DATASET


@pytest.fixture(scope="module")
def repos(people):
    """A public and a private repo of alice's, and the same of the org."""
    for token, namespace in ((ALICE_WRITES, "alice"), (BOB_WRITES, "moon")):
        for name, private in (("open", False), ("secret", True)):
            body = {"name": name, "organization": namespace, "private": private}
            assert people[token].post("/api/repos/create", json=body).status_code == 200
            commit = ndjson(("file", {"path": "a.txt", "content": "aGk=", "encoding": "base64"}))
            assert (
                people[token].post(f"/api/models/{namespace}/{name}/commit/main", content=commit).status_code
                == 200
            )
    return people


# token, repo, status of reading, status of writing
RIGHTS = [
    (NOBODY, "alice/open", 200, 401),
    (NOBODY, "alice/secret", 404, 404),
    (NOBODY, "moon/open", 200, 401),
    (NOBODY, "moon/secret", 404, 404),
    (ALICE_WRITES, "alice/open", 200, 200),
    (ALICE_WRITES, "alice/secret", 200, 200),
    (ALICE_WRITES, "moon/open", 200, 403),
    (ALICE_WRITES, "moon/secret", 200, 403),
    (ALICE_READS, "alice/open", 200, 403),
    (ALICE_READS, "alice/secret", 200, 403),
    (BOB_WRITES, "alice/open", 200, 403),
    (BOB_WRITES, "alice/secret", 404, 404),
    (BOB_WRITES, "moon/open", 200, 200),
    (BOB_WRITES, "moon/secret", 200, 200),
    (CAROL_WRITES, "alice/secret", 404, 404),
    (CAROL_WRITES, "moon/open", 200, 403),
    (CAROL_WRITES, "moon/secret", 404, 404),
]


@pytest.mark.parametrize(("token", "repo", "reading", "writing"), RIGHTS)
def test_rights(repos, token, repo, reading, writing):
    client = repos[token]
    reads = [
        ("GET", f"/api/models/{repo}"),
        ("GET", f"/api/models/{repo}/tree/main"),
        ("GET", f"/api/models/{repo}/refs"),
        ("GET", f"/api/models/{repo}/commits/main"),
        ("POST", f"/api/models/{repo}/paths-info/main"),
        ("GET", f"/{repo}/resolve/main/a.txt"),
        ("GET", f"/{repo}/raw/main/a.txt"),
        ("GET", f"/api/models/{repo}/auth-check"),
    ]
    writes = [
        ("GET", f"/api/models/{repo}/auth-check/write", {}),
        ("POST", f"/api/models/{repo}/preupload/main", {"json": {"files": []}}),
        (
            "POST",
            f"/{repo}.git/info/lfs/objects/batch",
            {"json": {"operation": "upload", "objects": [], "ref": {"name": "main"}}},
        ),
        ("POST", f"/api/models/{repo}/commit/main", {"content": ndjson()}),
        ("POST", f"/api/models/{repo}/branch/b", {"json": {}}),
        ("DELETE", f"/api/models/{repo}/branch/b", {}),
        ("POST", f"/api/models/{repo}/tag/main", {"json": {"tag": "t"}}),
        ("DELETE", f"/api/models/{repo}/tag/t", {}),
        ("PUT", f"/api/models/{repo}/settings", {"json": {}}),
    ]
    assert {path: client.request(method, path).status_code for method, path in reads} == {
        path: reading for _, path in reads
    }
    got = {(method, path): client.request(method, path, **more).status_code for method, path, more in writes}
    expected = {(method, path): writing for method, path, _ in writes}
    if token is NOBODY:  # git asks for a token only if it is asked to, whether or not there is a repo
        expected["POST", f"/{repo}.git/info/lfs/objects/batch"] = 401
    assert got == expected
    hidden = client.get(f"/api/models/{repo}")
    assert (hidden.headers.get("X-Error-Code") == "RepoNotFound") == (reading == 404)
    listed = [item["id"] for item in client.get("/api/models").json()]
    assert (repo in listed) == (reading == 200)


@pytest.mark.parametrize(
    ("token", "status"),
    [(NOBODY, 401), (ALICE_READS, 403), (BOB_WRITES, 403), (ALICE_WRITES, 200), (ALICE_WRITES, 404)],
)
def test_deleting(people, token, status):
    body = {"name": "doomed", "organization": "alice"}
    if status != 404:
        assert people[ALICE_WRITES].post("/api/repos/create", json=body).status_code in (200, 409)
    assert people[token].request("DELETE", "/api/repos/delete", json=body).status_code == status


@pytest.mark.parametrize(
    ("token", "namespace", "status"),
    [
        (NOBODY, "alice", 401),
        (ALICE_WRITES, "alice", 200),
        (ALICE_READS, "alice", 403),
        (ALICE_WRITES, "bob", 403),
        (ALICE_WRITES, "moon", 403),
        (BOB_WRITES, "moon", 200),
        (CAROL_WRITES, "moon", 403),
        (CAROL_WRITES, "nobodys", 403),
    ],
)
def test_creating(people, token, namespace, status):
    answer = people[token].post("/api/repos/create", json={"name": "made", "organization": namespace})
    assert answer.status_code == status


def test_default_visibility(people):
    people[ALICE_WRITES].post("/api/repos/create", json={"name": "x"})
    people[BOB_WRITES].post("/api/repos/create", json={"name": "x"})
    people[BOB_WRITES].post("/api/repos/create", json={"name": "y", "visibility": "public"})
    assert not people[ALICE_WRITES].get("/api/models/alice/x").json()["private"]
    assert people[BOB_WRITES].get("/api/models/bob/x").json()["private"]
    assert not people[BOB_WRITES].get("/api/models/bob/y").json()["private"]


@pytest.mark.parametrize("header", ["Bearer hf_wrong", "Bearer", "Basic YWxpY2U6eA==", "hf_alice_writes"])
@pytest.mark.parametrize("path", ["/api/whoami-v2", "/api/models", "/alice/x/resolve/main/a"])
def test_a_wrong_token_is_refused_everywhere(people, path, header):
    answer = people[NOBODY].get(path, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["X-Error-Message"] == "Invalid credentials in Authorization header"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_whoami(people):
    answer = people[ALICE_READS].get("/api/whoami-v2").json()
    assert (answer["name"], answer["email"]) == ("alice", "alice@example.org")
    assert answer["auth"]["accessToken"] == {"displayName": "reader", "role": "read"}
    assert [(org["name"], org["roleInOrg"]) for org in answer["orgs"]] == [("moon", "read")]
    assert people[NOBODY].get("/api/whoami-v2").status_code == 401


def test_overviews(people):
    assert people[NOBODY].get("/api/users/alice/overview").json()["user"] == "alice"
    members = people[NOBODY].get("/api/organizations/moon/members").json()
    assert [member["user"] for member in members] == ["alice", "bob"]
    assert people[NOBODY].get("/api/users/nobody/overview").status_code == 404
    assert people[NOBODY].get("/api/organizations/none/overview").status_code == 404


def test_a_moved_private_repo_stays_hidden(repos):
    made = {"name": "hidden", "private": True}
    assert repos[ALICE_WRITES].post("/api/repos/create", json=made).status_code == 200
    body = {"fromRepo": "alice/hidden", "toRepo": "alice/renamed"}
    assert repos[ALICE_WRITES].post("/api/repos/move", json=body).status_code == 200
    assert repos[ALICE_WRITES].get("/api/models/alice/hidden").status_code == 307
    answer = repos[BOB_WRITES].get("/api/models/alice/hidden")
    assert answer.status_code == 404
    assert "location" not in answer.headers


def test_tokens_are_not_kept_as_text():
    accounts = Accounts([{"name": "a", "tokens": [{"token": "hf_secret_text"}]}])
    assert "hf_secret_text" not in repr(vars(accounts))
    assert accounts.caller("Bearer hf_secret_text").account.name == "a"


def test_a_token_may_be_given_by_its_hash():
    digest = hashlib.sha256(b"hf_secret_text").hexdigest()
    entries = [{"name": "a", "tokens": [{"sha256": digest, "role": "read"}]}]
    caller = Accounts(entries).caller("Bearer hf_secret_text")
    assert (caller.account.name, caller.token_role) == ("a", "read")
    with pytest.raises(HubError):
        Accounts(entries).caller(f"Bearer {digest}")


def test_a_token_may_be_good_for_some_namespaces_alone():
    orgs = [{"name": "moon", "role": "write"}, {"name": "mars", "role": "write"}]
    entries = [{"name": "a", "tokens": [token(namespaces=["moon"])], "orgs": orgs}]
    caller = Accounts(entries).caller("Bearer hf_12345678")
    rights = {
        name: (caller.may_read(name, True), caller.may_write(name)) for name in ("a", "moon", "mars", "x")
    }
    assert rights == {"a": (False,) * 2, "moon": (True,) * 2, "mars": (False,) * 2, "x": (False,) * 2}
    assert caller.may_read("mars", private=False)


def test_a_token_may_be_good_for_some_repos_alone():
    entries = [{"name": "a", "tokens": [token(repos=["a/m", "datasets/a/d"])]}]
    caller = Accounts(entries).caller("Bearer hf_12345678")
    rights = {}
    for kind, name in ((MODEL, "m"), (MODEL, "d"), (DATASET, "d"), (DATASET, "m")):
        id = RepoId(kind, "a", name)
        rights[f"{kind.plural}/{name}"] = (caller.may_read(id, True), caller.may_write(id))
    assert [name for name, both in rights.items() if both == (True, True)] == ["models/m", "datasets/d"]
    assert [name for name, both in rights.items() if both == (False, False)] == ["models/d", "datasets/m"]
    assert not caller.may_write("a")  # no new repos, no collections


def test_fine_grained_tokens_on_the_wire():
    tokens = [
        token(token="hf_all_of_it"),
        token(token="hf_one_repo", name="ci", repos=["a/mine", "spaces/a/app"]),
        token(token="hf_org_only", namespaces=["moon"]),
        token(token="hf_reads_one", role="read", repos=["a/mine"]),
    ]
    orgs = [{"name": "moon", "role": "write"}]
    with LocalHub(accounts=[{"name": "a", "tokens": tokens, "orgs": orgs}]) as hub:
        apis = {item["token"]: HfApi(endpoint=hub.endpoint, token=item["token"]) for item in tokens}
        for name in ("a/mine", "a/other", "moon/m"):
            apis["hf_all_of_it"].create_repo(name, private=True)
        may = {}
        for text, api in apis.items():
            for repo in ("a/mine", "a/other", "moon/m"):
                may[text, repo] = "".join(
                    letter
                    for letter, do in (
                        ("r", lambda api=api, repo=repo: api.model_info(repo)),
                        (
                            "w",
                            lambda api=api, repo=repo: api.upload_file(
                                path_or_fileobj=api.token.encode(), path_in_repo="x", repo_id=repo
                            ),
                        ),
                    )
                    if works(do)
                )
        assert {key: value for key, value in may.items() if value} == {
            ("hf_all_of_it", "a/mine"): "rw",
            ("hf_all_of_it", "a/other"): "rw",
            ("hf_all_of_it", "moon/m"): "rw",
            ("hf_one_repo", "a/mine"): "rw",
            ("hf_org_only", "moon/m"): "rw",
            ("hf_reads_one", "a/mine"): "r",
        }
        assert not works(lambda: apis["hf_one_repo"].create_repo("a/new"))
        assert works(lambda: apis["hf_org_only"].create_repo("moon/new", private=True))
        assert not works(lambda: apis["hf_one_repo"].move_repo("a/mine", "a/renamed"))
        assert [repo.id for repo in apis["hf_one_repo"].list_models()] == ["a/mine"]
        assert "fineGrained" not in apis["hf_all_of_it"].whoami()["auth"]["accessToken"]
        assert apis["hf_one_repo"].whoami()["auth"]["accessToken"] == {
            "displayName": "ci",
            "role": "fineGrained",
            "fineGrained": {
                "canReadGatedRepos": False,
                "global": ["discussion.write"],
                "scoped": [
                    {
                        "entity": {"_id": f"{plural}/{name}", "type": kind, "name": name},
                        "permissions": ["repo.content.read", "repo.write"],
                    }
                    for plural, kind, name in (("models", "model", "a/mine"), ("spaces", "space", "a/app"))
                ],
            },
        }
        scoped = apis["hf_org_only"].whoami()["auth"]["accessToken"]["fineGrained"]["scoped"]
        assert scoped[0]["entity"] == {"_id": "moon", "type": "org", "name": "moon"}


def works(do) -> bool:
    try:
        do()
    except HfHubHTTPError as error:
        if error.response.status_code not in (403, 404):
            raise
        return False
    return True


def token(**more):
    return {"token": "hf_12345678", "role": "write", **more}


@pytest.mark.parametrize(
    ("entries", "named"),
    [
        ({}, "must be a list"),
        ([], "must be a list"),
        (["alice"], "account 1"),
        ([{"name": "a"}, {"name": "a b"}], "account 2"),
        ([{"name": "a"}, {"name": "a"}], "already in use by another account"),
        ([{"name": "a", "tokens": "x"}], '"tokens" in account 1'),
        ([{"name": "a", "tokens": [token(token="short")]}], "too short"),
        ([{"name": "a", "tokens": [token(token="hf_ümlaut_x")]}], "plain ASCII text"),
        ([{"name": "a", "tokens": [token(role="god")]}], "'god'"),
        ([{"name": "a", "tokens": [token(), token()]}], "same as another token"),
        (
            [{"name": "a", "tokens": [token(), {"sha256": hashlib.sha256(b"hf_12345678").hexdigest()}]}],
            "same as another token",
        ),
        ([{"name": "a", "tokens": [{"sha256": "f" * 63}]}], "too short"),
        ([{"name": "a", "tokens": [token(namespaces="a")]}], '"namespaces"'),
        ([{"name": "a", "tokens": [token(repos=["a"])]}], '"repos"'),
        ([{"name": "a", "tokens": [token(repos="a/b")]}], '"repos"'),
        ([{"name": "a", "tokens": [token(repos=["datasets/a"])]}], '"repos"'),
        ([{"name": "a", "orgs": [{"name": "o", "role": "king"}]}], "organisation in account 1"),
        ([{"name": "a", "orgs": {}}], '"orgs" in account 1'),
    ],
)
def test_wrong_accounts_are_named(entries, named):
    with pytest.raises(LocalHubError, match="account") as caught:
        Accounts(entries)
    assert named in caught.value.problem
    assert caught.value.fix


@pytest.mark.parametrize("content", [None, "{", "\xff"])
def test_unreadable_accounts_file(tmp_path, content):
    path = tmp_path / "accounts.json"
    if content is not None:
        path.write_text(content, encoding="latin-1")
    with pytest.raises(LocalHubError, match=r"accounts\.json"):
        read_accounts(path)


def test_accounts_file_is_read(tmp_path):
    path = tmp_path / "accounts.json"
    path.write_text(json.dumps([{"name": "a"}]))
    assert read_accounts(path) == [{"name": "a"}]
