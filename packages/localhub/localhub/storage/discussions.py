"""Discussions and pull requests of one repo: one JSON file each, ``discussions/N.json`` next to its git repository.

Commits pushed to a pull request are only in git, at ``refs/pr/N`` (`localhub.storage.pull_requests`).
"""

import dataclasses
import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from localhub.errors import HubError
from localhub.files.durable import make_folders, write_file
from localhub.storage.repo import Repo
from localhub.times import now

TITLE_CHARACTERS = range(3, 201)
COMMENT_CHARACTERS = 65_536


@dataclass
class Discussion:
    """A discussion or a pull request.

    Attributes
    ----------
    num : int
        Its number in the repo; discussions and pull requests share one sequence.
    title, author, created_at : str
    status : str
        "open" or "closed"; for a pull request also "draft" and "merged".
    base : str or None
        Full name of the pull request's target branch; None for a discussion.
    events : list of dict
        ``{"id", "type": "comment"|"status-change"|"title-change", "createdAt", "author", "data"}``, oldest first.
    merged : dict or None
        ``{"commit", "base", "head"}``: the merge commit, and the two commits that it joined.
    """

    num: int
    title: str
    author: str
    created_at: str
    status: str
    base: str | None = None
    events: list[dict[str, Any]] = field(default_factory=list)
    merged: dict[str, str] | None = None

    @property
    def is_pull_request(self) -> bool:
        """Whether it has changes to merge."""
        return self.base is not None

    @property
    def ref(self) -> str:
        """The ref for a pull request's commits."""
        return f"refs/pr/{self.num}"

    def comment(self, author: str, text: str) -> dict[str, Any]:
        """Add a comment.

        Raises
        ------
        HubError
            400 if the comment is empty or too long.
        """
        return self._add("comment", author, {"versions": [_version(author, text)], "hidden": False})

    def edit(self, event_id: str, author: str, text: str) -> dict[str, Any]:
        """Edit a comment; the earlier text stays on record."""
        event = self.find_comment(event_id)
        event["data"]["versions"].append(_version(author, text))
        return event

    def hide(self, event_id: str, author: str) -> dict[str, Any]:
        """Remove a comment's text permanently."""
        event = self.find_comment(event_id)
        event["data"] = {"versions": [{"raw": "", "at": now(), "author": author}], "hidden": True}
        return event

    def find_comment(self, event_id: str) -> dict[str, Any]:
        """Return a comment that exists and is not hidden.

        Raises
        ------
        HubError
            404 if the comment does not exist.
        """
        for event in self.events:
            if event["id"] == event_id and event["type"] == "comment" and not event["data"]["hidden"]:
                return event
        raise HubError(404, "This comment does not exist.")

    def rename(self, author: str, title: str) -> dict[str, Any]:
        """Change the title."""
        before, self.title = self.title, check_title(title)
        return self._add("title-change", author, {"from": before, "to": self.title})

    def change_status(self, author: str, status: str) -> dict[str, Any]:
        """Open or close the discussion or, with `merged` set, mark it as merged.

        Raises
        ------
        HubError
            400 if the discussion already has that status, or is merged.
        """
        if self.status == "merged":
            raise HubError(400, f"Pull request {self.num} is merged, so its status cannot change.")
        if self.status == status:
            raise HubError(400, f"The status of discussion {self.num} is already {status}.")
        self.status = status
        return self._add("status-change", author, {"status": status})

    def _add(self, kind: str, author: str, data: dict[str, Any]) -> dict[str, Any]:
        event = {
            "id": secrets.token_hex(12),
            "type": kind,
            "createdAt": now(),
            "author": author,
            "data": data,
        }
        self.events.append(event)
        return event


def _version(author: str, text: str) -> dict[str, str]:
    if not text.strip() or len(text) > COMMENT_CHARACTERS:
        raise HubError(400, f"A comment must have 1 to {COMMENT_CHARACTERS} characters.")
    return {"raw": text, "at": now(), "author": author}


def check_title(title: str) -> str:
    """Return a title without surrounding blanks.

    Raises
    ------
    HubError
        400 if the title is too short or too long.
    """
    title = " ".join(title.split())
    if len(title) not in TITLE_CHARACTERS:
        raise HubError(400, f"A title must have {TITLE_CHARACTERS[0]} to {TITLE_CHARACTERS[-1]} characters.")
    return title


class Discussions:
    """All discussions of one repo; whoever changes one must hold the repo's lock.

    Parameters
    ----------
    repo : Repo
        The repo.
    """

    def __init__(self, repo: Repo):
        self._repo = repo
        self._folder = repo.folder / "discussions"

    def get(self, num: int) -> Discussion:
        """Return a discussion by number.

        Raises
        ------
        HubError
            404 if the discussion does not exist.
        """
        try:
            return Discussion(**json.loads(self._path(num).read_bytes()))
        except FileNotFoundError:
            raise HubError(404, f"This repo has no discussion {num}.") from None

    def all(self) -> list[Discussion]:
        """Return all discussions, newest first."""
        return [self.get(num) for num in self.numbers()]

    def numbers(self) -> list[int]:
        """Return the numbers in use, highest first."""
        return sorted((int(path.stem) for path in self._folder.glob("[0-9]*.json")), reverse=True)

    def new(self, title: str, author: str, description: str, *, base: str | None = None) -> Discussion:
        """Return a new discussion with the next number; it is not stored yet.

        Parameters
        ----------
        title : str
            Its title.
        author : str
            Name of the author.
        description : str
            Its first comment; empty for none.
        base : str, optional
            The target branch of a pull request; None for a discussion.
        """
        refs = (name for name, _ in self._repo.git().references("refs/pr/") if name.isdigit())
        taken = max([*self.numbers(), *map(int, refs)], default=0)  # a mirrored repo has only the refs
        discussion = Discussion(taken + 1, title, author, created_at=now(), status="open", base=base)
        if description.strip():
            discussion.comment(author, description)
        return discussion

    def save(self, discussion: Discussion) -> None:
        """Store a discussion durably."""
        make_folders(self._folder, below=self._repo.folder)
        data = json.dumps(dataclasses.asdict(discussion)).encode()
        write_file(self._path(discussion.num), data, incoming=self._repo.incoming)

    def _path(self, num: int) -> Path:
        return self._folder / f"{num}.json"
