"""Path patterns of .gitignore and .gitattributes (gitignore(5), gitattributes(5))."""

import re
from collections.abc import Callable
from functools import lru_cache

GITATTRIBUTES = ".gitattributes"


class IgnoreRules:
    """Which paths a .gitignore leaves out; the last matching line decides."""

    def __init__(self, text: str):
        self._rules: list[tuple[re.Pattern, bool, bool]] = []  # pattern, negated, folders only
        for line in text.splitlines():
            line = line.rstrip() if not line.rstrip().endswith("\\") else line
            if not line or line.startswith("#"):
                continue
            negated = line.startswith("!")
            pattern = line[1:] if negated else line
            pattern = pattern.removeprefix("\\") if pattern.startswith(("\\#", "\\!")) else pattern
            folders_only = pattern.endswith("/")
            if pattern.strip("/"):
                self._rules.append((_regex(pattern.rstrip("/")), negated, folders_only))

    def ignores(self, path: str) -> bool:
        """Whether the file, or a folder it lies in, is left out; nothing below an ignored folder comes back."""
        parts = path.split("/")
        return any(
            self._matches("/".join(parts[: end + 1]), is_folder=end + 1 < len(parts))
            for end in range(len(parts))
        )

    def _matches(self, path: str, *, is_folder: bool) -> bool:
        for pattern, negated, folders_only in reversed(self._rules):
            if (is_folder or not folders_only) and pattern.fullmatch(path):
                return not negated
        return False


class Attributes:
    """Which paths a .gitattributes gives to git-lfs; the last matching line decides."""

    def __init__(self, text: str):
        self._rules: list[tuple[re.Pattern, bool]] = []
        for line in text.splitlines():
            pattern, *attributes = _split(line)
            if not pattern or pattern.startswith(("#", "!", "[attr]")) or pattern.endswith("/"):
                continue
            for attribute in attributes:
                if attribute == "filter=lfs":
                    self._rules.append((_regex(pattern), True))
                elif attribute in ("-filter", "!filter") or attribute.startswith("filter="):
                    self._rules.append((_regex(pattern), False))

    def is_lfs(self, path: str) -> bool | None:
        """True or False as the file says, None if it says nothing about the path."""
        return next((lfs for pattern, lfs in reversed(self._rules) if pattern.fullmatch(path)), None)


class FolderAttributes:
    """All .gitattributes of a tree; of those that say something about a file, the one nearest to it decides.

    Parameters
    ----------
    read : callable
        Gives the content of the .gitattributes at a path, or None.
    """

    def __init__(self, read: Callable[[str], bytes | None]):
        self._read = read
        self._known: dict[str, Attributes] = {}

    def is_lfs(self, path: str) -> bool | None:
        """True or False as the files say, None if they say nothing about the path."""
        folder, below = path, ""
        while folder:
            folder, _, name = folder.rpartition("/")
            below = f"{name}/{below}" if below else name
            said = self._of(folder).is_lfs(below)
            if said is not None:
                return said
        return None

    def _of(self, folder: str) -> Attributes:
        if folder not in self._known:
            content = self._read(f"{folder}/{GITATTRIBUTES}" if folder else GITATTRIBUTES)
            self._known[folder] = Attributes((content or b"").decode(errors="surrogateescape"))
        return self._known[folder]


def lfs_line(path: str) -> str:
    """The line of .gitattributes that gives one path to git-lfs, as ``git lfs track --filename`` writes it."""
    escaped = re.sub(r"([\\*?\[\]#!\"])", r"\\\1", path).replace(" ", "[[:space:]]")
    return f"{escaped} filter=lfs diff=lfs merge=lfs -text\n"


def _split(line: str) -> list[str]:
    """Pattern and attributes; a pattern may stand in double quotes."""
    line = line.strip()
    if line.startswith('"') and (end := line.find('"', 1)) > 0:
        return [line[1:end], *line[end + 1 :].split()]
    return line.split() or [""]


@lru_cache(maxsize=4096)
def _regex(pattern: str) -> re.Pattern:
    """A pattern without a slash (but at its end) matches at any depth, one with a slash from the root."""
    anchored = "/" in pattern
    pattern = pattern.removeprefix("/")
    out, position = ("" if anchored else "(?:.*/)?"), 0
    while position < len(pattern):
        rest = pattern[position:]
        if rest.startswith("**/") and (position == 0 or pattern[position - 1] == "/"):
            out, position = out + "(?:.*/)?", position + 3
        elif rest == "**" and (position == 0 or pattern[position - 1] == "/"):
            out, position = out + ".*", position + 2
        elif rest[0] == "*":
            out, position = out + "[^/]*", position + len(rest) - len(rest.lstrip("*"))
        elif rest[0] == "?":
            out, position = out + "[^/]", position + 1
        elif rest[0] == "[" and (match := _CLASS.match(rest)):
            out, position = out + _character_class(match[1]), position + match.end()
        elif rest[0] == "\\" and len(rest) > 1:
            out, position = out + re.escape(rest[1]), position + 2
        else:
            out, position = out + re.escape(rest[0]), position + 1
    try:
        return re.compile(out, re.DOTALL)
    except re.error:
        return re.compile(re.escape(pattern))


_CLASS = re.compile(r"\[((?:!|\^)?\]?(?:\[:[a-z]+:\]|[^\]])*)\]")
_NAMED = {"[:space:]": r"\s", "[:digit:]": "0-9", "[:alpha:]": "A-Za-z", "[:alnum:]": "A-Za-z0-9"}


def _character_class(content: str) -> str:
    negated, content = content.startswith(("!", "^")), content.lstrip("!^")
    for name, characters in _NAMED.items():
        content = content.replace(name, characters)
    content = content.replace("[", r"\[")
    return f"(?!/)[{'^' if negated else ''}{content.replace(']', chr(92) + ']')}]"
