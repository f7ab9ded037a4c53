"""Read the challenge's files from the Hub, and check the size of each file before the download."""

from pathlib import Path

from spacehub import endpoint
from spacehub.errors import SpaceHubError
from spacehub.serving.challenge import leaderboard, rules
from spacehub.serving.challenge.rules import Rules

LARGEST_TABLE = 2**20  # bytes


def file(repo_id: str, name: str, *, revision: str = "main", largest: int) -> bytes | None:
    """Return a file of a dataset; None if the dataset or the file does not exist.

    Raises
    ------
    SpaceHubError
        If the file is larger than `largest` bytes, or the Hub cannot be reached or refuses.
    """
    import httpx2
    from huggingface_hub import HfApi, hf_hub_download
    from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError, RevisionNotFoundError

    try:
        found = HfApi().get_paths_info(repo_id, [name], repo_type="dataset", revision=revision)
        if not found or not hasattr(found[0], "size"):
            return None
        if found[0].size > largest:
            raise SpaceHubError(
                f"{name} is {found[0].size:,} bytes, but the limit is {largest:,} bytes.",
                "Submit a smaller file.",
            )
        return Path(hf_hub_download(repo_id, name, repo_type="dataset", revision=revision)).read_bytes()
    except (RepositoryNotFoundError, RevisionNotFoundError):
        return None
    except (HfHubHTTPError, httpx2.HTTPError) as error:
        raise endpoint.explain(error, repo_id) from error


def current_rules() -> Rules | None:
    """Return the challenge's rules; None if the Hub has no challenge.

    Raises
    ------
    SpaceHubError
        If the rules cannot be read, or the Hub cannot be reached.
    """
    text = file(rules.repo_id(), rules.RULES, largest=rules.LARGEST)
    return None if text is None else rules.read(text)


def require_rules() -> Rules:
    """Return the challenge's rules.

    Raises
    ------
    SpaceHubError
        If the Hub has no challenge, or cannot be reached.
    """
    endpoint.require_reachable()
    found = current_rules()
    if found is None:
        raise SpaceHubError(
            f"The challenge {rules.repo_id()} does not exist on the Hub.",
            "Set SPACEHUB_NAMESPACE to the organiser's account. To open a challenge yourself, run: spacehub challenge open",
        )
    return found


def board() -> leaderboard.Board | None:
    """Return the leaderboard; None if nothing has been scored yet."""
    text = file(rules.repo_id(), rules.BOARD, largest=leaderboard.LARGEST)
    return None if text is None else leaderboard.read(text)
