"""Submit a training script to Hugging Face Jobs, or to an embedded Hub, which runs it as a process of this machine.

The code is uploaded to the bucket ``NAMESPACE/jobs-artifacts``, into a folder named after its content. A later
submission therefore does not affect a running job. uv installs the versions of ``requirements.txt`` that
training needs.
"""

import hashlib
import re
import shutil
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path

from spacehub import catalogue
from spacehub.endpoint import explain, no_token, require_reachable, require_token
from spacehub.errors import SpaceHubError
from spacehub.parts import CHECKOUT

FOLDERS = {
    "spacehub": "spacehub",
    "train_scripts": "train_scripts",
    "model_cards": "model_cards",
    "localhub": "packages/localhub/localhub",  # it checks the front matter of cards
}
MOUNT = "/spacehub"
REQUIREMENTS = "requirements.txt"
_PIN = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==")


def scripts() -> list[str]:
    """Return the names of the training scripts."""
    return sorted(path.stem for path in (CHECKOUT / "train_scripts").glob("train_*.py"))


def submit(
    script: str,
    arguments: list[str],
    *,
    flavor: str,
    timeout: str,
    say: Callable[[str], None],
    wait: bool = True,
) -> str:
    """Run a training script as a job; return the job's id, at its end if `wait`.

    Parameters
    ----------
    script : str
        One of `scripts`.
    arguments : list of str
        The script's own.
    flavor : str
        The kind of hardware, such as ``cpu-upgrade`` or ``t4-small``.
    timeout : str
        When the job is stopped: seconds, or with a unit, such as ``90m`` or ``2h``.

    Raises
    ------
    SpaceHubError
        If there is no such script, the job would only print its help, the Hub rejects the job, or the job does
        not complete.
    """
    if script not in scripts():
        raise SpaceHubError(f"Unknown training script: {script!r}.", f"Use one of: {', '.join(scripts())}.")
    if {"-h", "--help"} & set(arguments):
        raise SpaceHubError(
            "The job would only print the script's help.",
            f"To print the help on this machine, run: python -m train_scripts.{script} --help",
        )
    if not re.fullmatch(r"[0-9]{1,9}[smhd]?", timeout):
        raise SpaceHubError(
            f"{timeout!r} is not a valid time limit.", "Use a number followed by s, m, h or d, such as 2h."
        )
    import httpx2
    from huggingface_hub import HfApi, constants, get_token
    from huggingface_hub._jobs_api import DEFAULT_UV_IMAGE
    from huggingface_hub.errors import HfHubHTTPError

    namespace, token = catalogue.namespace(), get_token()
    require_reachable()
    require_token(namespace)
    if token is None:
        raise no_token(constants.ENDPOINT)
    api = HfApi()
    try:
        with tempfile.TemporaryDirectory() as scratch:
            code = stage(Path(scratch) / "code")
            say("Uploading the code.")
            volume = api.sync_job_volume(
                code, MOUNT, remote_name=f"spacehub-{digest(code)}", namespace=namespace
            )
        job = api.run_job(
            image=DEFAULT_UV_IMAGE,
            command=command(script, arguments),
            env={"PYTHONPATH": MOUNT, "SPACEHUB_NAMESPACE": namespace},
            secrets={"HF_TOKEN": token},
            flavor=flavor,
            timeout=timeout,
            name=script,
            volumes=[volume],
            namespace=namespace,
        )
        reference = f"{namespace}/{job.id}"
        say(
            f"Job {reference} on {flavor}. To follow it, run: hf jobs logs -f {reference}. "
            f"To cancel it, run: hf jobs cancel {reference}"
        )
        if not wait:
            return job.id
        for line in api.fetch_job_logs(job_id=job.id, namespace=namespace, follow=True):
            say(line.rstrip("\n"))
        status = api.wait_for_job(job.id, namespace=namespace).status
    except (HfHubHTTPError, httpx2.HTTPError) as error:
        raise explain(error, f"{namespace}/…") from error
    if status.stage != "COMPLETED":
        raise SpaceHubError(
            f"Job {reference} ended with the status {status.stage}{f': {status.message}' if status.message else ''}.",
            f"To see the log, run: hf jobs logs {reference}",
        )
    return job.id


def command(script: str, arguments: list[str]) -> list[str]:
    """Return the job's command."""
    uv = ["uv", "run", "--no-project", "--with-requirements", f"{MOUNT}/{REQUIREMENTS}"]
    return [*uv, "python", "-m", f"train_scripts.{script}", *arguments]


def stage(folder: Path) -> Path:
    """Write what a job needs of this checkout into a new `folder`, and return it.

    Raises
    ------
    SpaceHubError
        If SpaceHub is installed without its requirements.
    """
    if not (CHECKOUT / REQUIREMENTS).is_file():
        raise SpaceHubError(
            "This installation does not include requirements.txt.",
            "Run the command in a checkout of SpaceHub.",
        )
    for name, origin in FOLDERS.items():
        shutil.copytree(CHECKOUT / origin, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    declared = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*declared["dependencies"], *declared["optional-dependencies"]["train"]]
    pins = closure((CHECKOUT / REQUIREMENTS).read_text(encoding="utf-8"), wanted)
    (folder / REQUIREMENTS).write_text("".join(f"{line}\n" for line in pins), encoding="utf-8")
    return folder


def closure(lock: str, wanted: list[str]) -> list[str]:
    """Return the lines of a compiled requirements file for some packages and all that these need.

    The comments ``# via`` say which package needs which.

    >>> closure("a==1\\n    # via spacehub\\nb==2\\n    # via a\\nc==3\\n    # via d\\n", ["A>=1"])
    ['a==1', 'b==2']
    """
    pins: dict[str, list[str]] = {}
    needed_by: dict[str, set[str]] = {}
    name = ""
    for line in lock.splitlines():
        if found := _PIN.match(line):
            name = _plain(found[1])
            pins.setdefault(name, []).append(line)
        elif name and (by := line.strip().removeprefix("#").strip().removeprefix("via").strip()):
            needed_by.setdefault(name, set()).add(_plain(by))
    kept = {_plain(re.split(r"[^A-Za-z0-9._-]", one, maxsplit=1)[0]) for one in wanted} & pins.keys()
    while more := {one for one in pins if one not in kept and needed_by.get(one, set()) & kept}:
        kept |= more
    return [line for one in pins if one in kept for line in pins[one]]


def digest(folder: Path) -> str:
    """Return a name for the content of a folder."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        total.update(
            f"{path.relative_to(folder)}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode()
        )
    return total.hexdigest()[:12]


def _plain(name: str) -> str:
    """Return a package's normalised name."""
    return re.sub(r"[-_.]+", "-", name).lower()
