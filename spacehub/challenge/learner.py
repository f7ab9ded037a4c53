"""The learner's commands: start with the data and a first model, and submit probabilities as a pull request."""

import csv
import io
from datetime import datetime
from pathlib import Path

from spacehub import endpoint, folders
from spacehub.challenge import hub, submission
from spacehub.errors import SpaceHubError
from spacehub.serving.challenge import rules

TEMPLATE = Path(__file__).with_name("template")
STARTER = "solve.py"


def start(folder: Path) -> rules.Rules:
    """Write the data and a first model into a new folder; return the rules.

    Raises
    ------
    SpaceHubError
        If the Hub has no challenge, or the folder exists or cannot be written.
    """
    known = hub.require_rules()
    tables = {
        name: hub.file(rules.repo_id(), name, largest=hub.LARGEST_TABLE) or b""
        for name in (rules.TRAIN, rules.TEST)
    }
    folders.create(folder, tables | {STARTER: (TEMPLATE / STARTER).read_bytes()})
    return known


def submit(path: Path) -> tuple[int, int]:
    """Open a pull request with a file of probabilities; return its number, and how many are left today.

    Raises
    ------
    SpaceHubError
        If the file is not a submission, the challenge is not open, today's limit is reached, or the Hub refuses.
    """
    import httpx2
    from huggingface_hub import CommitOperationAdd, HfApi
    from huggingface_hub.errors import HfHubHTTPError

    known, moment = hub.require_rules(), rules.now()
    if not known.is_open(moment):
        raise SpaceHubError(
            f"The challenge closed on {known.closes:%Y-%m-%d %H:%M} UTC.", "Wait for the next round."
        )
    endpoint.require_token(rules.repo_id().split("/")[0])
    content = _checked(path)
    try:
        today = _submitted(HfApi().whoami()["name"], moment)
        if today >= known.daily:
            raise SpaceHubError(
                f"You have reached the daily limit of {known.daily} submissions.",
                "Submit again tomorrow (UTC).",
            )
        commit = HfApi().create_commit(
            rules.repo_id(),
            [CommitOperationAdd(rules.SUBMISSION, content)],
            commit_message="Submission",
            repo_type="dataset",
            create_pr=True,
        )
    except (HfHubHTTPError, httpx2.HTTPError) as error:
        raise endpoint.explain(error, rules.repo_id()) from error
    return commit.pr_num, known.daily - today - 1


def _checked(path: Path) -> bytes:
    """Return a submission's content after the organiser's own checks."""
    try:
        if path.stat().st_size > submission.LARGEST:
            raise SpaceHubError(f"{path} is larger than {submission.LARGEST:,} bytes.", submission.FIX)
        content = path.read_bytes()
    except OSError as error:
        raise SpaceHubError(
            f"Cannot read {path}: {error.strerror}.", "Enter the path of a CSV file."
        ) from error
    table = hub.file(rules.repo_id(), rules.TEST, largest=hub.LARGEST_TABLE) or b""
    submission.read(content, (row["id"] for row in csv.DictReader(io.StringIO(table.decode("utf-8")))))
    return content


def _submitted(account: str, moment: datetime) -> int:
    """Return how many pull requests an account has opened on that day, in UTC."""
    from huggingface_hub import HfApi

    listed = HfApi().get_repo_discussions(
        rules.repo_id(), author=account, repo_type="dataset", discussion_type="pull_request"
    )
    return sum(one.created_at.date() == moment.date() for one in listed)
