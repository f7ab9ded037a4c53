"""Bring a Hub up to date: publish missing or outdated datasets first, and then missing or outdated models."""

import importlib
import os
import subprocess
import sys

from spacehub import catalogue, endpoint, progress
from spacehub.cards import OutdatedFolderError
from spacehub.errors import SpaceHubError
from spacehub.publish import EditedCardError, collect, refresh_card, require_unedited

# The presets of every training script. `smoke` trains for seconds, only to test the software.
SMOKE = "smoke"
PRESETS = ("quick", "full", SMOKE)


def bring_up_to_date(keys: list[str], *, overwrite: bool = False, dry_run: bool = False) -> None:
    """Build and push every dataset and model in `keys` (all if empty) that is missing or outdated on the Hub.

    A dataset is outdated if its sources or its builder changed. A model is outdated if the data in its dataset
    changed. A model without a dataset is outdated if its recipe changed. A card is outdated if its template
    changed. If one entry fails, the function continues with the others.

    Parameters
    ----------
    overwrite : bool
        Also replace cards that somebody edited on the Hub.
    dry_run : bool
        Print what would change, with a diff of each card, and change nothing.

    Raises
    ------
    SpaceHubError
        If entries could not be published. The error is raised at the end and names all of them.
    """
    wanted = [catalogue.find(key).key for key in keys] or [*catalogue.DATASETS, *catalogue.MODELS]
    preset()
    endpoint.require_reachable()
    endpoint.require_token(catalogue.namespace())
    wanted = sorted(wanted, key=lambda key: key in catalogue.MODELS)
    if dry_run:
        for key in wanted:
            _foresee(key)
        return
    for key in wanted:
        entry = catalogue.find(key)
        if endpoint.published_commit(entry.repo_id, repo_type=entry.repo_type) is None:
            progress.report(key, "in preparation", 0, 1)
    failed = [key for key in wanted if not _bring(key, overwrite=overwrite)]
    if address := collect():
        print(f"Collection: {address}", flush=True)
    if failed:
        names = ", ".join(failed)
        raise SpaceHubError(f"Could not publish: {names}.", "See the errors above.")


def _foresee(key: str) -> None:
    """Print what `_bring` would do."""
    entry = catalogue.find(key)
    commit = endpoint.published_commit(entry.repo_id, repo_type=entry.repo_type)
    line = " ".join(["python", *command(key)[1:]])
    if commit is None:
        print(f"[{key}] is not published: would run {line}", flush=True)
        return
    if key in catalogue.MODELS and not is_current(key):
        print(
            f"[{key}] is outdated: would run {line} and replace {entry.repo_id} at {commit[:8]}", flush=True
        )
        return
    try:
        changed = refresh_card(key, dry_run=True)
    except OutdatedFolderError:
        print(f"[{key}] was built by an earlier version: would run {line}", flush=True)
        return
    print(f"[{key}] {'would get the card above' if changed else 'has an up-to-date card'}", flush=True)


def _bring(key: str, *, overwrite: bool) -> bool:
    """Bring one dataset or model up to date; return whether it is up to date."""
    before = _commit(key)
    if not _try_to_bring(key, overwrite=overwrite):
        return False
    commit = _commit(key)
    progress.published(key, commit, up_to_date=commit == before)
    return True


def _commit(key: str) -> str | None:
    entry = catalogue.find(key)
    return endpoint.published_commit(entry.repo_id, repo_type=entry.repo_type)


def _try_to_bring(key: str, *, overwrite: bool) -> bool:
    try:
        if key in catalogue.MODELS and is_current(key):
            print(f"[{key}] is published and up to date", flush=True)
        else:
            if not overwrite:
                require_unedited(key)
            if not _make(key):
                return False
        if refresh_card(key, overwrite=overwrite):
            print(f"[{key}] has a new card", flush=True)
    except EditedCardError as error:
        print(f"[{key}] {error.problem} {error.fix}", flush=True)
        return False
    except OutdatedFolderError:
        print(f"[{key}] was built by an earlier version; rebuilding it", flush=True)
        return _make(key)
    return True


def _make(key: str) -> bool:
    """Run the command that builds `key`; if it fails, record the failure, so the app stops showing progress."""
    ended = subprocess.run(command(key)).returncode
    if ended and not progress.has_failed(key):
        progress.failed(key, f"its command exited with code {ended}; see the end of its output.")
    return ended == 0


def preset() -> str | None:
    """Return the preset in ``SPACEHUB_PRESET``; None means each script's default.

    Raises
    ------
    SpaceHubError
        If the value is not a preset.
    """
    named = os.environ.get("SPACEHUB_PRESET", "").strip()
    if named and named not in PRESETS:
        raise SpaceHubError(
            f"SPACEHUB_PRESET is {named!r}, which is not a preset.", f"Use one of: {', '.join(PRESETS)}."
        )
    return named or None


def command(key: str) -> list[str]:
    """Return the command that builds and publishes `key`; ``SPACEHUB_PRESET`` chooses the training preset."""
    if key in catalogue.DATASETS:
        return [sys.executable, "-m", "train_scripts.build_datasets", "--only", key]
    chosen = preset()
    options = ["--preset", chosen] if chosen else []
    model = catalogue.MODELS[key]
    return [sys.executable, "-m", f"train_scripts.{model.script}", *model.options, *options]


def is_current(key: str) -> bool:
    """Return whether the published model was trained on the current data of its dataset.

    A model without a dataset is current if its recipe has not changed. A smoke-test model is current only if
    ``SPACEHUB_PRESET`` is `smoke`.
    """
    from huggingface_hub import HfApi

    model = catalogue.MODELS[key]
    results = endpoint.published_facts(model.repo_id, "results.json", repo_type="model")
    if results is not None and results.get("preset") == SMOKE != preset():
        return False
    if model.dataset is None:
        family = importlib.import_module(f"spacehub.models.{model.module}")
        return results is not None and family.is_current(results)
    dataset = catalogue.DATASETS[model.dataset]
    built = endpoint.published_facts(dataset.repo_id, "build.json", repo_type="dataset")
    if results is None or built is None or "data_files" not in built:
        return False
    trained, now = (
        HfApi().get_paths_info(dataset.repo_id, built["data_files"], repo_type="dataset", revision=revision)
        for revision in (results["dataset"]["commit"], None)
    )
    return [file.blob_id for file in trained] == [file.blob_id for file in now]
