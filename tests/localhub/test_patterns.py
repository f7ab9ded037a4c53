"""Our reading of .gitignore and .gitattributes compared with git's own."""

import random
import subprocess

import pytest

from localhub.errors import HubError
from localhub.rules.globs import Budget
from localhub.rules.patterns import LONGEST_FILE, Attributes, FolderAttributes, IgnoreRules, lfs_line
from tests.doses import dose

PATHS = [
    "a.log",
    "d/a.log",
    "d/e/a.log",
    "build/x",
    "d/build/x",
    "d/build",
    "build",
    "keep/a.log",
    "d/x.txt",
    "x.txt",
    "d/e/x.txt",
    "foo/bar/baz",
    "foo/baz",
    "baz",
    "a b.txt",
    "#hash",
    "!bang",
    "file1",
    "file2",
    "filex",
    "[x]",
    "star*",
    "deep/er/and/deeper/x.bin",
    "saved_model/a/b",
    "saved_model/a",
    "x/saved_model/a",
    "back\\slash".replace("\\", "_"),
    "ünicode.log",
    "tfevents.1",
    "out.tfevents.1",
    "a.tar.gz",
    "dir.log/x",
]

IGNORES = [
    "*.log",
    "*.log\n!keep/*.log",
    "*.log\n!a.log",
    "build/",
    "build",
    "/build",
    "/*.txt",
    "d/*.txt",
    "d/**/x.txt",
    "**/x.txt",
    "**/build",
    "foo/**",
    "foo/**/baz",
    "\\#hash",
    "\\!bang",
    "# a comment\n\n*.log  ",
    "file[12]",
    "file[!12]",
    "file[^1]",
    "file?",
    "\\[x\\]",
    "star\\*",
    "a b.txt",
    "d/",
    "d/*\n!d/x.txt",
    "[",
    "**",
    "*",
    "!*.log",
    "deep/**/deeper",
]

ATTRIBUTES = [
    "*.log filter=lfs",
    "*.log filter=lfs diff=lfs merge=lfs -text\n*.log -filter",
    "*.log filter=lfs\nkeep/*.log !filter",
    "saved_model/**/* filter=lfs",
    "*tfevents* filter=lfs",
    "*.tar.* filter=lfs",
    "/x.txt filter=lfs",
    "d/x.txt filter=lfs",
    "d/** filter=lfs",
    "# *.log filter=lfs",
    '"a b.txt" filter=lfs',
    "a[[:space:]]b.txt filter=lfs",
    "file[[:digit:]] filter=lfs",
    "file[1-2] filter=lfs",
    "*.log filter=other",
    "d/ filter=lfs",
    "[attr]lfs filter=lfs",
    "*.log   text   filter=lfs",
]


@pytest.fixture(scope="module")
def worktree(tmp_path_factory):
    folder = tmp_path_factory.mktemp("worktree")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return folder


def git(folder, *command):
    done = subprocess.run(
        ["git", "-c", "core.excludesFile=", *command],
        cwd=folder,
        input="\n".join(PATHS),
        capture_output=True,
        text=True,
    )
    return [
        line.strip('"').encode().decode("unicode_escape").encode("latin-1").decode()
        for line in done.stdout.splitlines()
    ]


@pytest.mark.parametrize("text", IGNORES)
def test_ignore_as_git_does(worktree, text):
    (worktree / ".gitignore").write_text(text)
    theirs = set(git(worktree, "check-ignore", "--no-index", "--stdin"))
    rules = IgnoreRules(text)
    assert {path for path in PATHS if rules.ignores(path)} == theirs


@pytest.mark.parametrize("text", ATTRIBUTES)
def test_attributes_as_git_does(worktree, text):
    (worktree / ".gitattributes").write_text(text)
    lines = git(worktree, "check-attr", "filter", "--stdin")
    theirs = {line.rpartition(": filter: ")[0].strip('"') for line in lines if line.endswith(": filter: lfs")}
    attributes = Attributes(text)
    assert {path for path in PATHS if attributes.is_lfs(path)} == theirs


