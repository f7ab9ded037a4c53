"""All datasets and models: key, repository and description."""

import json
import os
from dataclasses import dataclass

from spacehub.errors import SpaceHubError

DEFAULT_NAMESPACE = "spacehub"


def namespace() -> str:
    """Return the account or organisation that owns our repositories.

    The namespace is ``SPACEHUB_NAMESPACE`` if this variable is set. Otherwise, it is the owner of the Space in which the
    app runs (``SPACE_AUTHOR_NAME``, which Spaces set). Outside a Space, it is ``spacehub``, the embedded Hub's account.
    """
    chosen = os.environ.get("SPACEHUB_NAMESPACE") or os.environ.get("SPACE_AUTHOR_NAME")
    return chosen or DEFAULT_NAMESPACE


@dataclass(frozen=True, kw_only=True)
class Entry:
    """The fields that datasets and models share."""

    key: str
    repo_name: str
    title: str
    summary: str
    licence: str

    @property
    def repo_id(self) -> str:
        """Return the name of the repository on the Hub, ``namespace/name``."""
        return f"{namespace()}/{self.repo_name}"

    @property
    def template(self) -> str:
        """Return the file name of the card's template in ``model_cards``."""
        return f"{self.key}.md"


@dataclass(frozen=True, kw_only=True)
class Dataset(Entry):
    """A dataset, which `spacehub.data.<module>` builds."""

    module: str
    repo_type = "dataset"


@dataclass(frozen=True, kw_only=True)
class Model(Entry):
    """A model of the family `spacehub.models.<module>`, which `train_scripts.train_<module>` trains and publishes.

    Models of one family share a module, a script and a card template; `options` are the script's
    arguments for this model. `dataset` is the catalogue key of the training data, or None for a model
    trained in a simulation. `headline` names the metric of ``results.json`` that lists show for the
    model. A `variant` complements the main models; the demo trains it only if you name it.
    """

    module: str
    options: tuple[str, ...] = ()
    task: str
    library: str
    dataset: str | None
    headline: str
    variant: bool = False
    repo_type = "model"

    @property
    def script(self) -> str:
        """Return the name of the module in `train_scripts` that trains the model."""
        return f"train_{self.module}"

    @property
    def template(self) -> str:
        """Return the file name of the card's template in ``model_cards``."""
        return f"{self.module}.md"


DATASETS = {
    entry.key: entry
    for entry in [
        Dataset(
            key="falcon9-landings",
            repo_name="falcon9-landings",
            title="Falcon 9 landings",
            summary="One row per Falcon 9 launch, with the booster, launch site, payload, orbit and landing outcome.",
            licence="cc0-1.0",
            module="falcon9_landings",
        ),
        Dataset(
            key="meteorite-landings",
            repo_name="meteorite-landings",
            title="Meteorite landings",
            summary="One row per named meteorite: place, year, mass, class, and whether anyone saw the meteorite fall.",
            licence="cc0-1.0",
            module="meteorite_landings",
        ),
        Dataset(
            key="falcon9-telemetry",
            repo_name="falcon9-telemetry",
            title="Falcon 9 telemetry",
            summary="Speed, altitude and derived quantities for each second of 45 launches, and the times of events.",
            licence="unlicense",
            module="falcon9_telemetry",
        ),
        Dataset(
            key="space-images",
            repo_name="space-images",
            title="Space images",
            summary="Images of space, with the origin, licence and description of each image.",
            licence="one per image",
            module="space_images",
        ),
        Dataset(
            key="eurosat-rgb",
            repo_name="eurosat-rgb",
            title="EuroSAT RGB",
            summary="Sentinel-2 images of 64 x 64 pixels, each labelled with one of ten land-use classes.",
            licence="mit",
            module="eurosat_rgb",
        ),
        Dataset(
            key="uc-merced",
            repo_name="uc-merced",
            title="UC Merced Land Use",
            summary="Aerial images of 256 x 256 pixels, each labelled with one of 21 land-use classes.",
            licence="public domain",
            module="uc_merced",
        ),
        Dataset(
            key="space-titles",
            repo_name="space-titles",
            title="Space titles",
            summary="Post titles from 32 subreddits. Each title is labelled as about space or not.",
            licence="pddl",
            module="space_titles",
        ),
    ]
}

