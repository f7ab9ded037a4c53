"""Download a model into the client's cache before a Space starts: ``python -m … REPO REVISION [FILE ...]``."""

import sys

from huggingface_hub import snapshot_download


def main(repo_id: str, revision: str, *files: str) -> None:
    """Download some or all files of a repository at a revision; an empty revision means the newest commit."""
    snapshot_download(repo_id, revision=revision or None, allow_patterns=list(files) or None)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Exception as error:  # one line for the build's log
        sys.exit(f"{type(error).__name__}: {error}")
