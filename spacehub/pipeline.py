"""Bringing a Hub up to date: datasets, then the models trained on them, each only when outdated."""

import subprocess
import sys

from spacehub import catalogue, endpoint
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
    endpoint.require_reachable()
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
    results = endpoint.published_facts(model.repo_id, "results.json", repo_type="model")
    if results is None:
        return False
    from huggingface_hub import HfApi

    return results["dataset"]["commit"] == HfApi().dataset_info(dataset.repo_id).sha
