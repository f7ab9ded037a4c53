"""Discussions and pull requests through the real client, and what the wire must refuse."""

import threading

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import (
    BadRequestError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from localhub import LocalHub

from .hubs import ALICE_READS, ALICE_WRITES, BOB_WRITES, CAROL_WRITES, PEOPLE, check_repos, in_threads

R = "spacehub/r"


@pytest.fixture
def repo(api):
    lines = "".join(f"{n}\n" for n in range(20)).encode()
    api.create_repo("r")
    api.upload_file(path_or_fileobj=lines, path_in_repo="lines.txt", repo_id=R)
    return api


def changed(first=b"0", last=b"19"):
    return b"\n".join([first, *(b"%d" % n for n in range(1, 19)), last]) + b"\n"


def test_a_discussion_from_first_word_to_last(repo):
    made = repo.create_discussion(R, " A  question ", description="Why?")
    assert (made.num, made.title, made.status, made.author) == (1, "A question", "open", "spacehub")
    said = repo.comment_discussion(R, 1, "Because <b>of</b> this.")
    assert said.rendered == "<p>Because &lt;b&gt;of&lt;/b&gt; this.</p>"
    edited = repo.edit_discussion_comment(R, 1, said.id, "Because of that.")
    assert (edited.edited, edited.number_of_edits, edited.last_edited_by) == (True, 1, "spacehub")
    repo.rename_discussion(R, 1, "A good question")
    repo.change_discussion_status(R, 1, "closed", comment="Done.")
    repo.change_discussion_status(R, 1, "open")
    hidden = repo.hide_discussion_comment(R, 1, said.id)
    assert (hidden.hidden, hidden.content, hidden.edit_history) == (True, "", [])
    found = repo.get_discussion_details(R, 1)
    assert (found.title, found.status) == ("A good question", "open")
    kinds = [event.type for event in found.events]
    assert sorted(kinds) == sorted(
        ["comment", "comment", "title-change", "comment", "status-change", "status-change"]
    )
    with pytest.raises(HfHubHTTPError, match="does not exist"):
        repo.edit_discussion_comment(R, 1, said.id, "back again")


def test_a_pull_request_is_merged(repo):
    made = repo.create_commit(
        R,
        [CommitOperationAdd("lines.txt", changed(last=b"LAST")), CommitOperationAdd("new.bin", b"\0" * 600)],
        commit_message="Change the end",
        commit_description="It had to be.",
        create_pr=True,
    )
    assert (made.pr_num, made.pr_revision) == (1, "refs/pr/1")
    repo.upload_file(path_or_fileobj=b"more", path_in_repo="more.txt", repo_id=R, revision="refs/pr/1")
    main = repo.upload_file(path_or_fileobj=changed(first=b"FIRST"), path_in_repo="lines.txt", repo_id=R).oid
    found = repo.get_discussion_details(R, 1)
    assert (found.status, found.conflicting_files, found.target_branch) == ("open", [], "refs/heads/main")
    assert [event.type for event in found.events] == ["comment", "commit", "commit"]
    assert "-19\n+LAST" in found.diff
    assert "FIRST" not in found.diff
    repo.merge_pull_request(R, 1, comment="Thanks")
    merged = repo.get_discussion_details(R, 1)
    assert (merged.status, merged.diff) == ("merged", found.diff)
    with pytest.raises(HfHubHTTPError, match="Pull request 1 is merged"):
        repo.upload_file(path_or_fileobj=b"late", path_in_repo="late", repo_id=R, revision="refs/pr/1")
    newest, before = repo.list_repo_commits(R)[:2]
    assert (newest.commit_id, before.commit_id) == (merged.merge_commit_oid, main)
    assert newest.title == "Change the end (#1)"
    assert "Co-authored-by: spacehub <spacehub@localhost>" in newest.message
    with open(repo.hf_hub_download(R, "lines.txt")) as file:
        assert file.read().encode() == changed(b"FIRST", b"LAST")
    with open(repo.hf_hub_download(R, "new.bin"), "rb") as file:
        assert file.read() == b"\0" * 600


def test_a_conflict_is_reported_and_not_merged(repo):
    operations = [CommitOperationAdd("lines.txt", changed(last=b"theirs")), CommitOperationAdd("other", b"x")]
    repo.create_commit(R, operations, commit_message="Theirs", create_pr=True)
    main = repo.upload_file(path_or_fileobj=changed(last=b"ours"), path_in_repo="lines.txt", repo_id=R).oid
    assert repo.get_discussion_details(R, 1).conflicting_files == ["lines.txt"]
    with pytest.raises(HfHubHTTPError, match=r"have conflicts: lines\.txt") as caught:
        repo.merge_pull_request(R, 1)
    assert caught.value.response.status_code == 409
    assert repo.model_info(R).sha == main
    assert repo.get_discussion_details(R, 1).status == "open"
    repo.create_commit(
        R,
        [CommitOperationAdd("lines.txt", changed(last=b"ours"))],
        commit_message="As on main",
        revision="refs/pr/1",
    )
    assert repo.get_discussion_details(R, 1).conflicting_files == []
    repo.merge_pull_request(R, 1)
    assert repo.file_exists(R, "other")


def test_no_common_history(repo):
    repo.create_commit(R, [CommitOperationAdd("x", b"x")], commit_message="More", create_pr=True)
    repo.super_squash_history(R)
    assert repo.get_discussion_details(R, 1).conflicting_files is True
    with pytest.raises(HfHubHTTPError, match="no common ancestor"):
        repo.merge_pull_request(R, 1)


def test_it_can_be_read_without_its_branch_and_after_history_was_rewritten(repo):
    repo.create_branch(R, branch="side")
    for name, branch in (("x", "side"), ("y", "main")):
        repo.create_commit(
            R,
            [CommitOperationAdd(name, name.encode())],
            commit_message=f"Add {name}",
            create_pr=True,
            revision=branch,
        )
    repo.delete_branch(R, branch="side")
    assert repo.get_discussion_details(R, 1).status == "open"
    with pytest.raises(HfHubHTTPError, match="Invalid rev id"):
        repo.merge_pull_request(R, 1)
    repo.merge_pull_request(R, 2)
    before = repo.get_discussion_details(R, 2)
    repo.super_squash_history(R)
    assert repo.get_discussion_details(R, 2) == before


def test_refs_without_a_discussion_are_left_alone(hub_process):
    """As a mirrored repo brings them."""
    hub = hub_process()
    api = HfApi(endpoint=hub.endpoint, token=hub.token)
    main = api.repo_info(api.create_repo("r").repo_id).sha
    ref = hub.root / "repos/models/spacehub/r/git/refs/pr/7"
    ref.parent.mkdir()
    ref.write_text(f"{main}\n")
    assert api.create_discussion(R, "A question").num == 8
    assert api.create_pull_request(R, "A change").git_reference == "refs/pr/9"
    made = api.upload_file(path_or_fileobj=b"x", path_in_repo="x", repo_id=R, revision="refs/pr/7")
    assert api.list_repo_commits(R, revision="refs/pr/7")[0].commit_id == made.oid
    with pytest.raises(RevisionNotFoundError):
        api.upload_file(path_or_fileobj=b"x", path_in_repo="x", repo_id=R, revision="refs/pr/6")


def test_drafts_are_opened_before_they_are_merged(repo):
    made = repo.create_pull_request(R, "A draft")
    assert (made.status, made.diff) == ("draft", "")
    with pytest.raises(BadRequestError, match="draft"):
        repo.merge_pull_request(R, 1)
    repo.create_commit(
        R, [CommitOperationDelete("lines.txt")], commit_message="Away with it", revision=made.git_reference
    )
    repo.change_discussion_status(R, 1, "open")
    repo.merge_pull_request(R, 1)
    assert repo.list_repo_files(R) == [".gitattributes"]
    for status in ("open", "closed"):
        with pytest.raises(BadRequestError, match="merged"):
            repo.change_discussion_status(R, 1, status)
    with pytest.raises(BadRequestError, match="merged"):
        repo.merge_pull_request(R, 1)


def test_a_pull_request_from_an_older_commit(repo):
    old = repo.model_info(R).sha
    repo.upload_file(path_or_fileobj=b"x", path_in_repo="x", repo_id=R)
    made = repo.create_commit(
        R, [CommitOperationAdd("y", b"y")], commit_message="From old", create_pr=True, parent_commit=old[:8]
    )
    assert [commit.commit_id for commit in repo.list_repo_commits(R, revision="refs/pr/1")][:2] == [
        made.oid,
        old,
    ]
    repo.merge_pull_request(R, 1)
    assert {"x", "y"} < set(repo.list_repo_files(R))


def test_against_another_branch(repo):
    repo.create_branch(R, branch="side")
    repo.create_commit(
        R, [CommitOperationAdd("x", b"x")], commit_message="To side", create_pr=True, revision="side"
    )
    repo.merge_pull_request(R, 1)
    assert repo.file_exists(R, "x", revision="side")
    assert not repo.file_exists(R, "x")


def test_a_folder_as_a_pull_request(repo, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/a.txt").write_text("a")
    (tmp_path / "b.bin").write_bytes(bytes(range(256)) * 10)
    made = repo.upload_folder(folder_path=tmp_path, repo_id=R, create_pr=True)
    assert {"sub/a.txt", "b.bin"} < set(repo.list_repo_files(R, revision=made.pr_revision))
    assert [ref.ref for ref in repo.list_repo_refs(R, include_pull_requests=True).pull_requests] == [
        "refs/pr/1"
    ]


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        ({}, [*range(60, 0, -1)]),
        ({"discussion_type": "pull_request"}, [*range(60, 0, -2)]),
        ({"discussion_type": "discussion", "discussion_status": "open"}, [*range(59, 1, -2)]),
        ({"discussion_status": "closed"}, [1]),
        ({"author": "spacehub", "discussion_type": "pull_request"}, [*range(60, 0, -2)]),
        ({"author": "nobody"}, []),
    ],
)
def test_listing(many, filters, numbers):
    assert [found.num for found in many.get_repo_discussions(R, **filters)] == numbers


