"""Bringing a Hub up to date: datasets, then the models trained on them, each only when outdated."""

import json
import subprocess
import sys

from spacehub import catalogue
from spacehub.errors import SpaceHubError


def bring_up_to_date(keys: list[str]) -> None:
    """Build and push every dataset and model of `keys` (all when empty) that the Hub lacks or has outdated.

    A dataset is outdated when its sources or its builder changed, a model when its dataset has a
    newer commit than the one it was trained on. One that fails does not keep the others back.

    Raises
    ------
    SpaceHubError
        At the end, naming those that could not be made.
    """
    wanted = [catalogue.find(key).key for key in keys] or [*catalogue.DATASETS, *catalogue.MODELS]
    failed = []
    for key in sorted(wanted, key=lambda key: key in catalogue.MODELS):
        if key in catalogue.MODELS:
            if catalogue.MODELS[key].dataset in failed:
                failed.append(key)
                continue
            if is_current(key):
                print(f"[{key}] is published and up to date")
                continue
        if subprocess.run(command(key)).returncode:
            failed.append(key)
    if failed:
        names = ", ".join(failed)
        raise SpaceHubError(f"Could not be published: {names}.", "What is wrong with each is said above.")


def command(key: str) -> list[str]:
    """Return the command that builds and publishes `key`."""
    if key in catalogue.DATASETS:
        return [sys.executable, "-m", "train_scripts.build_datasets", "--only", key]
    return [sys.executable, "-m", f"train_scripts.{catalogue.MODELS[key].script}"]


def is_current(key: str) -> bool:
    """Tell whether the published model was trained on the newest commit of its dataset."""
    model = catalogue.MODELS[key]
    dataset = catalogue.DATASETS[model.dataset]
    results = published_facts(model.repo_id, "results.json", repo_type="model")
    if results is None:
        return False
    from huggingface_hub import HfApi

    return results["dataset"]["commit"] == HfApi().dataset_info(dataset.repo_id).sha


def published_facts(repo_id: str, name: str, *, repo_type: str) -> dict | None:
    """Read a JSON file of a repository on the Hub; None when there is no such file.

    Raises
    ------
    SpaceHubError
        When the Hub cannot be reached or refuses the token.
    """
    from huggingface_hub import constants, hf_hub_download
    from huggingface_hub.errors import (
        EntryNotFoundError,
        HfHubHTTPError,
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
    )

    try:
        path = hf_hub_download(repo_id, name, repo_type=repo_type)
    except LocalEntryNotFoundError as error:
        raise SpaceHubError(
            f"The Hub at {constants.ENDPOINT} cannot be reached.", "Is it running? Check HF_ENDPOINT."
        ) from error
    except (EntryNotFoundError, RepositoryNotFoundError):
        return None
    except HfHubHTTPError as error:
        raise SpaceHubError(
            f"The Hub at {constants.ENDPOINT} refused: {error}.", "Check HF_TOKEN."
        ) from error
    with open(path, encoding="utf-8") as file:
        return json.load(file)
