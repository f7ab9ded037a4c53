"""Kill the server at random moments: what was answered is there, what was not left nothing visible."""

import os
import random
import threading

from huggingface_hub import CommitOperationAdd, HfApi

from .hubs import check_repos, dose, git_folders


def work_until_it_dies(hub, answered: dict, seed: int) -> None:
    """Create repos and commit to them, noting each answer, until the server is gone."""
    api = HfApi(endpoint=hub.endpoint, token=hub.token)
    chance = random.Random(seed)
    for turn in range(10_000):
        try:
            if not answered or chance.random() < 0.1:
                name = f"spacehub/{os.urandom(6).hex()}"
                api.create_repo(name)
                answered[name] = {}
            else:
                name = chance.choice(list(answered))
                count = chance.choice([1, 3, 30])
                files = {f"{os.urandom(4).hex()}.txt": os.urandom(50).hex().encode() for _ in range(count)}
                files[f"{os.urandom(4).hex()}.bin"] = os.urandom(chance.choice([600, 60_000]))
                operations = [CommitOperationAdd(path, data) for path, data in files.items()]
                api.create_commit(name, operations, commit_message=str(turn))
                answered[name] = answered[name] | files
        except Exception:  # the server died, in any of the ways that a client can notice
            return


def test_kill_at_any_moment(hub_process, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "huggingface_hub.utils._http.time.sleep", lambda _: None
    )  # do not wait for a dead server
    root = tmp_path / "hub"
    answered: dict[str, dict[str, bytes]] = {}
    chance = random.Random(20260101)
    for kill in range(dose(10, 200)):
        hub = hub_process(root)
        before = set(answered)
        worker = threading.Thread(target=work_until_it_dies, args=(hub, answered, kill))
        worker.start()
        threading.Event().wait(chance.uniform(0.1, 0.6))
        hub.kill()
        worker.join()
        # at most the one repo whose creation was not answered is there beside the answered ones
        extra = {f"{folder.parent.name}/{folder.name}" for folder in git_folders(root)} - set(answered)
        assert len(extra) <= 1
        assert before <= set(answered)
        answered |= {name: {} for name in extra}

    hub = hub_process(root)
    assert list((root / "incoming").iterdir()) == []
    check_repos(root)
    api = HfApi(endpoint=hub.endpoint, token=hub.token)
    assert {model.id for model in api.list_models()} == set(answered)
    committed = 0
    for name, files in answered.items():
        there = set(api.list_repo_files(name))
        assert set(files) <= there
        for path in random.Random(1).sample(sorted(files), min(5, len(files))):
            with open(api.hf_hub_download(name, path), "rb") as file:
                assert file.read() == files[path]
        committed += len(files)
    assert committed > 0
