"""Publishing: an artefact folder becomes one commit on the Hub, card and all, or nothing does."""

from pathlib import Path

from spacehub import cards, catalogue, endpoint


def publish(key: str, folder: Path, *, message: str) -> str:
    """Render the card of `key` into its artefact `folder` and push the whole as one commit.

    What the repository holds and the folder does not is removed by the same commit. Publishing an
    unchanged folder makes no commit.

    Parameters
    ----------
    key : str
        The catalogue's key.
    folder : Path
        The complete artefact folder.
    message : str
        Title of the commit.

    Returns
    -------
    str
        The sha of the commit that holds the folder.

    Raises
    ------
    SpaceHubError
        When the card breaks a rule, or the Hub is out of reach, refuses the token or the namespace.
        A repository that this call made is then removed again.
    """
    entry = catalogue.find(key)
    _write_text(folder / "README.md", cards.render(key, folder))
    return push_folder(folder, entry.repo_id, repo_type=entry.repo_type, message=message)


def refresh_card(key: str) -> bool:
    """Render the published card of `key` anew from its repository's own facts; push it if it changed.

    Returns
    -------
    bool
        Whether there was a new card to push: its template had changed.

    Raises
    ------
    SpaceHubError
        When the repository lacks a fact that the template names, or the Hub refuses.
    """
    from huggingface_hub import HfApi, snapshot_download

    entry = catalogue.find(key)
    commit = endpoint.published_commit(entry.repo_id, repo_type=entry.repo_type)
    wanted = [cards.FACTS[entry.repo_type], "README.md", "figures/*"]
    folder = Path(
        snapshot_download(entry.repo_id, repo_type=entry.repo_type, revision=commit, allow_patterns=wanted)
    )
    card = cards.render(key, folder)
    published = folder / "README.md"
    if published.is_file() and published.read_text(encoding="utf-8") == card:
        return False
    HfApi().upload_file(
        path_or_fileobj=card.encode(),
        path_in_repo="README.md",
        repo_id=entry.repo_id,
        repo_type=entry.repo_type,
        commit_message="Render the card anew",
    )
    return True


def push_folder(
    folder: Path, repo_id: str, *, repo_type: str, message: str, space_sdk: str | None = None
) -> str:
    """Make `repo_id` hold exactly the files of `folder`, in one commit; return its sha."""
    import httpx2
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
    from huggingface_hub.errors import HfHubHTTPError

    api = HfApi()
    local = {
        path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()
    }
    created = False
    try:
        if not api.repo_exists(repo_id, repo_type=repo_type):
            api.create_repo(repo_id, repo_type=repo_type, space_sdk=space_sdk)
            created = True
        present = api.list_repo_files(repo_id, repo_type=repo_type)
        stale = set(present) - set(local) - {".gitattributes"}
        operations = [CommitOperationAdd(name, path) for name, path in local.items()]
        operations += [CommitOperationDelete(name) for name in sorted(stale)]
        return api.create_commit(repo_id, operations, commit_message=message, repo_type=repo_type).oid
    except (HfHubHTTPError, httpx2.HTTPError, OSError, ValueError) as error:
        if created:
            api.delete_repo(repo_id, repo_type=repo_type, missing_ok=True)
        raise endpoint.explain(error, repo_id) from error


def _write_text(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
