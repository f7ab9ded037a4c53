"""The table that a model is trained on: a dataset of ours, read from the Hub at a pinned commit."""

from dataclasses import dataclass

import pandas as pd

from spacehub.errors import SpaceHubError


@dataclass(frozen=True, kw_only=True)
class TrainingData:
    """A table and where it comes from: `config` is ``simulated`` for generated rows."""

    table: pd.DataFrame
    id: str
    commit: str
    config: str

    @property
    def simulated(self) -> bool:
        """Whether the rows were generated."""
        return self.config == "simulated"


def load(repo_id: str, *, commit: str | None = None) -> TrainingData:
    """Read a dataset from the Hub at `commit`, the newest unless told otherwise.

    The config ``default`` holds real rows; where there is none, ``simulated`` is taken.

    Raises
    ------
    SpaceHubError
        When the Hub cannot be reached or does not have it.
    """
    import httpx2
    from datasets import get_dataset_config_names, load_dataset
    from huggingface_hub import HfApi, constants
    from huggingface_hub.errors import HfHubHTTPError

    try:
        sha = HfApi().dataset_info(repo_id, revision=commit).sha
    except HfHubHTTPError as error:
        raise SpaceHubError(
            f"The Hub at {constants.ENDPOINT} has no dataset {repo_id}{f' at {commit}' if commit else ''}.",
            f"Build and publish it: python -m train_scripts.build_datasets --only {repo_id.split('/')[-1]}",
        ) from error
    except (httpx2.HTTPError, OSError) as error:
        raise SpaceHubError(
            f"The Hub at {constants.ENDPOINT} cannot be reached.", "Is it running? Check HF_ENDPOINT."
        ) from error
    configs = get_dataset_config_names(repo_id, revision=sha)
    config = "default" if "default" in configs else "simulated"
    rows = load_dataset(repo_id, config, revision=sha, split="train")
    return TrainingData(table=rows.to_pandas(), id=repo_id, commit=sha, config=config)
