"""Kill the server at random moments: what was answered is there, what was not left nothing visible."""

import os
import random
import threading
from dataclasses import dataclass, field

import httpx2
from huggingface_hub import CommitOperationAdd, HfApi

from localhub.maintenance.fsck import fsck
from localhub.maintenance.garbage import collect_garbage
from localhub.maintenance.hub_folder import open_hub
from tests.doses import dose

from .hubs import HubProcess, check_repos, git_folders, ndjson
from .xet_parts import sha256, shard, xorb

# A Hub that takes files of some 50 kB in parts, as it does those of a GiB.
IN_PARTS = """
from localhub.storage import multipart
multipart.MULTIPART_BYTES, multipart.PART_BYTES = 50_000, 20_000
from spacehub.cli import main
main()
"""


@dataclass
class Answered:
    """What the server said it had done: repos and the files in them, discussions, pull requests."""

    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    discussions: list[tuple[str, int, str]] = field(default_factory=list)
    pull_requests: list[tuple[str, int, str, bytes]] = field(default_factory=list)


def name() -> str:
    return os.urandom(5).hex()


def commit(api, repo, chance, answered) -> None:
    """Git objects alone or in a pack, and a large file, whole or in parts."""
    files = {f"{name()}.txt": os.urandom(50).hex().encode() for _ in range(chance.choice([1, 3, 30]))}
    files[f"{name()}.bin"] = os.urandom(chance.choice([600, 60_000]))
    operations = [CommitOperationAdd(path, data) for path, data in files.items()]
    api.create_commit(repo, operations, commit_message="files")
    answered.files[repo] = answered.files[repo] | files


def discuss(api, repo, chance, answered) -> None:
    title = f"title {name()}"
    number = api.create_discussion(repo, title=title, description="words").num
    answered.discussions.append((repo, number, title))
    api.comment_discussion(repo, number, "more words")


def propose(api, repo, chance, answered) -> None:
    path, data = f"{name()}.bin", os.urandom(700)
    made = api.create_commit(
        repo, [CommitOperationAdd(path, data)], commit_message="a change", create_pr=True
    )
    answered.pull_requests.append((repo, made.pr_num, path, data))
    if chance.random() < 0.5:
        api.merge_pull_request(repo, made.pr_num)
        answered.files[repo] = answered.files[repo] | {path: data}


def send_through_xet(api, repo, chance, answered) -> None:
    """A large file in two chunks, as hf_xet sends it."""
    contents = [os.urandom(5000), os.urandom(3000)]
    whole, path = b"".join(contents), f"{name()}.bin"
    headers = {"Authorization": f"Bearer {api.token}"}
    with httpx2.Client(base_url=api.endpoint, headers=headers, trust_env=False, timeout=60) as client:
        token = client.get(f"/api/models/{repo}/xet-write-token/main").raise_for_status().json()
        ours = {"Authorization": f"Bearer {token['accessToken']}"}
        xorb_name, data = xorb(*contents)
        file = (sha256(whole), [(xorb_name, 0, 2, len(whole))])
        for address, content in ((f"v1/xorbs/default/{xorb_name}", data), ("v1/shards", shard(file))):
            client.post(f"{token['casUrl']}/{address}", content=content, headers=ours).raise_for_status()
        line = ("lfsFile", {"path": path, "algo": "sha256", "oid": sha256(whole), "size": len(whole)})
        client.post(f"/api/models/{repo}/commit/main", content=ndjson(line)).raise_for_status()
    answered.files[repo] = answered.files[repo] | {path: whole}


def work_until_it_dies(hub, answered: Answered, seed: int, changes: threading.Semaphore) -> None:
    """Create repos and change them, noting and counting each answer, until the server is gone.

    The first four changes are one of each kind.
    """
    api = HfApi(endpoint=hub.endpoint, token=hub.token)
    chance = random.Random(seed)
    kinds = [commit, discuss, propose, send_through_xet]
    to_do = chance.sample(kinds, 4)
    try:
        while True:
            if not answered.files or chance.random() < 0.1:
                repo = f"spacehub/{name()}"
                api.create_repo(repo)
                answered.files[repo] = {}
            repo = chance.choice(list(answered.files))
            work = to_do.pop() if to_do else chance.choices(kinds, [6, 1, 1, 2])[0]
            work(api, repo, chance, answered)
            changes.release()
    except Exception as error:  # the server died, in any of the ways that a client can notice
        if getattr(getattr(error, "response", None), "status_code", None) is not None:
            raise


def test_kill_at_any_moment(hub_process, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "huggingface_hub.utils._http.time.sleep", lambda _: None
    )  # do not wait for a dead server
    monkeypatch.setattr(HubProcess, "program", ("-c", IN_PARTS))
    refused = []
    monkeypatch.setattr(threading, "excepthook", lambda failure: refused.append(failure.exc_value))
    root = tmp_path / "hub"
    answered = Answered()
    chance = random.Random(20260101)
    for kill in range(dose(3, 200)):
        hub = hub_process(root)
        before = set(answered.files)
        changes = threading.Semaphore(0)
        worker = threading.Thread(target=work_until_it_dies, args=(hub, answered, kill, changes))
        worker.start()
        # Counted, because what a server answers in a second depends on the machine. The first one answers
        # each kind of change, so that all of them are checked below.
        for _ in range(chance.randrange(12) if kill else 4):
            assert changes.acquire(timeout=60)
        threading.Event().wait(chance.uniform(0, 0.2))
        hub.kill()
        worker.join()
        assert refused == []
        # at most the one repo whose creation was not answered exists in addition to the acknowledged ones
        extra = {f"{folder.parent.name}/{folder.name}" for folder in git_folders(root)} - set(answered.files)
        assert len(extra) <= 1
        assert before <= set(answered.files)
        answered.files |= {repo: {} for repo in extra}

    hub = hub_process(root)
    assert list((root / "incoming").iterdir()) == []
    for clean in (False, True):
        if clean:
            with open_hub(root) as store:
                collect_garbage(store, None, grace_hours=0)
        check_repos(root)
        with open_hub(root) as store:
            assert list(fsck(store, None, quick=False)) == []
        check_answers(HfApi(endpoint=hub.endpoint, token=hub.token), answered, tmp_path / f"cache-{clean}")
    assert sum(map(len, answered.files.values())) > 0
    assert answered.discussions


def check_answers(api, answered: Answered, cache) -> None:
    """Everything that was answered is there, a sample of it byte by byte."""
    chance = random.Random(1)
    assert {model.id for model in api.list_models()} == set(answered.files)
    for repo, files in answered.files.items():
        assert set(files) <= set(api.list_repo_files(repo))
        for path in chance.sample(sorted(files), min(5, len(files))):
            with open(api.hf_hub_download(repo, path, cache_dir=cache), "rb") as file:
                assert file.read() == files[path]
    for repo, number, title in answered.discussions:
        assert api.get_discussion_details(repo, number).title == title
    for repo, number, path, data in answered.pull_requests:
        with open(
            api.hf_hub_download(repo, path, revision=f"refs/pr/{number}", cache_dir=cache), "rb"
        ) as file:
            assert file.read() == data
