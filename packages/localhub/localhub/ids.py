"""Names: the types of repo, repo ids, and the paths that a file in a repo can have."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any

from localhub.errors import HubError, repo_not_found

MAX_PATH_BYTES = 2048
MAX_SEGMENT_BYTES = 255
MAX_PATH_PARTS = 100

# A namespace with one of these names would shadow a route.
RESERVED_NAMESPACES = {"api", "datasets", "models", "spaces", "kernels", "lfs", "healthz", "oauth", "info"}

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?|_[A-Za-z0-9._-]*[A-Za-z0-9_]")


class RepoType(Enum):
    """A type of repo: its name in request bodies and in API paths, and the prefix of its web address."""

    MODEL = ("model", "models", "")
    DATASET = ("dataset", "datasets", "datasets/")
    SPACE = ("space", "spaces", "spaces/")
    KERNEL = ("kernel", "kernels", "kernels/")

    def __init__(self, singular: str, plural: str, prefix: str):
        self.singular = singular
        self.plural = plural
        self.prefix = prefix

    @classmethod
    def of(cls, name: str | None) -> "RepoType":
        """Return the type for "model", "models" and so on; None means model, as on huggingface.co.

        Raises
        ------
        HubError
            400 for anything else.
        """
        for kind in cls:
            if name in (None, kind.singular, kind.plural):
                return kind
        expected = ", ".join(kind.singular for kind in cls)
        raise HubError(400, f"{name!r} is not a valid repo type. Use one of: {expected}.")


@dataclass(frozen=True)
class RepoId:
    """A repo's full name: type, namespace and name."""

    type: RepoType
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"

    @property
    def web_path(self) -> str:
        """The path of its web page and of its git remote, e.g. ``datasets/spacehub/launches``."""
        return f"{self.type.prefix}{self.namespace}/{self.name}"

    @classmethod
    def parse(cls, kind: RepoType, text: str) -> "RepoId":
        """Parse ``namespace/name``.

        Raises
        ------
        HubError
            400 if the text does not have that form.
        """
        namespace, slash, name = text.partition("/")
        if (
            not slash
            or not is_name(namespace)
            or not is_name(name)
            or namespace.lower() in RESERVED_NAMESPACES
        ):
            raise HubError(
                400,
                f"{text!r} is not a valid repo id. Use the form NAMESPACE/NAME. Both parts must have {NAME_RULE}.",
            )
        return cls(kind, namespace, name)

    @classmethod
    def of_path(cls, kind: RepoType, namespace: str, name: str) -> "RepoId":
        """Return the repo that a request's path names; an invalid name is reported as not found."""
        if not is_name(namespace) or not is_name(name):
            raise repo_not_found()
        return cls(kind, namespace, name)


NAME_RULE = (
    "up to 96 letters, digits, '-', '_' and '.', but no '--' or '..', and no '-' or '.' at the start or end"
)


def is_name(name: object) -> bool:
    """Return whether this name is valid for a namespace or a repo. Only valid names are used on the disk."""
    return (
        isinstance(name, str)
        and len(name) <= 96
        and _NAME.fullmatch(name) is not None
        and "--" not in name
        and ".." not in name
        and not name.endswith((".git", ".ipynb"))
    )


def check_path(path: Any) -> str:
    """Return a file's path in a repo, or reject one that leaves the repo, hides, or is invalid in git.

    Raises
    ------
    HubError
        422, with the path.
    """
    if not isinstance(path, str) or not path:
        raise HubError(422, "A file must have a path.")
    # Use it as it is: the address was already decoded once, so a remaining "%2F" is part of the name.
    problem = _path_problem(path)
    if problem:
        raise HubError(422, f"The path {path!r} is not valid: {problem}.")
    return path


_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# Elsewhere a backslash is an ordinary character, as on the Hub; clients on Windows stay in their folder.
_WINDOWS_OUTSIDE = re.compile(r"(?:[A-Za-z]:)?\\|\.\.\\")


def _path_problem(path: str) -> str | None:
    if _CONTROL.search(path):
        return "control characters are not allowed"
    if _WINDOWS_OUTSIDE.match(path):
        return "it must be relative on Windows too"
    try:
        encoded = path.encode()
    except UnicodeEncodeError:
        return "it is not valid Unicode"
    if len(encoded) > MAX_PATH_BYTES:
        return f"it is longer than {MAX_PATH_BYTES} bytes"
    if path.count("/") >= MAX_PATH_PARTS:
        return f"it has more than {MAX_PATH_PARTS} parts"
    for segment in path.split("/"):
        if segment in ("", ".", ".."):
            return "it must be relative, and no part may be empty, '.' or '..'"
        if len(segment.encode()) > MAX_SEGMENT_BYTES:
            return f"a part of it is longer than {MAX_SEGMENT_BYTES} bytes"
        if any(map(_is_dot_git, segment.split("\\"))):  # as git fsck does
            return "'.git' is reserved for git"
    return None


# Characters that HFS+ ignores in a name, so that ".g\u200cit" is ".git" there (git's utf8.c, next_hfs_char).
_HFS_IGNORED = dict.fromkeys([*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF])


def _is_dot_git(segment: str) -> bool:
    """Return whether a file system treats this name as ``.git`` (git's own fsck rules for HFS+ and NTFS)."""
    plain = segment.translate(_HFS_IGNORED).lower().split(":")[0].rstrip(". ")
    return plain in (".git", "git~1")