@pytest.fixture(scope="module")
def many():
    with LocalHub() as hub:
        api = HfApi(endpoint=hub.endpoint, token=hub.token)
        api.create_repo("r")
        for number in range(1, 61):
            api.create_discussion(R, f"Number {number}", pull_request=number % 2 == 0)
        api.change_discussion_status(R, 1, "closed")
        yield api


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("", {"title": "ab"}, 400),
        ("", {"title": "a" * 201}, 400),
        ("", {"title": 7}, 400),
        ("", {"title": "fine", "description": "x" * 70_000}, 400),
        ("/1/comment", {"comment": " "}, 400),
        ("/1/status", {"status": "merged"}, 400),
        ("/1/status", {"status": "open"}, 400),
        ("/1/merge", {}, 400),
        ("/2/comment", {"comment": "x"}, 404),
        ("/x/comment", {"comment": "x"}, 404),
        ("/1/comment/0/edit", {"content": "x"}, 404),
        ("/1/title", {"title": ""}, 400),
    ],
)
def test_what_is_refused(repo, wire, path, body, status):
    repo.create_discussion(R, "The first")
    before = wire.get(f"/api/models/{R}/discussions/1").json()
    assert wire.post(f"/api/models/{R}/discussions{path}", json=body).status_code == status
    assert wire.get(f"/api/models/{R}/discussions/1").json() == before
    assert wire.get(f"/api/models/{R}/discussions").json()["count"] == 1


