"""Every dataset and model that exists: its key, its repository, and what it is."""

import os
from dataclasses import dataclass

from spacehub.errors import SpaceHubError

DEFAULT_NAMESPACE = "spacehub"


def namespace() -> str:
    """Return the account or organisation that holds our repositories.

    ``SPACEHUB_NAMESPACE``, else the owner of the Space that we run in (which Spaces tell as
    ``SPACE_AUTHOR_NAME``), else ``spacehub``, the embedded Hub's account.
    """
    chosen = os.environ.get("SPACEHUB_NAMESPACE") or os.environ.get("SPACE_AUTHOR_NAME")
    return chosen or DEFAULT_NAMESPACE


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a dataset and a model have in common."""

    key: str
    repo_name: str
    title: str
    summary: str
    licence: str

    @property
    def repo_id(self) -> str:
        """``namespace/name`` on the Hub."""
        return f"{namespace()}/{self.repo_name}"


@dataclass(frozen=True, kw_only=True)
class Dataset(Entry):
    """A dataset: `spacehub.data.<module>` builds it."""

    module: str
    repo_type = "dataset"


@dataclass(frozen=True, kw_only=True)
class Model(Entry):
    """A model: `train_scripts.<script>` trains and publishes it.

    `headline` names the metric of ``results.json`` that stands for the model in a list.
    """

    task: str
    library: str
    dataset: str
    script: str
    headline: str
    repo_type = "model"


DATASETS = {
    entry.key: entry
    for entry in [
        Dataset(
            key="falcon9-landings",
            repo_name="falcon9-landings",
            title="Falcon 9 landings",
            summary="One row per Falcon 9 launch: booster, site, payload, orbit, and how the landing went.",
            licence="cc0-1.0",
            module="falcon9_landings",
        )
    ]
}

MODELS = {
    entry.key: entry
    for entry in [
        Model(
            key="landing",
            repo_name="falcon9-landing-classifier",
            title="Landing",
            summary="Will the booster land? The chance, from what is known before the flight.",
            licence="apache-2.0",
            task="tabular-classification",
            library="sklearn",
            dataset="falcon9-landings",
            script="train_landing",
            headline="pr_auc_failures",
        )
    ]
}


def find(key: str) -> Entry:
    """Return the dataset or model named `key`.

    Raises
    ------
    SpaceHubError
        When there is none of that name.
    """
    entry = MODELS.get(key) or DATASETS.get(key)
    if entry is None:
        known = ", ".join([*MODELS, *DATASETS])
        raise SpaceHubError(f"There is no model or dataset named {key!r}.", f"Use one of: {known}.")
    return entry
