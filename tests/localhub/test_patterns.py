"""Our reading of .gitignore and .gitattributes beside git's own."""

import subprocess

import pytest

from spacehub.localhub.storage.patterns import Attributes, IgnoreRules, lfs_line

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