def test_they_move_and_go_with_the_repo(repo):
    repo.create_discussion(R, "A question")
    repo.move_repo(R, "spacehub/moved")
    assert repo.get_discussion_details("spacehub/moved", 1).title == "A question"
    repo.delete_repo("spacehub/moved")
    repo.create_repo("moved")
    assert list(repo.get_repo_discussions("spacehub/moved")) == []


def test_disabled(repo, wire):
    repo.create_discussion(R, "A question")
    wire.put(f"/api/models/{R}/settings", json={"discussionsDisabled": True}).raise_for_status()
    for call in (
        lambda: repo.create_discussion(R, "Another"),
        lambda: repo.comment_discussion(R, 1, "x"),
        lambda: list(repo.get_repo_discussions(R)),
        lambda: repo.create_commit(R, [CommitOperationAdd("x", b"x")], commit_message="x", create_pr=True),
    ):
        with pytest.raises(HfHubHTTPError, match="Discussions are disabled"):
            call()
    repo.upload_file(path_or_fileobj=b"x", path_in_repo="x", repo_id=R)


def test_it_is_all_there_after_a_kill(hub_process):
    hub = hub_process()
    api = HfApi(endpoint=hub.endpoint, token=hub.token)
    api.create_repo("r")
    api.create_commit(R, [CommitOperationAdd("x", b"x")], commit_message="Add x", create_pr=True)
    api.comment_discussion(R, 1, "Well?")
    api.merge_pull_request(R, 1)
    before = api.get_discussion_details(R, 1)
    hub.kill()
    check_repos(hub.root)
    again = hub_process()
    found = HfApi(endpoint=again.endpoint, token=again.token).get_discussion_details(R, 1)
    assert (found.events, found.diff, found.status) == (before.events, before.diff, "merged")


@pytest.fixture(scope="module")
def clients():
    """Alice's public and private repo, each with a discussion of hers, and one of carol's on the public one."""
    with LocalHub(accounts=PEOPLE) as hub:
        tokens = (ALICE_WRITES, ALICE_READS, BOB_WRITES, CAROL_WRITES)
        apis = {token: HfApi(endpoint=hub.endpoint, token=token) for token in tokens}
        apis[None] = HfApi(endpoint=hub.endpoint, token=False)
        for name, private in (("open", False), ("secret", True)):
            apis[ALICE_WRITES].create_repo(name, private=private)
            apis[ALICE_WRITES].create_discussion(f"alice/{name}", "By alice")
        apis[CAROL_WRITES].create_commit(
            "alice/open",
            [CommitOperationAdd("x", b"x"), CommitOperationAdd("x.bin", b"\0" * 1000)],
            commit_message="By carol",
            create_pr=True,
        )
        yield apis


