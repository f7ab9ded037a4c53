"""The Hub that HF_ENDPOINT names: whether it answers, and what it holds of ours."""

import json
from pathlib import Path

from spacehub.errors import SpaceHubError
from spacehub.network import trouble


def require_reachable() -> None:
    """Make sure that the Hub answers, within seconds, where its client would go on trying for half a minute.

    Raises
    ------
    SpaceHubError
        When it does not.
    """
    from huggingface_hub import constants

    problem = trouble(constants.ENDPOINT)
    if problem:
        raise SpaceHubError(
            f"The Hub at {constants.ENDPOINT} cannot be reached: {problem}.",
            "Is it running? Check HF_ENDPOINT; `make demo` runs one on this machine.",
        )


def published_commit(repo_id: str, *, repo_type: str) -> str | None:
    """Ask the Hub for the newest commit of a repository; None when there is no such repository.

    What is in the client's cache does not count: it outlives the repository.

    Raises
    ------
    SpaceHubError
        When the Hub cannot be reached or refuses the token.
    """
    import httpx2
    from huggingface_hub import HfApi, constants
    from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

    try:
        return HfApi().repo_info(repo_id, repo_type=repo_type).sha
    except RepositoryNotFoundError:
        return None
    except HfHubHTTPError as error:
        raise SpaceHubError(
            f"The Hub at {constants.ENDPOINT} refused: {error}.", "Check HF_TOKEN."
        ) from error
    except (httpx2.HTTPError, OSError) as error:
        raise SpaceHubError(
            f"The Hub at {constants.ENDPOINT} cannot be reached: {error}.",
            "Is it running? Check HF_ENDPOINT.",
        ) from error


def published_facts(repo_id: str, name: str, *, repo_type: str) -> dict | None:
    """Read a JSON file of a repository's newest commit; None when there is no such file.

    Raises
    ------
    SpaceHubError
        As `published_commit`.
    """
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import RemoteEntryNotFoundError

    commit = published_commit(repo_id, repo_type=repo_type)
    if commit is None:
        return None
    try:
        path = hf_hub_download(repo_id, name, repo_type=repo_type, revision=commit)
    except RemoteEntryNotFoundError:
        return None
    return json.loads(Path(path).read_text(encoding="utf-8"))
