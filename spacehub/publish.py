"""Publishing: an artefact folder becomes one commit on the Hub, card and all, or nothing does."""

import shutil
import tempfile
from pathlib import Path

from spacehub import cards, catalogue, endpoint
from spacehub.errors import SpaceHubError

COLLECTION = "SpaceHub"
ABOUT = "Datasets and models about space, each with a card that can be verified."


class EditedCardError(SpaceHubError):
    """Somebody edited a published card, and what was asked for would overwrite it."""


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


def refresh_card(key: str, *, overwrite: bool = False, dry_run: bool = False) -> bool:
    """Render the published card of `key` again from its repository's own facts; push it if it changed.

    Parameters
    ----------
    overwrite : bool
        Replace a card that somebody edited, too.
    dry_run : bool
        Print what would change, and push nothing.

    Returns
    -------
    bool
        Whether there is a new card: its template changed, or somebody edited the published one.

    Raises
    ------
    SpaceHubError
        When the repository lacks a fact that the template names, the published card was edited and `overwrite` is
        not set, or the Hub refuses.
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
            f"The card of {entry.repo_id} was edited on the Hub; the lines above would be overwritten.",
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
    """Make sure, before long work whose result replaces it, that nobody edited the published card of `key`.

    Raises
    ------
    SpaceHubError
        When somebody did.
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
            f"The card of {entry.repo_id} was edited on the Hub, and publishing would overwrite it.",
            f"To see the difference, run: spacehub publish {key} --dry-run. To overwrite it, add --overwrite.",
        )


def rollback(key: str, commit: str) -> str:
    """Make the repository of `key` hold what it held at an earlier `commit`, as a new commit; return its sha.

    Parameters
    ----------
    commit : str
        Its first seven digits are enough.

    Raises
    ------
    SpaceHubError
        When the history has no such commit, or the Hub refuses.
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
    matching = [one.commit_id for one in history if len(commit) >= 7 and one.commit_id.startswith(commit)]
    if len(matching) != 1:
        recent = "; ".join(f"{one.commit_id[:8]} {one.title}" for one in history[:5])
        raise SpaceHubError(
            f"The history of {entry.repo_id} has no commit {commit!r}.", f"Choose one of these: {recent}."
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
    """Keep the collection of our datasets and models that the Hub has, and of `spaces`; return its address.

    None where the token may not keep collections, which is no reason to fail.
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
        named = (one for one in api.list_collections(owner=owner) if one.title == COLLECTION)
        made = next(named, None) or api.create_collection(COLLECTION, namespace=owner, description=ABOUT)
        present = {(item.item_id, item.item_type) for item in api.get_collection(made.slug).items}
        for repo_id, repo_type in wanted:
            if (repo_id, repo_type) not in present:
                api.add_collection_item(made.slug, repo_id, repo_type, exists_ok=True)
    except (HfHubHTTPError, httpx2.HTTPError) as error:
        print(f"The collection {COLLECTION!r} could not be updated: {error}", flush=True)
        return None
    return made.url


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
