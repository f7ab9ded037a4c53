"""Read from the Hub: a repository's newest commit, and its files at that commit."""

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
    RevisionNotFoundError,
)
from huggingface_hub.utils import build_hf_headers, filter_repo_objects, paginate, parse_datetime

from space_app.rollout import sizes
from spacehub.errors import SpaceHubError


class HubAwayError(SpaceHubError):
    """The Hub does not answer, or offline mode is set."""

    def __init__(self):
        if constants.is_offline_mode():
            super().__init__("HF_HUB_OFFLINE is set.", "The app serves the files in its cache.")
            return
        super().__init__(
            f"The Hub at {constants.ENDPOINT} does not answer.",
            "Check that the Hub is running, and that HF_ENDPOINT is correct.",
        )

    def __reduce__(self):
        """Keep both sentences when the error is pickled for another process."""
        return type(self), ()


@dataclass(frozen=True, kw_only=True)
class Commit:
    """The newest commit of a repository's main branch: its sha and its time."""

    sha: str
    made: datetime | None


def newest(
    repo_id: str, *, repo_type: str, token: bool | None = None, pin: str | None = None
) -> Commit | None:
    """Return a repository's newest commit, or the commit that begins with `pin`.

    None if the repository does not exist.

    Raises
    ------
    HubAwayError
        If the Hub does not answer.
    SpaceHubError
        If the Hub refuses.
    """
    with _hub_errors(repo_id):
        try:
            info = HfApi().repo_info(
                repo_id,
                repo_type=repo_type,
                revision=pin,
                expand=["sha", "lastModified"],
                timeout=5,
                token=token,
            )
        except RepositoryNotFoundError:
            return None
        except RevisionNotFoundError as error:
            raise SpaceHubError(
                f"{repo_id} has no commit {pin}.", "Choose a commit from its history: SPACEHUB_PIN=KEY@COMMIT"
            ) from error
    return Commit(sha=info.sha, made=info.last_modified)


def history(repo_id: str, *, repo_type: str, limit: int) -> list[Commit]:
    """Return the newest commits of a repository's main branch, at most `limit`, newest first.

    Raises
    ------
    HubAwayError
        If the Hub does not answer.
    SpaceHubError
        If the Hub refuses.
    """
    url = f"{constants.ENDPOINT}/api/{repo_type}s/{repo_id}/commits/main"
    with _hub_errors(repo_id):
        commits = list(islice(paginate(url, {}, build_hf_headers(), timeout=10), limit))
    return [Commit(sha=commit["id"], made=parse_datetime(commit["date"])) for commit in commits]


def pull(repo_id: str, files: list[str], *, repo_type: str, commit: str) -> Path:
    """Return a folder with the repository's `files` at `commit`.

    Files are fetched once per commit. If one file is too large, none is fetched. A file that the commit lacks
    is not in the folder.

    Raises
    ------
    HubAwayError
        If the Hub does not answer.
    SpaceHubError
        If the Hub refuses.
    """
    with _hub_errors(repo_id):
        info = HfApi().repo_info(
            repo_id, repo_type=repo_type, revision=commit, files_metadata=True, timeout=10
        )
        known = {file.rfilename: file.size or 0 for file in info.siblings or ()}
        names = list(filter_repo_objects(known, allow_patterns=files))
        sizes.require_small((name, known[name]) for name in names)
        return Path(
            snapshot_download(repo_id, repo_type=repo_type, revision=commit, allow_patterns=names or files)
        )


def cached(repo_id: str, files: list[str], *, repo_type: str, commit: str | None = None) -> Path | None:
    """Return the cached folder with `files` of a commit, without a request to the Hub.

    By default the newest cached commit.
    """
    try:
        folder = snapshot_download(
            repo_id, repo_type=repo_type, revision=commit, allow_patterns=files, local_files_only=True
        )
    except (OSError, ValueError, HfHubHTTPError):
        return None
    return Path(folder)


def pull_file(
    repo_id: str, name: str, *, repo_type: str, commit: str, limit: int, token: bool | None = None
) -> bytes | None:
    """Return a repository's file at `commit`, or None if the file does not exist or is too long.

    Parameters
    ----------
    limit : int
        The maximum number of bytes to fetch.
    token : bool, optional
        False to read without a token, so that only public files are visible.

    Raises
    ------
    HubAwayError
        If the Hub does not answer.
    SpaceHubError
        If the Hub refuses.
    """
    with _hub_errors(repo_id):
        url = hf_hub_url(repo_id, name, repo_type=repo_type, revision=commit)
        try:
            if (get_hf_file_metadata(url, token=token).size or 0) > limit:
                return None
            path = hf_hub_download(repo_id, name, repo_type=repo_type, revision=commit, token=token)
        except RemoteEntryNotFoundError:
            return None
    return Path(path).read_bytes()


def address(repo_id: str, *, repo_type: str, commit: str | None = None) -> str:
    """Return the address of a repository's page on the Hub, at a commit if one is given."""
    prefix = "" if repo_type == "model" else f"{repo_type}s/"
    tree = f"/tree/{commit}" if commit else ""
    return f"{constants.ENDPOINT}/{prefix}{repo_id}{tree}"


@contextlib.contextmanager
def _hub_errors(repo_id: str) -> Iterator[None]:
    """Raise our own error if the Hub cannot be reached, or refuses to show `repo_id`."""
    try:
        yield
    except HfHubHTTPError as error:
        raise _refusal(repo_id, error) from error
    except (
        httpx2.HTTPError,
        OSError,
    ) as error:  # OSError: also raised for a file that neither the Hub nor the cache has.
        raise HubAwayError from error


class RefusedError(SpaceHubError):
    """The Hub answers, but refuses the request; it may accept it later."""


def _refusal(repo_id: str, error: HfHubHTTPError) -> RefusedError:
    status = error.response.status_code if error.response is not None else "no"
    return RefusedError(
        f"The Hub at {constants.ENDPOINT} refused the request for {repo_id} (status {status}).",
        "Check that HF_TOKEN is valid, and that the repository is public or readable with this token.",
    )
