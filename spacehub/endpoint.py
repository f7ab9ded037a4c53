"""Check the Hub at HF_ENDPOINT: whether it responds, and which of our repositories it contains."""

import json
import os
from pathlib import Path

from spacehub.errors import SpaceHubError
from spacehub.network import trouble


def require_reachable() -> None:
    """Check within seconds that the Hub responds; the official client would retry for half a minute.

    Raises
    ------
    SpaceHubError
        If the Hub does not respond.
    """
    from huggingface_hub import constants

    problem = trouble(constants.ENDPOINT)
    if problem:
        raise SpaceHubError(
            f"The Hub at {constants.ENDPOINT} cannot be reached: {problem}.",
            "Check that the Hub is running and that HF_ENDPOINT is correct. To start a Hub on this machine, run `make demo`.",
        )


def require_token(namespace: str) -> None:
    """Check that a token is set and has write access to `namespace`, before a long task starts.

    Fine-grained tokens of huggingface.co do not show their permissions. The short-lived token of a CI job
    (``HF_OIDC_RESOURCE``) belongs to a repository, not to an account. For both kinds of token, only the push shows whether
    the token has write access.

    Raises
    ------
    SpaceHubError
        If no token is set, the token is invalid, or the token is read-only.
    """
    import httpx2
    from huggingface_hub import HfApi, constants, get_token
    from huggingface_hub.errors import HfHubHTTPError

    if get_token() is None:
        raise no_token(constants.ENDPOINT)
    if os.environ.get("HF_OIDC_RESOURCE"):
        return
    try:
        role = HfApi().whoami().get("auth", {}).get("accessToken", {}).get("role")
    except (HfHubHTTPError, httpx2.HTTPError, OSError) as error:
        raise explain(error, f"{namespace}/…") from error
    if role == "read":
        raise not_allowed(f"{namespace}/…")


def published_commit(repo_id: str, *, repo_type: str) -> str | None:
    """Return the newest commit of a repository on the Hub; None if the repository does not exist.

    This function does not use the client's cache, which may still contain a deleted repository.

    Raises
    ------
    SpaceHubError
        If the Hub cannot be reached or rejects the token.
    """
    import httpx2
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

    try:
        return HfApi().repo_info(repo_id, repo_type=repo_type).sha
    except RepositoryNotFoundError:
        return None
    except (HfHubHTTPError, httpx2.HTTPError, OSError) as error:
        raise explain(error, repo_id) from error


def published_facts(repo_id: str, name: str, *, repo_type: str) -> dict | None:
    """Read a JSON file from a repository's newest commit; None if the file does not exist.

    Raises
    ------
    SpaceHubError
        If the Hub cannot be reached or rejects the token.
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


def explain(error: Exception, repo_id: str) -> SpaceHubError:
    """Convert a client's error about `repo_id` to an error that explains what to do."""
    import httpx2
    from huggingface_hub import constants

    status = getattr(getattr(error, "response", None), "status_code", None)
    if status == 401:
        return no_token(constants.ENDPOINT)
    if status == 403:
        return not_allowed(repo_id)
    if isinstance(error, httpx2.TransportError):
        return SpaceHubError(
            f"The Hub at {constants.ENDPOINT} cannot be reached: {error}.",
            "Check that the Hub is running and that HF_ENDPOINT is correct.",
        )
    return SpaceHubError(
        f"{constants.ENDPOINT} rejected the request for {repo_id}: {error}.",
        "Fix the problem and try again.",
    )


def no_token(hub: str) -> SpaceHubError:
    """Return the error for a missing or invalid token."""
    return SpaceHubError(
        f"The token for {hub} is missing or invalid.", "Set HF_TOKEN to a token with the write role."
    )


def not_allowed(repo_id: str) -> SpaceHubError:
    """Return the error for a token without write access to a repository."""
    return SpaceHubError(
        f"The token in HF_TOKEN does not have write access to {repo_id}.",
        f"Use a token with write access to {repo_id.split('/')[0]}, or set SPACEHUB_NAMESPACE to "
        "your own account.",
    )
