"""Match path patterns in git's syntax (gitignore(5)) without backtracking.

Each ``*`` matches as little as possible and is never tried again (an atomic group). This method is correct
because the text between two stars has a fixed length, so its leftmost match is as good as any other. The same
is true for ``**/`` and whole folders. A pattern is tried only on a path that starts or ends with its literal
part. All matches of a request share a budget.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from localhub.errors import HubError

PATTERN_CHARACTERS = 2048  # git also ignores longer lines
WORK = 1_000_000  # about a quarter of a second
WORK_PER_PATH = 3000
COMPILING = 50  # cost per character of a pattern

_BEGIN = re.compile(r"[^*?\[\\]*")
_END = re.compile(r"[^*?\[\]\\]*\Z")
_CLASS = re.compile(r"\[((?:!|\^)?\]?(?:\[:[a-z]+:\]|[^\]])*)\]")
_NAMED = {"[:space:]": r"\s", "[:digit:]": "0-9", "[:alpha:]": "A-Za-z", "[:alnum:]": "A-Za-z0-9"}
_STARS = re.compile(r"\*+")


class Budget:
    """The amount of work that the patterns of one request may still use."""

    def __init__(self, left: int = WORK):
        self._left = left

    def spend(self, work: int) -> None:
        """Use some of the budget, or return some.

        Raises
        ------
        HubError
            413 if nothing is left.
        """
        self._left -= work
        if self._left < 0:
            raise HubError(
                413, "Matching these paths against the patterns takes too long. Send fewer files at a time."
            )


class Glob:
    """One pattern. With a slash (except at its end) it matches whole paths, otherwise names at any depth."""

    def __init__(self, pattern: str):
        self.whole = "/" in pattern
        self._text = pattern.removeprefix("/")
        self._regex: re.Pattern[str] | None = None
        self.prefix = _found(_BEGIN.match(self._text))[0]
        self.is_literal = len(self.prefix) == len(self._text)
        self.suffix = "" if self.is_literal else _found(_END.search(self._text))[0]
        if self.suffix.startswith("/"):  # "a/**/b" also matches "a/b"
            self.suffix = self.suffix[1:]

    def matches(self, path: str, budget: Budget) -> bool:
        """Return whether the pattern matches a path (or a name)."""
        if self.is_literal:
            return path == self.prefix
        budget.spend(len(self._text) * len(path) // 100 + 1)
        if self._regex is None:
            budget.spend(COMPILING * len(self._text))
            self._regex = _compile(self._text)
        return self._regex.fullmatch(path) is not None


class Globs:
    """An ordered list of patterns. The list finds the candidates for a path by their literal starts and ends."""

    def __init__(self):
        self._globs: list[Glob] = []
        # Pattern numbers by literal start and end, and the lengths of these, for whole paths and for names.
        self._numbers: dict[tuple[bool, str, str], list[int]] = defaultdict(list)
        self._lengths: dict[bool, set[tuple[int, int]]] = {True: set(), False: set()}

    def add(self, pattern: str) -> None:
        """Append a pattern."""
        glob = Glob(pattern)
        self._numbers[glob.whole, glob.prefix, glob.suffix].append(len(self._globs))
        if not glob.is_literal:
            self._lengths[glob.whole].add((len(glob.prefix), len(glob.suffix)))
        self._globs.append(glob)

    def matching(self, path: str, budget: Budget) -> Iterator[int]:
        """Yield the numbers of the patterns that match the path, last one first."""
        name = path.rpartition("/")[2]
        candidates: list[int] = []
        for whole, subject in ((True, path), (False, name)):
            candidates += self._numbers.get((whole, subject, ""), ())
            for begin, end in self._lengths[whole]:
                if begin + end <= (length := len(subject)) and (begin, end) != (length, 0):
                    key = whole, subject[:begin], subject[length - end :]
                    candidates += self._numbers.get(key, ())
            budget.spend(len(self._lengths[whole]))
        budget.spend(len(candidates) - WORK_PER_PATH)
        for number in sorted(candidates, reverse=True):
            glob = self._globs[number]
            if glob.matches(path if glob.whole else name, budget):
                yield number


def _found(match: re.Match[str] | None) -> re.Match[str]:
    """Return the match of an expression that matches every text."""
    assert match is not None
    return match


def _tokens(pattern: str) -> Iterator[tuple[str, str]]:
    """Split into kinds: literal (a character), one (a regular expression for one character), star, folders (``**/``), all."""
    position = 0
    while position < len(pattern):
        rest = pattern[position : position + 1]
        if rest == "*":
            stars = _found(_STARS.match(pattern, position))
            position = stars.end()
            begins = stars.start() == 0 or pattern[stars.start() - 1] == "/"
            if not begins or len(stars[0]) == 1:
                yield "star", ""
            elif pattern[position : position + 1] == "/":
                yield "folders", ""
                position += 1
            else:
                yield ("star" if position < len(pattern) else "all"), ""
        elif rest == "?":
            yield "one", "[^/]"
            position += 1
        elif rest == "[" and (match := _CLASS.match(pattern, position)):
            yield "one", _character_class(match[1])
            position = match.end()
        else:
            position += rest == "\\" and position + 1 < len(pattern)
            yield "literal", pattern[position]
            position += 1


def _compile(text: str) -> re.Pattern[str]:
    """Return the regular expression, for `fullmatch`."""
    out, chunk = "", []
    first = True
    for kind, value in [*_tokens(text), ("end", "")]:
        if kind not in ("folders", "all", "end"):
            chunk.append((kind, value))
            continue
        here = _segments(chunk)
        if first:
            out += here
        elif kind == "end":
            out += f"(?:[^/]*/)*?{here}"
        else:
            out += f"(?>(?:[^/]*/)*?{here})"
        out += ".*" if kind == "all" else ""
        first, chunk = kind == "all", []
    try:
        return re.compile(out, re.DOTALL)
    except re.error:
        return re.compile(re.escape(text))


def _segments(tokens: list[tuple[str, str]]) -> str:
    """Match names with ``*`` in them, and slashes between."""
    out, names = "", [[""]]
    for kind, value in tokens:
        if kind == "star":
            names[-1].append("")
        elif (kind, value) == ("literal", "/"):
            names.append([""])
        else:
            names[-1][-1] += re.escape(value) if kind == "literal" else value
    for begin, *parts in names:
        name = begin
        if parts:
            name += "".join(f"(?>[^/]*?{part})" for part in parts[:-1] if part)
            name += f"(?>[^/]*{parts[-1]}(?![^/]))"
        out += f"{name}/"
    return out[:-1]


def _character_class(content: str) -> str:
    negated, content = content.startswith(("!", "^")), content.lstrip("!^")
    for name, characters in _NAMED.items():
        content = content.replace(name, characters)
    content = content.replace("[", r"\[")
    return f"(?!/)[{'^' if negated else ''}{content.replace(']', chr(92) + ']')}]"
