"""The message and the changes of a commit, as read from a request."""

from dataclasses import dataclass

from localhub.files.lfs import Pointer


@dataclass(frozen=True)
class Header:
    """The header of a commit request.

    Attributes
    ----------
    summary, description : str
    parent : str or None
        The client's base commit, which may be abbreviated.
    """

    summary: str
    description: str
    parent: str | None

    @property
    def message(self) -> str:
        """Summary and description, as git stores them."""
        return f"{self.summary}\n\n{self.description}\n" if self.description else f"{self.summary}\n"


@dataclass(frozen=True)
class Change:
    """One change to the tree.

    Attributes
    ----------
    path : str
    blob : bytes or None
        20-byte id of the file's new content; None deletes it.
    pointer : Pointer or None
        Set if the content belongs to a large file.
    folder : bool
        Whether a whole folder is deleted.
    content : bytes or None
        The new content of a .gitattributes, which this commit must apply, or of the card, which is checked.
    binary : bool
        Whether the content is not text.
    """

    path: str
    blob: bytes | None = None
    pointer: Pointer | None = None
    folder: bool = False
    content: bytes | None = None
    binary: bool = False