def status_of(call):
    try:
        call()
    except HfHubHTTPError as error:
        return error.response.status_code
    return 200


@pytest.mark.parametrize(
    ("token", "repo", "reading", "talking", "renaming_alices", "renaming_carols", "committing", "merging"),
    [
        (None, "open", 200, 401, 401, 401, 401, 401),
        (ALICE_READS, "open", 200, 403, 403, 403, 403, 403),
        (BOB_WRITES, "open", 200, 200, 403, 403, 403, 403),
        (CAROL_WRITES, "open", 200, 200, 403, 200, 200, 403),
        (ALICE_WRITES, "open", 200, 200, 200, 200, 200, 200),
        (None, "secret", 404, 404, 404, 404, 404, 404),
        (BOB_WRITES, "secret", 404, 404, 404, 404, 404, 404),
        (ALICE_WRITES, "secret", 200, 200, 200, 404, 404, 404),
    ],
)
def test_who_may(
    clients, token, repo, reading, talking, renaming_alices, renaming_carols, committing, merging
):
    api, repo = clients[token], f"alice/{repo}"
    assert status_of(lambda: api.get_discussion_details(repo, 1)) == reading
    assert status_of(lambda: list(api.get_repo_discussions(repo))) == reading
    assert status_of(lambda: api.comment_discussion(repo, 1, "Hello")) == talking
    assert status_of(lambda: api.rename_discussion(repo, 1, "Alice's")) == renaming_alices
    assert status_of(lambda: api.rename_discussion(repo, 2, "Carol's")) == renaming_carols
    content = (token or "nobody").encode()
    add = CommitOperationAdd("y", content)
    assert (
        status_of(lambda: api.create_commit(repo, [add], commit_message="y", revision="refs/pr/2"))
        == committing
    )
    assert status_of(lambda: api.merge_pull_request(repo, 2)) == merging


def test_whose_comments(clients):
    comment = clients[BOB_WRITES].comment_discussion("alice/open", 1, "By bob")
    for token, editing in ((CAROL_WRITES, 403), (ALICE_WRITES, 403), (BOB_WRITES, 200)):
        api = clients[token]
        assert (
            status_of(lambda api=api: api.edit_discussion_comment("alice/open", 1, comment.id, "Edited"))
            == editing
        )
    for token, hiding in ((CAROL_WRITES, 403), (ALICE_WRITES, 200)):
        api = clients[token]
        assert status_of(lambda api=api: api.hide_discussion_comment("alice/open", 1, comment.id)) == hiding


def test_a_missing_repo(api):
    with pytest.raises(RepositoryNotFoundError):
        list(api.get_repo_discussions("spacehub/none"))


def test_pages_for_people(repo, wire):
    hostile = "**bold** [x](javascript:alert(1)) <script>alert(1)</script>"
    repo.create_discussion(R, "A <b>question</b>", description=hostile)
    repo.create_commit(
        R, [CommitOperationAdd("x", b"<i>new</i>\n")], commit_message="Add <x>", create_pr=True
    )
    repo.merge_pull_request(R, 2)
    page = wire.get(f"/{R}/discussions").text
    assert "A &lt;b&gt;question&lt;/b&gt;" in page
    assert "pull request, merged" in page
    page = wire.get(f"/{R}/discussions/1").text
    assert "<strong>bold</strong>" in page
    assert "<script" not in page
    assert 'href="javascript' not in page
    page = wire.get(f"/{R}/discussions/2").text
    assert "+&lt;i&gt;new&lt;/i&gt;" in page
    assert "changed the status to merged" in page
    assert wire.get(f"/{R}/discussions/3").status_code == 404
    assert 'href="/spacehub/r/discussions"' in wire.get(f"/{R}").text


def test_opened_at_once_each_gets_a_number_of_its_own(repo):
    numbers, lock = [], threading.Lock()

    def work(turn):
        add = [CommitOperationAdd(f"{turn}", b"x")]
        if turn % 2:
            made = repo.create_commit(R, add, commit_message=f"Turn {turn}", create_pr=True).pr_num
        else:
            made = repo.create_discussion(R, f"Turn {turn}").num
        with lock:
            numbers.append(made)

    in_threads(16, work)
    assert sorted(numbers) == list(range(1, 17))
    found = {item.num: item for item in repo.get_repo_discussions(R)}
    for num, item in found.items():
        if item.is_pull_request:
            turn = item.title.removeprefix("Turn ")
            assert turn in repo.list_repo_files(R, revision=f"refs/pr/{num}")
