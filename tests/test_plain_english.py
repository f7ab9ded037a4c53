"""Words that our texts avoid: each file's share is small, and what remains is a real use or a name."""

import re
import subprocess

from tests.processes import ROOT

WORDS = re.compile(r"\b(?:[Tt]old|[Tt]ells?|[Ss]tands|[Mm]end(?:ed|s)?|[Aa]new|[Bb]eside|is none)\b")
MOST = 30
# Built pages, and this list.
OTHERS = ("tests/test_plain_english.py", "space_app/course/pages/")
# A file's `tell()`, Jinja's and Python's `is none`, and the lander's parameter `beside` are not prose.
CODE = re.compile(
    r"\.tell\(|\{%.*?%\}|\{\{.*?\}\}|\bbeside\b(?=[,:\])= ]*(?:$|[,:\])=]| in | or | if ))|lander-beside"
)


def prose() -> dict[str, list[str]]:
    """Return each tracked text file's lines without code that only looks like one of the words."""
    names = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    kinds = (".py", ".md", ".toml", ".html", ".js", ".css", "Makefile")
    kept = [name for name in names if name.endswith(kinds) and not name.startswith(OTHERS)]
    return {
        name: [CODE.sub("", line) for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
        for name in kept
        if (ROOT / name).is_file()
    }


def test_old_words_stay_rare():
    uses = {
        f"{name}:{number}": line.strip()
        for name, lines in prose().items()
        for number, line in enumerate(lines, start=1)
        if WORDS.search(line)
    }
    assert len(uses) <= MOST, "\n".join(f"{place}: {line}" for place, line in uses.items())