def test_random_patterns_as_git_does(worktree):
    """Many patterns in one file, so that each path is decided by the last one that fits."""
    chance = random.Random(2026)
    pieces = [
        "a",
        "b",
        "ab",
        "*",
        "*",
        "?",
        "/",
        "/",
        "**/",
        "/**",
        "[ab]",
        "[!a]",
        "x.txt",
        "d",
        "e",
        ".",
        "log",
    ]
    for _ in range(dose(60, 2000)):
        lines = ["".join(chance.choices(pieces, k=chance.randint(1, 6))) for _ in range(chance.randint(1, 5))]
        text = "\n".join(chance.choice(["", "", "!"]) + line for line in lines)
        (worktree / ".gitignore").write_text(text)
        theirs = set(git(worktree, "check-ignore", "--no-index", "--stdin"))
        rules = IgnoreRules(text)
        assert {path for path in PATHS if rules.ignores(path)} == theirs, text


HOSTILE = {
    "stars": "*a" * 60 + "b",
    "folders": "**/a" * 60 + "/b",
    "both": "**/*a*a*a" * 20 + "b",
    "questions": "*?" * 100 + "b",
    "classes": "*[a-z]" * 60 + "[!a]",
}


@pytest.mark.parametrize("pattern", HOSTILE.values(), ids=HOSTILE)
def test_no_pattern_takes_long(pattern):
    """Each of these took a backtracking matcher longer than the universe is old; the whole test run has a time limit."""
    path = "/".join(["a" * 250] * 7)
    assert not IgnoreRules(pattern).ignores(path)
    assert not Attributes(f"{pattern} filter=lfs").is_lfs(path)


def test_patterns_that_are_too_many_are_refused():
    rules = IgnoreRules("\n".join(f"*{'a*' * 900}{number}*" for number in range(2000)))
    with pytest.raises(HubError) as caught:
        rules.ignores("/".join(["a" * 250] * 7))
    assert caught.value.status == 413
    with pytest.raises(HubError, match="must not exceed"):
        IgnoreRules("a\n" * (LONGEST_FILE // 2 + 1))


def test_lines_of_single_files_are_looked_up_not_tried():
    """Those that a Hub writes, one for each large file without a pattern."""
    text = "".join(lfs_line(f"data/part {number}.x") for number in range(5000)) + "*.y filter=lfs\n"
    attributes, budget = Attributes(text), Budget(left=5000)
    assert attributes.is_lfs("data/part 77.x", budget)
    assert attributes.is_lfs("data/deep/er.y", budget)
    assert attributes.is_lfs("data/part 5000.x", budget) is None


@pytest.mark.parametrize("path", [*PATHS, 'quo"te', "a?b", "x y/[z]/*"])
def test_a_line_for_one_path_gives_it_to_lfs(worktree, path):
    (worktree / ".gitattributes").write_text(lfs_line(path))
    done = subprocess.run(
        ["git", "check-attr", "-z", "filter", "--stdin"],
        cwd=worktree,
        input=f"{path}\0other\0",
        capture_output=True,
        text=True,
    )
    assert done.stdout.split("\0")[2] == "lfs"
    assert done.stdout.split("\0")[5] != "lfs"
    attributes = Attributes(lfs_line(path))
    assert attributes.is_lfs(path)
    assert attributes.is_lfs("other") is None


def test_a_file_that_was_parsed_is_not_read_again():
    content, reads = {"1": b"*.csv filter=lfs\n", "2": b"*.csv -filter\n"}, []

    def of(id: str) -> FolderAttributes:
        return FolderAttributes(
            lambda path: reads.append((path, id)) or content[id],
            lambda path: None if "/" in path else f"test-{id}",
        )

    assert [of(id).is_lfs("data/a.csv") for id in "1212"] == [True, False, True, False]
    assert reads == [(".gitattributes", "1"), (".gitattributes", "2")]
