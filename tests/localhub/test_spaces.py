"""A Space's settings: stored and returned, but never a secret's value."""

import pytest
from huggingface_hub import HfApi, Volume

from localhub import LocalHub

from .hubs import ALICE_WRITES, CAROL_WRITES

SPACE = "/api/spaces/alice/app"
SECRET = "correct-horse-battery-staple"


@pytest.fixture
def api(api):
    api.create_repo("app", repo_type="space", space_sdk="gradio", exist_ok=True)
    return api


def test_variables(api):
    api.add_space_variable("spacehub/app", "A", "1")
    api.add_space_variable("spacehub/app", "A", "2", description="twice")
    api.add_space_variable("spacehub/app", "B", "3")
    assert {
        name: (one.value, one.description) for name, one in api.get_space_variables("spacehub/app").items()
    } == {
        "A": ("2", "twice"),
        "B": ("3", None),
    }
    assert set(api.delete_space_variable("spacehub/app", "A")) == {"B"}
    api.delete_space_variable("spacehub/app", "missing")


def test_a_secret_is_written_nowhere(tmp_path):
    with LocalHub(tmp_path / "hub") as hub:
        api = HfApi(endpoint=hub.endpoint, token=hub.token)
        secret = [{"key": "K", "value": SECRET, "description": "of the door"}]
        space = api.create_repo("made", repo_type="space", space_sdk="static", space_secrets=secret).repo_id
        api.add_space_secret(space, "KEY", SECRET)
        secrets = api.get_space_secrets(space)
        assert {name: one.description for name, one in secrets.items()} == {"K": "of the door", "KEY": None}
        api.delete_space_secret(space, "KEY")
        assert set(api.get_space_secrets(space)) == {"K"}
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    assert [path for path in written if SECRET.encode() in path.read_bytes()] == []


def test_stages_and_hardware(api):
    assert api.get_space_runtime("spacehub/app").stage == "NO_APP_FILE"
    api.upload_file(path_or_fileobj=b"", path_in_repo="app.py", repo_id="spacehub/app", repo_type="space")
    assert api.get_space_runtime("spacehub/app").stage == "STOPPED"
    assert api.pause_space("spacehub/app").stage == "PAUSED"
    assert api.restart_space("spacehub/app").stage == "STOPPED"
    runtime = api.request_space_hardware("spacehub/app", "t4-small", sleep_time=600)
    assert (runtime.requested_hardware, runtime.hardware, runtime.sleep_time) == ("t4-small", None, 600)
    assert api.set_space_sleep_time("spacehub/app", -1).sleep_time == -1
    assert api.space_info("spacehub/app").runtime.requested_hardware == "t4-small"


def test_a_static_space_runs_and_cannot_be_paused(api, wire):
    api.create_repo("page", repo_type="space", space_sdk="static")
    assert api.get_space_runtime("spacehub/page").stage == "RUNNING"
    assert wire.post("/api/spaces/spacehub/page/pause").status_code == 400


def test_volumes(api):
    api.set_space_volumes("spacehub/app", [Volume(type="model", source="a/b", mount_path="/models")])
    (volume,) = api.get_space_runtime("spacehub/app").volumes
    assert (volume.source, volume.mount_path) == ("a/b", "/models")
    api.delete_space_volumes("spacehub/app")
    assert api.get_space_runtime("spacehub/app").volumes is None


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "secrets", {"key": "K"}),
        ("POST", "variables", {"value": "x"}),
        ("POST", "variables", {"key": "K", "value": 1}),
        ("POST", "hardware", {}),
        ("POST", "sleeptime", {"seconds": "soon"}),
        ("PUT", "volumes", {"volumes": [{"type": "model"}]}),
        ("PUT", "volumes", {"volumes": "all"}),
    ],
)
def test_mistakes(api, wire, method, path, body):
    assert wire.request(method, f"/api/spaces/spacehub/app/{path}", json=body).status_code == 400


@pytest.mark.parametrize("path", ["secrets", "variables"])
def test_only_for_writers(people, path):
    people[ALICE_WRITES].post("/api/repos/create", json={"name": "app", "type": "space", "sdk": "gradio"})
    assert people[ALICE_WRITES].get(f"{SPACE}/{path}").status_code == 200
    assert people[None].get(f"{SPACE}/{path}").status_code == 401
    assert people[CAROL_WRITES].get(f"{SPACE}/{path}").status_code == 403
    body = {"key": "K", "value": "V"}
    assert people[CAROL_WRITES].post(f"{SPACE}/{path}", json=body).status_code == 403
