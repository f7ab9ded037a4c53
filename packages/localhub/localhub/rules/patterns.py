"""Path patterns of .gitignore and .gitattributes (gitignore(5), gitattributes(5))."""

import re
import threading
from collections.abc import Callable
from functools import lru_cache

from localhub.errors import HubError
from localhub.rules.globs import PATTERN_CHARACTERS, Budget, Globs

GITATTRIBUTES = ".gitattributes"
LONGEST_FILE = 4 << 20
# Parsed .gitattributes files by git id.
_PARSED: dict[str, "Attributes"] = {}
_MOST_PARSED, _PARSING = 8, threading.Lock()


class IgnoreRules:
    """Which paths a .gitignore excludes; the last matching line decides."""

    def __init__(self, text: str):
        self._globs = Globs()
        self._rules: list[tuple[bool, bool]] = []  # (negated, folders only)
        self._budget = Budget()
        for line in _lines(text):
            line = line.rstrip() if not line.rstrip().endswith("\\") else line
            if not line or line.startswith("#"):
                continue
            negated = line.startswith("!")
            pattern = line[1:] if negated else line
            pattern = pattern.removeprefix("\\") if pattern.startswith(("\\#", "\\!")) else pattern
            folders_only = pattern.endswith("/")
            if pattern.strip("/"):
                self._globs.add(pattern.removesuffix("/"))
                self._rules.append((negated, folders_only))

    def ignores(self, path: str) -> bool:
        """Return whether the file, or a folder that contains it, is excluded; a file below an excluded folder stays excluded."""
        parts = path.split("/")
        return any(
            self._matches("/".join(parts[: end + 1]), is_folder=end + 1 < len(parts))
            for end in range(len(parts))
        )

    def _matches(self, path: str, *, is_folder: bool) -> bool:
        for number in self._globs.matching(path, self._budget):
            negated, folders_only = self._rules[number]
            if is_folder or not folders_only:
                return not negated
        return False


class Attributes:
    """Which paths a .gitattributes assigns to git-lfs; the last matching line decides."""

    def __init__(self, text: str):
        self._globs = Globs()
        self._rules: list[bool] = []
        for line in _lines(text):
            pattern, *attributes = _split(line)
            if not pattern or pattern.startswith(("#", "!", "[attr]")) or pattern.endswith("/"):
                continue
            for attribute in attributes:
                if attribute == "filter=lfs":
                    self._add(pattern, True)
                elif attribute in ("-filter", "!filter") or attribute.startswith("filter="):
                    self._add(pattern, False)

    def _add(self, pattern: str, lfs: bool) -> None:
        self._globs.add(pattern)
        self._rules.append(lfs)

    def is_lfs(self, path: str, budget: Budget | None = None) -> bool | None:
        """Return True or False as the file says, None if it does not mention the path."""
        number = next(self._globs.matching(path, budget or Budget()), None)
        return None if number is None else self._rules[number]


class FolderAttributes:
    """All .gitattributes files of a tree; the nearest one that mentions a file decides.

    Parameters
    ----------
    read : callable
        Returns the content of the .gitattributes at a path, or None.
    identify : callable, optional
        Returns its git id, or None; a file whose id was parsed before is then not read again.
    """

    def __init__(
        self, read: Callable[[str], bytes | None], identify: Callable[[str], str | None] | None = None
    ):
        self._read, self._identify = read, identify
        self._known: dict[str, Attributes] = {}
        self._budget = Budget()

    def is_lfs(self, path: str) -> bool | None:
        """Return True or False as the files say, None if they do not mention the path."""
        folder, below = path, ""
        while folder:
            folder, _, name = folder.rpartition("/")
            below = f"{name}/{below}" if below else name
            said = self._of(folder).is_lfs(below, self._budget)
            if said is not None:
                return said
        return None

    def _of(self, folder: str) -> Attributes:
        if folder not in self._known:
            self._known[folder] = self._parse(f"{folder}/{GITATTRIBUTES}" if folder else GITATTRIBUTES)
        return self._known[folder]

    def _parse(self, path: str) -> Attributes:
        if self._identify is None:
            return _attributes(self._read(path) or b"")
        id = self._identify(path)
        if id is None:
            return _attributes(b"")
        parsed = _PARSED.get(id) or _attributes(self._read(path) or b"")
        with _PARSING:
            _PARSED.pop(id, None)
            _PARSED[id] = parsed  # the newest last
            if len(_PARSED) > _MOST_PARSED:
                del _PARSED[next(iter(_PARSED))]
        return parsed


def lfs_line(path: str) -> str:
    """Return the .gitattributes line that assigns one path to git-lfs, as ``git lfs track --filename`` writes it."""
    escaped = re.sub(r"([\\*?\[\]#!\"])", r"\\\1", path).replace(" ", "[[:space:]]")
    return f"{escaped} filter=lfs diff=lfs merge=lfs -text\n"


def _split(line: str) -> list[str]:
    """Split a line into pattern and attributes; the pattern may be in double quotes."""
    line = line.strip()
    if line.startswith('"') and (end := line.find('"', 1)) > 0:
        return [line[1:end], *line[end + 1 :].split()]
    return line.split() or [""]


@lru_cache(maxsize=4)
def _attributes(content: bytes) -> Attributes:
    """Parse a .gitattributes once for all consecutive requests that need it."""
    return Attributes(content.decode(errors="surrogateescape"))


def _lines(text: str) -> list[str]:
    """Return the lines that are not too long for git.

    Raises
    ------
    HubError
        413 for a file that is too long.
    """
    if len(text) > LONGEST_FILE:
        raise HubError(413, f"A .gitattributes or .gitignore file must not exceed {LONGEST_FILE} characters.")
    return [line for line in text.splitlines() if len(line) <= PATTERN_CHARACTERS]
