"""Releases of huggingface_hub that people still have do an ordinary day's work on the Hub."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from localhub.clients import environment
from spacehub.home import home

SCRIPT = Path(__file__).with_name("everyday_work.py")


@pytest.fixture(params=["0.36.2", "1.28.0", None], ids=["0.36", "1.28", "installed"])
def release(request) -> str | None:
    """A folder for PYTHONPATH with a release and what it depends on; none for the one installed."""
    if request.param is None:
        return None
    target = home() / "client-releases" / f"huggingface_hub-{request.param}"
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{target}.lock"):
        if not target.exists():
            building = target.with_suffix(".new")
            command = [sys.executable, "-m", "pip", "install", "--quiet", "--retries", "1", "--upgrade"]
            command += ["--target", str(building), f"huggingface_hub=={request.param}"]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                pytest.skip(f"no package registry answers: {done.stderr.strip()[-300:]}")
            building.rename(target)
    return str(target)


@pytest.mark.parametrize("xet", [True, False], ids=["xet", "lfs"])
def test_an_ordinary_day(hub_process, tmp_path, release, xet):
    hub = hub_process()
    variables = {
        **{key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ},
        **environment(hub.endpoint, hub.token),
        "HF_HUB_DISABLE_XET": "0" if xet else "1",
        "HF_HOME": str(tmp_path / "home"),
    }
    if release is not None:
        variables["PYTHONPATH"] = release
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path)],
        env=variables,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    version = done.stdout.split()[-1]
    assert release is None or release.endswith(version)
