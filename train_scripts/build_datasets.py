"""Build every dataset from its raw files and publish it with its card.

    python -m train_scripts.build_datasets

The script takes less than a minute on a CPU. If nothing has changed, it ends immediately. The script publishes to the
Hub at HF_ENDPOINT with the token in HF_TOKEN.
"""

import logging
from dataclasses import dataclass, field
from pathlib import Path

import tyro

from spacehub import cards, catalogue, endpoint
from spacehub.data.folder import build_folder
from spacehub.errors import SpaceHubError
from spacehub.publish import publish
from spacehub.script import friendly


@dataclass
class Options:
    """Options for building the datasets."""

    only: list[str] = field(default_factory=list)
    """The datasets to build (default: all datasets in the catalogue)."""
    push: bool = True
    """Publish the datasets to the Hub. With --no-push, only build the folders."""


def build(key: str, *, push: bool) -> Path:
    """Build the folder of one dataset, and publish the dataset unless the Hub already has it."""
    if push:
        endpoint.require_reachable()
    folder = build_folder(key)
    built = cards.facts(key, folder)
    if not push:
        print(f"[{key}] dataset folder: {folder}")
        return folder
    entry = catalogue.DATASETS[key]
    published = endpoint.published_facts(entry.repo_id, "build.json", repo_type="dataset")
    if published and published.get("fingerprint") == built["fingerprint"]:
        print(f"[{key}] is published and up to date")
    elif published and built["simulated"] and published.get("simulated") is False:
        print(f"[{key}] already has real data on the Hub, so the simulated sample was not published")
    else:
        kind = "SIMULATED rows" if built["simulated"] else "real rows"
        sha = publish(key, folder, message=f"Publish {built['rows']} {kind}")
        print(f"[{key}] published {built['rows']} {kind} as {entry.repo_id} at {sha[:8]}")
    return folder


def main() -> None:
    """Build the datasets named on the command line."""
    options = tyro.cli(Options, description=__doc__)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    for key in options.only:
        if key not in catalogue.DATASETS:
            with friendly(key):
                known = ", ".join(catalogue.DATASETS)
                raise SpaceHubError(f"The dataset {key!r} does not exist.", f"Use one of: {known}.")
    for key in options.only or catalogue.DATASETS:
        with friendly(key):
            build(key, push=options.push)


if __name__ == "__main__":
    main()
