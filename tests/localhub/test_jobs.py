"""Jobs: the official client and the ``hf`` command run, follow, cancel and list them as on huggingface.co."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import HfApi, JobStage, Volume
from huggingface_hub.errors import BadRequestError, HfHubHTTPError

from localhub import LocalHub, LocalHubError
from localhub.clients import environment
from localhub.jobs import runner

IMAGE = "python:3.12"
SECRET = "open-sesame\nsecond-line"
SHOW = "import os, json; print(json.dumps(dict(os.environ)))"


@pytest.fixture(scope="module")
def hub():
    with LocalHub(run_jobs=True) as hub:
        yield hub


@pytest.fixture
def api(hub):
    return HfApi(endpoint=hub.endpoint, token=hub.token)


def run(api: HfApi, code: str, **options):
    """Run Python code as a job; return it when it has ended, with its log."""
    job = api.run_job(image=IMAGE, command=["python", "-c", code], **options)
    ended = api.wait_for_job(job.id, timeout=120, poll_interval=0.05)
    return ended, list(api.fetch_job_logs(job_id=job.id))


def running(api: HfApi, code: str, **options):
    """Start Python code that prints "ready" as a job; return it once it does."""
    job = api.run_job(image=IMAGE, command=["python", "-c", code], **options)
    assert next(iter(api.fetch_job_logs(job_id=job.id, follow=True))) == "ready"
    return job


def test_a_job_runs_with_its_settings_and_shows_them(api, hub, monkeypatch):
    monkeypatch.setenv("SOMEBODY_S_TOKEN", "of whoever runs the Hub")
    job, [line] = run(
        api,
        SHOW,
        env={"COLOUR": "blue"},
        secrets={"TOKEN_OF_JOB": "a"},
        labels={"team": "moon"},
        flavor="t4-small",
    )
    assert (job.status.stage, job.docker_image, job.flavor) == (JobStage.COMPLETED, IMAGE, "t4-small")
    assert (job.environment, job.secrets, job.retry) == ({"COLOUR": "blue"}, {"TOKEN_OF_JOB": ""}, 0)
    assert job.labels["team"] == "moon"
    assert job.owner.name == job.initiator.name == "spacehub"
    assert job.created_at <= job.started_at <= job.finished_at
    found = json.loads(line.replace("***", "a"))
    expected = {"COLOUR": "blue", "TOKEN_OF_JOB": "a", "JOB_ID": job.id, "HF_ENDPOINT": hub.endpoint}
    assert {name: found[name] for name in expected} == expected
    assert not {"SOMEBODY_S_TOKEN", "HF_TOKEN"} & found.keys()
    assert not Path(found["HOME"]).exists()


def test_secrets_appear_nowhere(api, hub):
    code = "import os, sys; print('it is', os.environ['DOOR']); sys.exit('no ' + os.environ['DOOR'])"
    job, lines = run(api, code, secrets={"DOOR": SECRET})
    assert lines == ["it is ***", "***", "no ***", "***", "The command ended with exit code 1"]
    headers = {"Authorization": f"Bearer {hub.token}"}
    for path in ("", f"/{job.id}", f"/{job.id}/logs"):
        shown = httpx2.get(f"{hub.endpoint}/api/jobs/spacehub{path}", headers=headers, trust_env=False).text
        assert "DOOR" in shown or path.endswith("logs")
        assert not any(part in shown for part in SECRET.splitlines())


@pytest.mark.parametrize(
    ("code", "options", "message", "last"),
    [
        ("print('so'); raise SystemExit(3)", {}, "The command ended with exit code 3", "so"),
        ("import time; print('so'); time.sleep(60)", {"timeout": 1}, "The job took more than 1 s", "so"),
        ("print('so'); raise SystemExit(3)", {"attempts": 2}, "The command ended with exit code 3", "so"),
    ],
    ids=["exit code", "time limit", "attempts"],
)
def test_a_job_that_fails_says_why(api, code, options, message, last):
    job, lines = run(api, code, **options)
    assert (job.status.stage, job.status.message) == (JobStage.ERROR, message)
    again = ["Attempt 2 of 2.", last] if "attempts" in options else []
    assert lines == [last, *again, message]


def test_follow_cancel_list_label_and_rerun(api):
    code = "import time; print('ready', flush=True); time.sleep(60)"
    job = running(api, code, labels={"name": "sleeper"})
    assert [one.id for one in api.list_jobs(status="running", labels={"name": "sleeper"})] == [job.id]
    assert api.update_job_labels(job_id=job.id, labels={"a": "b"}).labels == {"a": "b"}
    api.cancel_job(job_id=job.id)
    assert api.wait_for_job(job.id, timeout=30, poll_interval=0.05).status.stage == JobStage.CANCELED
    assert job.id not in [one.id for one in api.list_jobs(status=["running", "scheduling"])]
    api.cancel_job(job_id=job.id)
    again = api.rerun_job(job_id=job.id)
    assert (again.command, again.id == job.id) == (job.command, False)
    api.cancel_job(job_id=again.id)
    done, lines = run(api, "print(*range(5), sep='\\n')")
    assert lines == ["0", "1", "2", "3", "4"]
    assert list(api.fetch_job_logs(job_id=done.id, tail=2)) == ["3", "4"]
    assert [one.name for one in api.list_jobs_hardware()] == ["cpu-basic"]


def test_only_so_many_run_at_once(hub, api, monkeypatch):
    monkeypatch.setattr(runner, "MOST_WAITING", 1)
    code = "import time; print('ready', flush=True); time.sleep(60)"
    jobs = [running(api, code) for _ in range(runner.AT_ONCE)]
    jobs.append(api.run_job(image=IMAGE, command=["python"]))
    with pytest.raises(HfHubHTTPError, match="5 jobs are already running or waiting"):
        api.run_job(image=IMAGE, command=["python"])
    assert api.inspect_job(job_id=jobs[-1].id).status.stage == JobStage.SCHEDULING
    # The waiting one first: it would begin, and end, once another is gone.
    for job in reversed(jobs):
        api.cancel_job(job_id=job.id)
    for job in api.wait_for_job([job.id for job in jobs], timeout=60, poll_interval=0.05):
        assert job.status.stage == JobStage.CANCELED


def test_volumes_are_found_at_their_paths(api, hub, xet):
    api.create_repo("texts", repo_type="dataset", exist_ok=True)
    api.upload_file(
        path_or_fileobj=b"of a dataset",
        path_in_repo="in/a.txt",
        repo_id="spacehub/texts",
        repo_type="dataset",
    )
    api.create_bucket("spacehub/notes", exist_ok=True)
    api.batch_bucket_files("spacehub/notes", add=[(b"of a bucket", "sub/b.txt")])
    volumes = [
        Volume(type="dataset", source="spacehub/texts", mount_path="/texts", path="in"),
        Volume(type="bucket", source="spacehub/notes", mount_path="/notes"),
    ]
    code = "import os; print(open('/texts/a.txt').read(), open(os.environ['B']).read(), '/texts2')"
    job, lines = run(api, code, env={"B": "/notes/sub/b.txt"}, volumes=volumes)
    assert lines == ["of a dataset of a bucket /texts2"]
    assert job.volumes == [
        Volume(**{**vars(one), "read_only": False})  # this Hub always says it
        for one in volumes
    ]


def test_a_uv_script_of_this_machine_runs(api, tmp_path, xet):
    script = tmp_path / "hello.py"
    script.write_text("# /// script\n# dependencies = []\n# ///\nimport sys\nprint('hello', *sys.argv[1:])\n")
    job = api.run_uv_job(str(script), script_args=["moon"], python=sys.executable)
    assert api.wait_for_job(job.id, timeout=120, poll_interval=0.05).status.stage == JobStage.COMPLETED
    assert list(api.fetch_job_logs(job_id=job.id))[-1] == "hello moon"


def test_the_hf_command(hub, tmp_path):
    variables = {"PATH": os.environ["PATH"], "HF_HOME": str(tmp_path), "NO_COLOR": "1"}
    variables |= environment(hub.endpoint, hub.token)

    def hf(*words: str, code: int = 0) -> str:
        command = [Path(sys.executable).parent / "hf", "jobs", *words]
        done = subprocess.run(command, env=variables, capture_output=True, text=True)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    said = hf(
        "run", "--name", "greeter", "--secrets", "DOOR=sesame", IMAGE, "python", "-c", "print('hi there')"
    )
    assert "hi there" in said
    assert "completed" in said
    assert "exit code 4" in hf("run", IMAGE, "python", "-c", "raise SystemExit(4)", code=1)
    listed = json.loads(hf("ps", "--all", "--name", "greeter", "--format", "json"))
    assert [(job["status"], job["command"]) for job in listed] == [
        ("COMPLETED", "python -c print('hi there')")
    ]
    sleeping = hf("run", "--detach", "-q", IMAGE, "python", "-c", "import time; time.sleep(60)").split()[0]
    hf("cancel", sleeping)
    assert "CANCELED" in hf("wait", sleeping, code=1) + hf("inspect", sleeping)
    assert "hi there" in hf("logs", listed[0]["id"])


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"command": []}, 400, "at least one word"),
        ({"command": "python"}, 400, "list of strings"),
        ({"command": ["x"] * 2000}, 400, "1024 words"),
        ({"command": ["x" * 200_000]}, 400, "100000 bytes"),
        ({"command": ["x\0"]}, 400, "list of strings"),
        ({"command": ["\ud800"]}, 400, "not valid JSON"),
        ({"command": ["x" * 99_000] * 12}, 400, "1048576 bytes"),
        ({"environment": {f"A{i}": "" for i in range(300)}}, 400, "256 entries"),
        ({"environment": {"A=B": ""}}, 400, "'A=B'"),
        ({"secrets": {"A": 1}}, 400, "'A' in `secrets`"),
        ({"timeoutSeconds": 0}, 400, "from 1 to 604800"),
        ({"timeoutSeconds": 1 << 40}, 400, "from 1 to 604800"),
        ({"timeoutSeconds": True}, 400, "whole number"),
        ({"attempts": 11}, 400, "from 1 to 10"),
        ({"flavor": "x" * 65}, 400, "hardware"),
        ({"labels": {"a b": "c"}}, 400, "label"),
        ({"dockerImage": ""}, 400, "image"),
        ({"ssh": {"enabled": True}}, 501, "does not support SSH"),
        ({"volumes": [{}]}, 400, "type"),
        ({"volumes": [{"type": "model", "source": "a/b", "mountPath": "/"}]}, 400, "absolute path"),
        ({"volumes": [{"type": "model", "source": "a/b", "mountPath": "/../x"}]}, 400, "absolute path"),
        ({"volumes": [{"type": "model", "source": "a/b", "mountPath": "/x"}]}, 404, "not found"),
        ({"volumes": [{"type": "bucket", "source": "a/b", "mountPath": "/x", "path": "../y"}]}, 422, "path"),
    ],
)
def test_a_request_out_of_bounds_is_rejected(hub, change, status, words):
    body = json.dumps({"dockerImage": IMAGE, "command": ["python"]} | change).encode()
    headers = {"Authorization": f"Bearer {hub.token}"}
    answer = httpx2.post(f"{hub.endpoint}/api/jobs/spacehub", content=body, headers=headers, trust_env=False)
    assert answer.status_code == status
    assert words in answer.json()["error"]


def test_jobs_are_for_those_who_may_write(tmp_path):
    def account(name: str, role: str) -> dict:
        return {"name": name, "tokens": [{"token": f"hf_{name}_{role}", "name": "t", "role": role}]}

    accounts = [account("ann", "write"), account("bob", "write"), account("eve", "read")]
    with LocalHub(accounts=accounts, run_jobs=True) as hub:
        ann, bob = (HfApi(endpoint=hub.endpoint, token=f"hf_{name}_write") for name in ("ann", "bob"))
        job = ann.run_job(image=IMAGE, command=["python"])
        for use in (
            lambda: bob.run_job(image=IMAGE, command=["python"], namespace="ann"),
            lambda: bob.inspect_job(job_id=job.id, namespace="ann"),
            lambda: list(bob.list_jobs(namespace="ann")),
            lambda: bob.cancel_job(job_id=job.id, namespace="ann"),
            lambda: HfApi(endpoint=hub.endpoint, token="hf_eve_read").run_job(image=IMAGE, command=["a"]),
        ):
            with pytest.raises(HfHubHTTPError) as caught:
                use()
            assert caught.value.response.status_code == 403
        with pytest.raises(HfHubHTTPError, match="Job Not Found"):
            bob.inspect_job(job_id=job.id)
    with pytest.raises(LocalHubError, match="Cannot use --run-jobs"):
        LocalHub(tmp_path, host="0.0.0.0", accounts=accounts, run_jobs=True).__enter__()


def test_they_are_opt_in(local_hub):
    api = HfApi(endpoint=local_hub.endpoint, token=local_hub.token)
    with pytest.raises(HfHubHTTPError, match="--run-jobs"):
        api.run_job(image=IMAGE, command=["python"])


def test_nothing_runs_after_the_hub(tmp_path):
    code = f"import os, pathlib, time; pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid()))"
    with LocalHub(tmp_path / "hub", run_jobs=True) as hub:
        api = HfApi(endpoint=hub.endpoint, token=hub.token)
        running(api, f"{code}; print('ready', flush=True); time.sleep(600)")
    process = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 30
    while Path(f"/proc/{process}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    assert list((tmp_path / "hub" / "jobs" / "runs").iterdir()) == []


def test_a_bad_request_names_no_secret(api):
    with pytest.raises(BadRequestError) as caught:
        api.run_job(image=IMAGE, command=["python"], secrets={"DOOR": "sesame" * 50_000})
    assert "DOOR" in str(caught.value)
    assert "sesame" not in str(caught.value)
