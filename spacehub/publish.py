"""Publish an artefact folder with its card as one commit on the Hub."""

import shutil
import tempfile
from pathlib import Path

from spacehub import cards, catalogue, endpoint
from spacehub.errors import SpaceHubError

COLLECTION = "SpaceHub"
ABOUT = "Datasets and models about space. You can verify the card of each model."


class EditedCardError(SpaceHubError):
    """Somebody edited a published card, and publishing would overwrite the edits."""


def publish(key: str, folder: Path, *, message: str) -> str:
    """Render the card of `key` into its artefact `folder` and push the folder as one commit.

    The same commit removes files that are in the repository but not in the folder. If the folder has not changed,
    no commit is created.

    Parameters
    ----------
    key : str
        The catalogue key.
    folder : Path
        The complete artefact folder.
    message : str
        Title of the commit.

    Returns
    -------
    str
        The SHA of the commit that contains the folder.

    Raises
    ------
    SpaceHubError
        If the card breaks a rule, or the Hub cannot be reached or rejects the token or the namespace.
        If this call created the repository, it deletes the repository again.
    """
    entry = catalogue.find(key)
    _write_text(folder / "README.md", cards.render(key, folder))
    return push_folder(folder, entry.repo_id, repo_type=entry.repo_type, message=message)


def refresh_card(key: str, *, overwrite: bool = False, dry_run: bool = False) -> bool:
    """Render the published card of `key` again from the facts in its repository, and push the card if it changed.

    Parameters
    ----------
    overwrite : bool
        Also replace a card that somebody edited.
    dry_run : bool
        Print what would change without pushing it.

    Returns
    -------
    bool
        Whether the card changed, because of its template or because somebody edited it.

    Raises
    ------
    SpaceHubError
        If the repository lacks a value that the template needs, the published card was edited and `overwrite` is
        not set, or the Hub rejects the commit.
    """
    from huggingface_hub import HfApi, snapshot_download

    entry = catalogue.find(key)
    commit = endpoint.published_commit(entry.repo_id, repo_type=entry.repo_type)
    wanted = [cards.FACTS[entry.repo_type], "README.md", "figures/*"]
    folder = Path(
        snapshot_download(entry.repo_id, repo_type=entry.repo_type, revision=commit, allow_patterns=wanted)
    )
    card = cards.render(key, folder)
    path = folder / "README.md"
    published = path.read_text(encoding="utf-8") if path.is_file() else ""
    if published == card:
        return False
    edited = bool(published) and cards.is_edited(published)
    if edited or dry_run:
        print("\n".join(cards.difference(published, card)), flush=True)
    if dry_run:
        return True
    if edited and not overwrite:
        raise EditedCardError(
            f"The card of {entry.repo_id} was edited on the Hub. Publishing would overwrite the lines above.",
            f"Move your text to model_cards/{entry.template}, or run: spacehub publish {key} --overwrite",
        )
    HfApi().upload_file(
        path_or_fileobj=card.encode(),
        path_in_repo="README.md",
        repo_id=entry.repo_id,
        repo_type=entry.repo_type,
        commit_message="Render the card again",
        parent_commit=commit,
    )
    return True


def require_unedited(key: str) -> None:
    """Check that nobody edited the published card of `key`, before a long task whose result would replace the card.

    Raises
    ------
    SpaceHubError
        If somebody edited the card.
    """
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import EntryNotFoundError

    entry = catalogue.find(key)
    commit = endpoint.published_commit(entry.repo_id, repo_type=entry.repo_type)
    if commit is None:
        return
    try:
        path = hf_hub_download(entry.repo_id, "README.md", repo_type=entry.repo_type, revision=commit)
    except EntryNotFoundError:
        return
    if cards.is_edited(Path(path).read_text(encoding="utf-8")):
        raise EditedCardError(
            f"The card of {entry.repo_id} was edited on the Hub. Publishing would overwrite this card.",
            f"To see the difference, run: spacehub publish {key} --dry-run. To overwrite the card, add --overwrite.",
        )


def rollback(key: str, commit: str) -> str:
    """Create a commit that restores the repository of `key` to an earlier `commit`; return the SHA of the new commit.

    Parameters
    ----------
    commit : str
        At least the first seven digits of the commit.

    Raises
    ------
    SpaceHubError
        If the history does not contain the commit, or the Hub rejects the request.
    """
    import httpx2
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError

    entry = catalogue.find(key)
    endpoint.require_reachable()
    endpoint.require_token(catalogue.namespace())
    try:
        history = HfApi().list_repo_commits(entry.repo_id, repo_type=entry.repo_type)
    except (HfHubHTTPError, httpx2.HTTPError) as error:
        raise endpoint.explain(error, entry.repo_id) from error
    matching = [past.commit_id for past in history if len(commit) >= 7 and past.commit_id.startswith(commit)]
    if len(matching) != 1:
        recent = "; ".join(f"{past.commit_id[:8]} {past.title}" for past in history[:5])
        raise SpaceHubError(
            f"The history of {entry.repo_id} does not contain the commit {commit!r}.",
            f"Use one of these commits: {recent}.",
        )
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(
            snapshot_download(
                entry.repo_id, repo_type=entry.repo_type, revision=matching[0], local_dir=scratch
            )
        )
        shutil.rmtree(folder / ".cache", ignore_errors=True)
        message = f"Roll back to {matching[0][:8]}"
        return push_folder(folder, entry.repo_id, repo_type=entry.repo_type, message=message)


def collect(*spaces: str) -> str | None:
    """Add our published datasets and models, and `spaces`, to the collection; return the collection's address.

    If the Hub rejects the change, for example because the token cannot edit collections, print the error and return None.
    """
    import httpx2
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError

    api, owner = HfApi(), catalogue.namespace()
    wanted = [(repo_id, "space") for repo_id in spaces]
    for entry in [*catalogue.DATASETS.values(), *catalogue.MODELS.values()]:
        if endpoint.published_commit(entry.repo_id, repo_type=entry.repo_type) is not None:
            wanted.append((entry.repo_id, entry.repo_type))
    try:
        matching = (known for known in api.list_collections(owner=owner) if known.title == COLLECTION)
        collection = next(matching, None) or api.create_collection(
            COLLECTION, namespace=owner, description=ABOUT
        )
        present = {(item.item_id, item.item_type) for item in api.get_collection(collection.slug).items}
        for repo_id, repo_type in wanted:
            if (repo_id, repo_type) not in present:
                api.add_collection_item(collection.slug, repo_id, repo_type, exists_ok=True)
    except (HfHubHTTPError, httpx2.HTTPError) as error:
        print(f"Could not update the collection {COLLECTION!r}: {error}", flush=True)
        return None
    return collection.url


def push_folder(
    folder: Path, repo_id: str, *, repo_type: str, message: str, space_sdk: str | None = None
) -> str:
    """Replace the files of `repo_id` with the files in `folder` in one commit; return the SHA of the commit."""
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
