"""Discussions and pull requests of one repo: a JSON file each, ``discussions/N.json`` beside its git repository.

What was pushed to a pull request is in git alone, at ``refs/pr/N`` (`spacehub.localhub.storage.pull_requests`).
"""

import dataclasses
import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spacehub.localhub.errors import HubError
from spacehub.localhub.storage.durable import make_folders, write_file
from spacehub.localhub.storage.repo import Repo
from spacehub.localhub.times import now

TITLE_CHARACTERS = range(3, 201)
COMMENT_CHARACTERS = 65_536


@dataclass
class Discussion:
    """A discussion, or a pull request.

    Attributes
    ----------
    num : int
        Its number in the repo; discussions and pull requests share one count.
    title, author, created_at : str
    status : str
        "open" or "closed"; of a pull request also "draft" and "merged".
    base : str or None
        Full name of the branch that a pull request is for; None for a discussion.
    events : list of dict
        ``{"id", "type": "comment"|"status-change"|"title-change", "createdAt", "author", "data"}``, oldest first.
    merged : dict or None
        ``{"commit", "base", "head"}``: what the merge made, and the ends of what it brought.
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
        """Whether there are changes to merge."""
        return self.base is not None

    @property
    def ref(self) -> str:
        """Where commits for a pull request go."""
        return f"refs/pr/{self.num}"

    def comment(self, author: str, text: str) -> dict[str, Any]:
        """Say something.

        Raises
        ------
        HubError
            400 if it is empty or too long.
        """
        return self._add("comment", author, {"versions": [_version(author, text)], "hidden": False})

    def edit(self, event_id: str, author: str, text: str) -> dict[str, Any]:
        """Say it in other words; what was said before stays on record."""
        event = self.find_comment(event_id)
        event["data"]["versions"].append(_version(author, text))
        return event

    def hide(self, event_id: str, author: str) -> dict[str, Any]:
        """Take a comment's text away for ever."""
        event = self.find_comment(event_id)
        event["data"] = {"versions": [{"raw": "", "at": now(), "author": author}], "hidden": True}
        return event

    def find_comment(self, event_id: str) -> dict[str, Any]:
        """A comment that is there and not hidden.

        Raises
        ------
        HubError
            404 if it is not.
        """
        for event in self.events:
            if event["id"] == event_id and event["type"] == "comment" and not event["data"]["hidden"]:
                return event
        raise HubError(404, "This comment does not exist")

    def rename(self, author: str, title: str) -> dict[str, Any]:
        """Give it another title."""
        before, self.title = self.title, check_title(title)
        return self._add("title-change", author, {"from": before, "to": self.title})

    def change_status(self, author: str, status: str) -> dict[str, Any]:
        """Open, close or, with `merged` set, end it.

        Raises
        ------
        HubError
            400 if it has that status already, or is merged.
        """
        if self.status == "merged":
            raise HubError(400, f"Pull request {self.num} is merged: its status cannot change any more")
        if self.status == status:
            raise HubError(400, f"The status of {self.num} is {status} already")
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
        raise HubError(400, f"A comment must have from 1 to {COMMENT_CHARACTERS} characters")
    return {"raw": text, "at": now(), "author": author}


def check_title(title: str) -> str:
    """A title without blanks around it.

    Raises
    ------
    HubError
        400 if it is too short or too long.
    """
    title = " ".join(title.split())
    if len(title) not in TITLE_CHARACTERS:
        raise HubError(
            400, f"A title must have from {TITLE_CHARACTERS[0]} to {TITLE_CHARACTERS[-1]} characters"
        )
    return title


class Discussions:
    """All discussions of one repo; who changes one holds the repo's lock.

    Parameters
    ----------
    repo : Repo
        The repo.
    """

    def __init__(self, repo: Repo):
        self._repo = repo
        self._folder = repo.folder / "discussions"

    def get(self, num: int) -> Discussion:
        """One by its number.

        Raises
        ------
        HubError
            404 if there is none.
        """
        try:
            return Discussion(**json.loads(self._path(num).read_bytes()))
        except FileNotFoundError:
            raise HubError(404, f"There is no discussion {num} in this repo") from None

    def all(self) -> list[Discussion]:
        """All of them, newest first."""
        return [self.get(num) for num in self.numbers()]

    def numbers(self) -> list[int]:
        """The numbers that are taken, highest first."""
        return sorted((int(path.stem) for path in self._folder.glob("[0-9]*.json")), reverse=True)

    def new(self, title: str, author: str, description: str, *, base: str | None = None) -> Discussion:
        """One that is not stored yet, with the next number.

        Parameters
        ----------
        title : str
            What it is called.
        author : str
            Name of who opens it.
        description : str
            Its first comment; empty for none.
        base : str, optional
            Makes it a pull request for this branch.
        """
        refs = (name for name, _ in self._repo.git().references("refs/pr/") if name.isdigit())
        taken = max([*self.numbers(), *map(int, refs)], default=0)  # a mirrored repo brings refs alone
        made = Discussion(taken + 1, title, author, created_at=now(), status="open", base=base)
        if description.strip():
            made.comment(author, description)
        return made

    def save(self, discussion: Discussion) -> None:
        """Store it, whole and durable."""
        make_folders(self._folder, below=self._repo.folder)
        data = json.dumps(dataclasses.asdict(discussion)).encode()
        write_file(self._path(discussion.num), data, incoming=self._repo.incoming)

    def _path(self, num: int) -> Path:
        return self._folder / f"{num}.json"
