"""The command line: its help, and mistakes that end in two sentences."""

import os
import socket
import subprocess
import sys

import pytest

from spacehub.errors import SpaceHubError
from spacehub.verify.command import verify
from tests.processes import free_port

HEAVY = [
    "torch",
    "transformers",
    "datasets",
    "huggingface_hub",
    "gradio",
    "sklearn",
    "pandas",
    "numpy",
    "pygit2",
]


def spacehub(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "spacehub.cli", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_help_lists_every_command():
    run = spacehub("--help")
    assert run.returncode == 0
    for command in ("hub", "demo", "publish", "verify", "space"):
        assert f"\n    {command} " in run.stdout


def test_an_invalid_port_is_refused(tmp_path):
    run = spacehub("hub", "--root", str(tmp_path), "--port", "99999")
    assert run.returncode == 2
    assert "'99999' is not a valid port" in run.stderr


def test_the_command_line_imports_nothing_heavy():
    code = f"import sys, spacehub, spacehub.cli; print([name for name in {HEAVY} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout.strip() == "[]", run.stderr


@pytest.fixture
def taken_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield str(server.getsockname()[1])


@pytest.mark.parametrize(
    ("arguments", "environment", "sentences"),
    [
        (["demo"], {"SPACEHUB_APP_PORT": "TAKEN"}, ["Cannot listen on port", "SPACEHUB_APP_PORT="]),
        (
            ["demo"],
            {"SPACEHUB_HUB_PORT": "TAKEN", "SPACEHUB_APP_PORT": "FREE"},
            ["Cannot listen on port", "SPACEHUB_HUB_PORT="],
        ),
        (["demo"], {"SPACEHUB_APP_PORT": "http"}, ["SPACEHUB_APP_PORT is 'http'", "from 1 to 65535"]),
        (["demo"], {"SPACEHUB_HOME": "/dev/null/here"}, ["cannot write to /dev/null/here", "SPACEHUB_HOME="]),
        (["hub", "--port", "TAKEN"], {}, ["in use"]),
        (["hub", "--root", "/dev/null/here"], {}, ["/dev/null/here"]),
        (["publish", "lunch"], {}, ["'lunch'", "landing", "falcon9-landings"]),
        (["verify", "lunch"], {}, ["'lunch'"]),
        (
            ["publish", "landing"],
            {"HF_ENDPOINT": "http://127.0.0.1:1"},
            ["http://127.0.0.1:1", "HF_ENDPOINT"],
        ),
    ],
)
def test_a_mistake_ends_in_a_sentence(arguments, environment, sentences, taken_port, tmp_path):
    def fill(text):
        return {"TAKEN": taken_port, "FREE": str(free_port())}.get(text, text)

    settings = {"SPACEHUB_HOME": str(tmp_path)} | {name: fill(value) for name, value in environment.items()}
    run = spacehub(*map(fill, arguments), **settings)
    assert run.returncode == 1
    for sentence in sentences:
        assert sentence in run.stderr
    assert "Traceback" not in run.stderr + run.stdout


@pytest.mark.parametrize("token", ["", "hf_bogus"])
def test_an_invalid_token_is_reported_before_the_work(local_hub, tmp_path, token):
    run = spacehub("publish", SPACEHUB_HOME=str(tmp_path), HF_TOKEN=token, HF_HOME=str(tmp_path / "hf"))
    assert run.returncode == 1
    assert "is missing or invalid" in run.stderr
    assert "Set HF_TOKEN" in run.stderr
    assert not (tmp_path / "artefacts").exists()


def test_a_hub_without_models_has_no_card_that_is_wrong(local_hub, capsys):
    """Otherwise the first release, which verifies before it publishes, would never publish."""
    verify([], every=True)
    assert capsys.readouterr().out == "spacehub has not published a model yet.\n"
    with pytest.raises(SpaceHubError, match="There is no model to verify"):
        verify([])
