"""The texts that explain why a commit or a push is rejected. The texts are the same for both, and use huggingface.co's words.

A commit returns the text as its error (400); `git push` shows it line by line after "remote:". A text that names a ref
(``refs/heads/main``) uses huggingface.co's form.
"""

from collections.abc import Sequence

from localhub.card.metadata import check_metadata
from localhub.rules.patterns import GITATTRIBUTES, Attributes

CARD = "README.md"
FOLDER_ENTRIES = 10_000
OFFENDERS_SHOWN = 100

_XET = "https://huggingface.co/docs/hub/xet"


def binary_files(paths: Sequence[str], ref: str) -> str:
    """Return the text for files in git itself that are not text."""
    return (
        "Your push was rejected because it contains binary files.\n"
        f"Please use {_XET} to store binary files.\n{_offending_files(paths, ref)}"
    )


def long_files(paths: Sequence[str], ref: str) -> str:
    """Return the text for files that are too long for git itself."""
    return (
        "Your push was rejected because it contains files larger than 10 MB.\n"
        f"Please use {_XET} to store large files.\n{_offending_files(paths, ref)}"
    )


def crowded_folders(folders: Sequence[str], ref: str) -> str:
    """Return the text for folders with more than `FOLDER_ENTRIES` entries."""
    return (
        "Your push was rejected because it contains too many files per directory. Each directory in your git repo can "
        f"only contain up to {FOLDER_ENTRIES} files.\nOffending reference: {ref}\nOffending directories:\n"
        + _listed([f"/{folder}/" if folder else "/" for folder in folders])
    )


def card_errors(content: bytes, repo_type: str) -> list[str]:
    """Return the text for invalid metadata in a README.md."""
    return check_metadata(content.decode(errors="replace"), repo_type=repo_type)[0]


def rejected_card(errors: Sequence[str], repo_type: str) -> str:
    """Return the text for a card with these errors, as `git push` shows it."""
    kind = repo_type if repo_type in ("model", "dataset") else None
    page = f"{kind}-cards#{kind}-card-metadata" if kind else "spaces-config-reference"
    errors_listed = "\n".join(f"- Error: {error}" for error in errors)
    return (
        f"Sorry, your push was rejected during YAML metadata verification:\n{errors_listed}\n{RULER}\n"
        f"Please find the documentation at:\nhttps://huggingface.co/docs/hub/{page}"
    )


def attributes_as_pointer(path: str) -> str:
    """Return why a .gitattributes cannot be a large file."""
    return (
        f"{path!r} cannot be a large file, because git must read the rules in it. Keep it below 10 MB: use patterns "
        "such as *.bin, which match many files."
    )


def attributes_problem(path: str, content: bytes | None) -> str | None:
    """Return why a .gitattributes (None for a large file) cannot say which files are large."""
    if content is None:
        return attributes_as_pointer(path)
    if Attributes(content.decode(errors="surrogateescape")).is_lfs(GITATTRIBUTES):
        return (
            f"{path!r} matches one of its own rules, so git-lfs would replace the rules with a pointer. Add the "
            f"line: {GITATTRIBUTES} -filter -diff -merge text"
        )
    return None


def is_attributes(path: str) -> bool:
    """Return whether a path is a .gitattributes, in any folder."""
    return path.rpartition("/")[2] == GITATTRIBUTES


RULER = "-" * 73


def _offending_files(paths: Sequence[str], ref: str) -> str:
    return "Offending files:\n" + _listed([f"  - {path} (ref: {ref})" for path in paths])


def _listed(lines: Sequence[str]) -> str:
    more = [f"  ... and {len(lines) - OFFENDERS_SHOWN} more"] if len(lines) > OFFENDERS_SHOWN else []
    return "\n".join([*lines[:OFFENDERS_SHOWN], *more])
