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


def published_facts(repo_id: str, name: str, *, repo_type: str) -> dict | None:
    """Read a JSON file of a repository on the Hub; None when there is no such file.

    Raises
    ------
    SpaceHubError
        When the Hub cannot be reached or refuses the token.
    """
    from huggingface_hub import constants, hf_hub_download
    from huggingface_hub.errors import (
        EntryNotFoundError,
        HfHubHTTPError,
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
    )

    try:
        path = hf_hub_download(repo_id, name, repo_type=repo_type)
    except LocalEntryNotFoundError as error:
        raise SpaceHubError(
            f"The Hub at {constants.ENDPOINT} cannot be reached.", "Is it running? Check HF_ENDPOINT."
        ) from error
    except (EntryNotFoundError, RepositoryNotFoundError):
        return None
    except HfHubHTTPError as error:
        raise SpaceHubError(
            f"The Hub at {constants.ENDPOINT} refused: {error}.", "Check HF_TOKEN."
        ) from error
    return json.loads(Path(path).read_text(encoding="utf-8"))
