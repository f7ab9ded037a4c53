"""Reading from the Hub: the newest commit of a repository, and its files at that commit."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

import httpx2
from huggingface_hub import (
    HfApi,
    constants,
    get_hf_file_metadata,
    hf_hub_download,
    hf_hub_url,
    snapshot_download,
)
from huggingface_hub.errors import (
    HfHubHTTPError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
)
from huggingface_hub.utils import build_hf_headers, paginate, parse_datetime

from spacehub.errors import SpaceHubError


class HubAwayError(SpaceHubError):
    """The Hub does not answer."""

    def __init__(self):
        super().__init__(
            f"The Hub at {constants.ENDPOINT} does not answer.", "Is it running? Check HF_ENDPOINT."
        )


@dataclass(frozen=True, kw_only=True)
class Commit:
    """The newest commit of a repository's main branch: its sha, and when it was made."""

    sha: str
    made: datetime | None


def newest(repo_id: str, *, repo_type: str, token: bool | None = None) -> Commit | None:
    """Return the newest commit of a repository, or None when there is no such repository.

    Raises
    ------
    HubAwayError
        When the Hub does not answer.
    SpaceHubError
        When it refuses.
    """
    with _told(repo_id):
        try:
            info = HfApi().repo_info(repo_id, repo_type=repo_type, timeout=5, token=token)
        except RepositoryNotFoundError:
            return None
    return Commit(sha=info.sha, made=info.last_modified)


def history(repo_id: str, *, repo_type: str, limit: int) -> list[Commit]:
    """Return the newest commits of a repository's main branch, at most `limit`, newest first.

    Raises
    ------
    HubAwayError
        When the Hub does not answer.
    SpaceHubError
        When it refuses.
    """
    url = f"{constants.ENDPOINT}/api/{repo_type}s/{repo_id}/commits/main"
    with _told(repo_id):
        found = list(islice(paginate(url, {}, build_hf_headers(), timeout=10), limit))
    return [Commit(sha=one["id"], made=parse_datetime(one["date"])) for one in found]


def pull(repo_id: str, files: list[str], *, repo_type: str, commit: str) -> Path:
    """Return a folder that holds `files` of the repository as they are at `commit`.

    They are fetched once for each commit; a file that the commit lacks is not in the folder.

    Raises
    ------
    HubAwayError
        When the Hub does not answer.
    SpaceHubError
        When it refuses.
    """
    with _told(repo_id):
        return Path(snapshot_download(repo_id, repo_type=repo_type, revision=commit, allow_patterns=files))


def pull_file(
    repo_id: str, name: str, *, repo_type: str, commit: str, limit: int, token: bool | None = None
) -> bytes | None:
    """Return a file of the repository as it is at `commit`, or None when it lacks it or it is too long.

    Parameters
    ----------
    limit : int
        The most bytes that are fetched.
    token : bool, optional
        False to read as anyone may.

    Raises
    ------
    HubAwayError
        When the Hub does not answer.
    SpaceHubError
        When it refuses.
    """
    with _told(repo_id):
        url = hf_hub_url(repo_id, name, repo_type=repo_type, revision=commit)
        try:
            if (get_hf_file_metadata(url, token=token).size or 0) > limit:
                return None
            path = hf_hub_download(repo_id, name, repo_type=repo_type, revision=commit, token=token)
        except RemoteEntryNotFoundError:
            return None
    return Path(path).read_bytes()


def address(repo_id: str, *, repo_type: str, commit: str | None = None) -> str:
    """Return the address of a repository's page on the Hub, at a commit when one is given."""
    prefix = "" if repo_type == "model" else f"{repo_type}s/"
    tree = f"/tree/{commit}" if commit else ""
    return f"{constants.ENDPOINT}/{prefix}{repo_id}{tree}"


@contextlib.contextmanager
def _told(repo_id: str) -> Iterator[None]:
    """Tell in our words that the Hub is away, or refuses to show `repo_id`."""
    try:
        yield
    except HfHubHTTPError as error:
        raise _refusal(repo_id, error) from error
    except (httpx2.HTTPError, OSError) as error:  # OSError: also a file that neither Hub nor cache gives
        raise HubAwayError from error


def _refusal(repo_id: str, error: HfHubHTTPError) -> SpaceHubError:
    status = error.response.status_code if error.response is not None else "no"
    return SpaceHubError(
        f"The Hub at {constants.ENDPOINT} refused to show {repo_id} (status {status}).",
        "Check HF_TOKEN, and that the repository is public or yours.",
    )
