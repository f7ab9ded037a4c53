"""The likes of a repo, with their dates: ``likes.json`` next to its git repository."""

from localhub.storage.records import Record
from localhub.storage.repo import Repo
from localhub.times import now


def _record(repo: Repo) -> Record:
    return Record(repo.folder / "likes.json", lock=repo.lock, below=repo.folder)


def likes(repo: Repo) -> dict[str, str]:
    """Return each account that likes the repo, and since when (ISO 8601), newest first."""
    return dict(sorted(_record(repo).read().items(), key=lambda item: item[1], reverse=True))


def like(repo: Repo, account: str) -> None:
    """Add a like; a second like changes nothing."""
    with _record(repo).change() as record:
        record.setdefault(account, now())


def unlike(repo: Repo, account: str) -> None:
    """Remove a like if it exists."""
    with _record(repo).change() as record:
        record.pop(account, None)