MODELS = {
    entry.key: entry
    for entry in [
        Model(
            key="landing",
            repo_name="falcon9-landing-classifier",
            title="Landing",
            summary="Predicts whether a booster will land, from facts known before the flight.",
            licence="apache-2.0",
            module="landing",
            task="tabular-classification",
            library="sklearn",
            dataset="falcon9-landings",
            headline="pr_auc_failures",
        ),
        Model(
            key="satellite-uc-merced",
            repo_name="uc-merced-land-use",
            title="Aerial images",
            summary="Classifies the land use in an aerial image into 21 classes.",
            licence="apache-2.0",
            module="satellite",
            options=("--data", "uc-merced"),
            variant=True,
            task="image-classification",
            library="timm",
            dataset="uc-merced",
            headline="accuracy",
        ),
        Model(
            key="satellite",
            repo_name="eurosat-land-use",
            title="Satellite",
            summary="Classifies the land use in a satellite image into ten classes.",
            licence="apache-2.0",
            module="satellite",
            task="image-classification",
            library="timm",
            dataset="eurosat-rgb",
            headline="accuracy",
        ),
        Model(
            key="titles",
            repo_name="space-titles-bert",
            title="Titles",
            summary="A small fine-tuned BERT that predicts whether a title is about space.",
            licence="apache-2.0",
            module="titles",
            task="text-classification",
            library="transformers",
            dataset="space-titles",
            headline="f1_space",
        ),
        Model(
            key="lander",
            repo_name="ppo-LunarLander-v3",
            title="Lander",
            summary="A PPO agent that lands a lunar lander between two flags.",
            licence="apache-2.0",
            module="lander",
            task="reinforcement-learning",
            library="stable-baselines3",
            dataset=None,
            headline="mean_reward",
        ),
        Model(
            key="lander-dqn",
            repo_name="dqn-LunarLander-v3",
            title="Lander, DQN",
            summary="A deep Q-learning agent that lands a lunar lander between two flags.",
            licence="apache-2.0",
            module="lander",
            options=("--algorithm", "dqn"),
            task="reinforcement-learning",
            library="stable-baselines3",
            dataset=None,
            headline="mean_reward",
        ),
        Model(
            key="lander-wind",
            repo_name="ppo-LunarLander-v3-wind",
            title="Lander, wind",
            summary="A PPO agent that was trained to land a lunar lander in wind and turbulence.",
            licence="apache-2.0",
            module="lander",
            options=("--wind",),
            variant=True,
            task="reinforcement-learning",
            library="stable-baselines3",
            dataset=None,
            headline="mean_reward",
        ),
        Model(
            key="lander-continuous",
            repo_name="ppo-LunarLanderContinuous-v3",
            title="Lander, throttles",
            summary="A PPO agent that lands a lunar lander with two throttles instead of four actions.",
            licence="apache-2.0",
            module="lander",
            options=("--continuous",),
            variant=True,
            task="reinforcement-learning",
            library="stable-baselines3",
            dataset=None,
            headline="mean_reward",
        ),
    ]
}


def in_demo() -> list[str]:
    """Return the demo's default keys: everything except the variants and the datasets that only variants need."""
    models = [key for key, model in MODELS.items() if not model.variant]
    for_variants = {model.dataset for model in MODELS.values() if model.variant}
    for_variants -= {MODELS[key].dataset for key in models}
    return [*(key for key in DATASETS if key not in for_variants), *models]


def find(key: str) -> Entry:
    """Return the dataset or model named `key`.

    Raises
    ------
    SpaceHubError
        If no dataset or model has this name.
    """
    entry = MODELS.get(key) or DATASETS.get(key)
    if entry is None:
        known = ", ".join([*MODELS, *DATASETS])
        raise SpaceHubError(f"There is no model or dataset named {key!r}.", f"Use one of: {known}.")
    return entry


def repositories() -> list[dict[str, str]]:
    """Return the key of every dataset and model with the name of its repository, datasets first."""
    entries = [*DATASETS.values(), *MODELS.values()]
    prefix = {"dataset": "datasets/", "model": ""}
    return [
        {"key": entry.key, "repository": f"{prefix[entry.repo_type]}{entry.repo_id}"} for entry in entries
    ]


if __name__ == "__main__":
    print(json.dumps(repositories()))  # the publishing workflow reads this
