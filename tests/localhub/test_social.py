"""Likes, collections, webhooks, large files of all history, and what an account owns."""

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from .hubs import ALICE_READS, ALICE_WRITES, BOB_WRITES, CAROL_WRITES, check_repos


def test_likes(people):
    alice, bob, carol = people[ALICE_WRITES], people[BOB_WRITES], people[CAROL_WRITES]
    for name, private in (("open", False), ("closed", True)):
        alice.post("/api/repos/create", json={"name": name, "private": private})
    for person in (alice, bob, bob):
        assert person.post("/api/models/alice/open/like").status_code == 200
    alice.post("/api/models/alice/closed/like").raise_for_status()
    assert bob.post("/api/models/alice/closed/like").status_code == 404
    assert people[None].post("/api/models/alice/open/like").status_code == 401
    assert {one["user"] for one in carol.get("/api/models/alice/open/likers").json()} == {"alice", "bob"}
    assert carol.get("/api/models/alice/open").json()["likes"] == 2
    assert carol.get("/api/models?author=alice&sort=likes").json()[0]["id"] == "alice/open"
    liked = [one["repo"]["name"] for one in alice.get("/api/users/alice/likes").json()]
    assert sorted(liked) == ["alice/closed", "alice/open"]
    assert [one["repo"]["name"] for one in carol.get("/api/users/alice/likes").json()] == ["alice/open"]
    bob.delete("/api/models/alice/open/like").raise_for_status()
    assert carol.get("/api/users/bob/likes").json() == []


def test_a_private_collection_is_its_owners_alone(people):
    alice, carol = people[ALICE_WRITES], people[CAROL_WRITES]
    made = alice.post("/api/collections", json={"title": "Rockets, mostly", "private": True}).json()
    address = f"/api/collections/{made['slug']}"
    assert made["slug"].startswith("alice/rockets-mostly-")
    assert carol.get(address).status_code == 404
    assert carol.get("/api/collections?owner=alice").json() == []
    assert carol.delete(address).status_code == 404
    assert alice.patch(address, json={"private": False}).status_code == 200
    assert carol.get(address).status_code == 200
    assert carol.patch(address, json={"title": "mine"}).status_code == 403
    assert people[ALICE_READS].delete(address).status_code == 403
    assert carol.post("/api/collections", json={"title": "x", "namespace": "alice"}).status_code == 403


@pytest.mark.parametrize(
    "body", [{}, {"title": " "}, {"title": "x" * 61}, {"title": 1}, {"title": "x", "description": "x" * 151}]
)
def test_collections_that_are_refused(people, body):
    assert people[ALICE_WRITES].post("/api/collections", json=body).status_code == 400


def test_webhooks_are_their_makers_alone(people):
    body = {"url": "https://example.org/hook", "watched": [{"type": "user", "name": "bob"}], "secret": "s"}
    made = people[ALICE_WRITES].post("/api/settings/webhooks", json=body).json()["webhook"]
    address = f"/api/settings/webhooks/{made['id']}"
    assert people[BOB_WRITES].get(address).status_code == 404
    assert people[BOB_WRITES].get("/api/settings/webhooks").json() == []
    assert people[None].get(address).status_code == 401
    assert people[BOB_WRITES].delete(address).status_code == 404
    assert people[ALICE_WRITES].delete(address).status_code == 200


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"url": None}, 400),
        ({"url": "file:///etc/passwd"}, 400),
        ({"watched": []}, 200),
        ({"watched": None}, 400),
        ({"watched": [{"type": "planet", "name": "mars"}]}, 400),
        ({"domains": ["weather"]}, 400),
        ({"jobSourceId": "1"}, 501),
    ],
)
def test_webhooks_that_are_refused(people, changes, status):
    body = {"url": "https://example.org/hook", "watched": [{"type": "user", "name": "bob"}], **changes}
    assert people[BOB_WRITES].post("/api/settings/webhooks", json=body).status_code == status


def test_what_an_account_owns(people):
    alice, bob, carol = people[ALICE_WRITES], people[BOB_WRITES], people[CAROL_WRITES]
    bob.post("/api/repos/create", json={"name": "probe", "organization": "moon", "private": True})
    owned = "/api/organizations/moon/settings/repositories"
    (repo,) = [one for one in alice.get(owned).json() if one["id"] == "moon/probe"]
    assert (repo["type"], repo["visibility"], repo["storage"]) == ("model", "private", 0)
    assert carol.get(owned).status_code == 403
    assert people[None].get("/api/settings/repositories").status_code == 401
    assert "moon/probe" not in {one["id"] for one in bob.get("/api/settings/repositories").json()}
    overview = carol.get("/api/organizations/moon/overview").json()
    assert (overview["numUsers"], overview["numModels"]) == (2, 0)
    assert alice.get("/api/organizations/moon/overview").json()["numModels"] == 1


def test_large_files_go_from_all_history(hub_process):
    hub = hub_process()
    api = HfApi(endpoint=hub.endpoint, token=hub.token)
    repo = api.create_repo("heavy").repo_id
    for content in (b"first", b"second"):
        api.upload_file(path_or_fileobj=content, path_in_repo="a/model.bin", repo_id=repo)
    api.upload_file(path_or_fileobj=b"kept", path_in_repo="a/kept.bin", repo_id=repo)
    api.create_tag(repo, tag="v1", tag_message="annotated")
    files = list(api.list_lfs_files(repo))
    assert [file.size for file in files] == [4, 6, 5]
    api.permanently_delete_lfs_files(repo, [file for file in files if file.size > 4])
    for revision in ("main", "v1"):
        assert api.list_repo_files(repo, revision=revision) == [".gitattributes", "a/kept.bin"]
    assert len(api.list_repo_commits(repo)) == 4
    assert [file.filename for file in api.list_lfs_files(repo)] == ["a/kept.bin"]
    with pytest.raises(HfHubHTTPError):
        next(iter(api.list_lfs_files(repo, token=False)))
    check_repos(hub.root)


def test_an_id_is_found_in_any_letters(api):
    repo = api.create_repo("CamelCase").repo_id
    assert api.model_info(repo.lower()).id == repo
    with pytest.raises(HfHubHTTPError, match="already created"):
        api.create_repo("camelcase")
    api.move_repo(repo, "spacehub/camelcase")
    assert api.model_info(repo).id == "spacehub/camelcase"


def test_tags_by_type(api):
    card = b"---\nlicense: mit\nlanguage: en\nlibrary_name: timm\npipeline_tag: image-classification\ntags: [space]\n---\n"
    repo = api.create_repo("tagged").repo_id
    api.upload_file(path_or_fileobj=card, path_in_repo="README.md", repo_id=repo)
    tags = {about: [tag["id"] for tag in found] for about, found in api.get_model_tags().items()}
    assert tags == {
        "language": ["en"],
        "library": ["timm"],
        "license": ["license:mit"],
        "other": ["space"],
        "pipeline_tag": ["image-classification"],
    }
    assert api.get_dataset_tags() == {}


def test_safetensors_are_counted(api):
    import numpy
    from safetensors.numpy import save

    weights = save({"a": numpy.zeros((2, 3), "float32"), "b": numpy.zeros(5, "float16")})
    repo = api.create_repo("weighed").repo_id
    api.upload_file(path_or_fileobj=weights, path_in_repo="model.safetensors", repo_id=repo)
    found = api.model_info(repo).safetensors
    assert (found.parameters, found.total) == ({"F32": 6, "F16": 5}, 11)
    api.upload_file(path_or_fileobj=b"\xff" * 200, path_in_repo="model.safetensors", repo_id=repo)
    assert api.model_info(repo).safetensors is None
