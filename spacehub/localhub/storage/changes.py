"""What a commit says and what it changes, read from a request."""

from dataclasses import dataclass

from spacehub.localhub.storage.lfs import Pointer


@dataclass(frozen=True)
class Header:
    """The first line: what the commit says.

    Attributes
    ----------
    summary, description : str
    parent : str or None
        The commit, perhaps abbreviated, on which the client built.
    """

    summary: str
    description: str
    parent: str | None

    @property
    def message(self) -> str:
        """Both, as git keeps them."""
        return f"{self.summary}\n\n{self.description}\n" if self.description else f"{self.summary}\n"


@dataclass(frozen=True)
class Change:
    """One change of the tree.

    Attributes
    ----------
    path : str
    blob : bytes or None
        20-byte id of the file's new content; None takes it away.
    pointer : Pointer or None
        If that content stands for a large file.
    folder : bool
        Whether a whole folder is taken away.
    content : bytes or None
        The new content of a .gitattributes, which the commit itself must heed, or of the card, which is checked.
    binary : bool
        Whether that content is not text.
    """

    path: str
    blob: bytes | None = None
    pointer: Pointer | None = None
    folder: bool = False
    content: bytes | None = None
    binary: bool = False
