"""`spacehub jobs run`: the request it sends, and a training that the embedded Hub runs as a job."""

import json
import re
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from spacehub import jobs
from spacehub.errors import SpaceHubError
from tests.doses import in_the_soak
from tests.processes import HubProcess, stop


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    hub = HubProcess(tmp_path_factory.mktemp("hub"), "--run-jobs")
    yield hub
    stop(hub.process)


def test_a_job_is_the_request_of_the_client_and_its_failure_the_command_s(hub):
    arguments = ["--preset", "none"]
    ended = hub.call(
        "-m",
        "spacehub.cli",
        "jobs",
        "run",
        "train_landing",
        "--flavor",
        "cpu-upgrade",
        "--timeout=15m",
        *arguments,
    )
    assert ended.returncode == 1
    said = r"Job spacehub/[0-9a-f]{24} ended with the status ERROR: The command ended with exit code"
    assert re.search(said, ended.stderr)
    assert "Traceback" not in ended.stderr
    assert hub.token not in ended.stdout + ended.stderr
    api = HfApi(endpoint=hub.endpoint, token=hub.token)
    [job] = api.list_jobs(namespace="spacehub")
    # As the client's own source makes the command of a uv job, with our pinned requirements added.
    made, _, _, _ = api._create_uv_command_env_and_secrets(
        script="python",
        script_args=["-m", "train_scripts.train_landing", *arguments],
        dependencies=None,
        python=None,
        env=None,
        secrets=None,
        namespace="spacehub",
        token=None,
    )
    ours = ["--no-project", "--with-requirements", "/spacehub/requirements.txt"]
    assert job.command == [*made[:2], *ours, *made[2:]]
    assert (job.docker_image, job.flavor) == ("ghcr.io/astral-sh/uv:python3.12-bookworm", "cpu-upgrade")
    assert job.environment == {"PYTHONPATH": "/spacehub", "SPACEHUB_NAMESPACE": "spacehub"}
    assert (job.status.stage, job.secrets) == ("ERROR", {"HF_TOKEN": ""})
    [volume] = job.volumes
    mounted = (volume.mount_path, volume.source, volume.read_only)
    assert mounted == ("/spacehub", "spacehub/jobs-artifacts", True)


@in_the_soak
def test_a_training_runs_as_a_job_and_publishes(hub):
    hub.build("falcon9-landings")
    words = ["train_landing", "--preset", "smoke", "--seed", "3"]
    done = hub.call("-m", "spacehub.cli", "jobs", "run", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "published as spacehub/falcon9-landing-classifier" in done.stdout
    api = HfApi(endpoint=hub.endpoint, token=hub.token)
    path = api.hf_hub_download("spacehub/falcon9-landing-classifier", "results.json")
    assert json.loads(Path(path).read_text())["seed"] == 3


@pytest.mark.parametrize(
    ("script", "arguments", "timeout", "words"),
    [
        ("train_nothing", [], "2h", "Use one of: train_lander, train_landing"),
        ("train_titles", [], "soon", "such as 2h"),
        (
            "train_titles",
            ["--help"],
            "2h",
            r"To print the help on this machine, run: python -m train_scripts\.train_titles --help",
        ),
    ],
)
def test_a_mistake_is_found_before_anything_is_sent(script, arguments, timeout, words):
    with pytest.raises(SpaceHubError, match=words):
        jobs.submit(script, arguments, flavor="cpu-basic", timeout=timeout, say=print)


def test_what_a_job_is_sent(tmp_path):
    code = jobs.stage(tmp_path / "code")
    assert sorted(path.name for path in code.iterdir()) == sorted([*jobs.FOLDERS, "requirements.txt"])
    assert not list(code.rglob("__pycache__"))
    pins = (code / "requirements.txt").read_text().splitlines()
    names = {re.split("[^a-z0-9-]", line)[0] for line in pins}
    assert {"torch", "transformers", "tyro", "triton", "pyyaml"} <= names
    assert not {"gradio", "playwright", "ruff", "localhub", "plotly"} & names
    assert all("==" in line for line in pins)
    known = jobs.digest(code)
    (code / "spacehub" / "home.py").write_text("")
    assert jobs.digest(code) != known
