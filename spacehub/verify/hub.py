"""Read from the Hub: a model repository at its newest commit, and the dataset at the commit that the model names."""

import re
from pathlib import Path

from spacehub import catalogue, endpoint
from spacehub.errors import SpaceHubError
from spacehub.models.proof import FAILED, OK, Finding

SHA = re.compile(r"[0-9a-f]{40}")


def find(repo: str) -> tuple[str, str]:
    """Return the catalogue's key and the repository for a key or ``NAMESPACE/NAME``.

    Raises
    ------
    SpaceHubError
        If `repo` is not a model in the catalogue.
    """
    if repo in catalogue.MODELS:
        return repo, catalogue.MODELS[repo].repo_id
    if "/" in repo:
        for key, model in catalogue.MODELS.items():
            if model.repo_name == repo.split("/", 1)[1]:
                return key, repo
    raise SpaceHubError(
        f"{repo!r} is not a model in the catalogue.",
        f"Use one of {', '.join(catalogue.MODELS)}. Alternatively, use NAMESPACE/NAME, where NAME is the repository name of one of these models.",
    )


def published_models() -> list[str]:
    """Return the keys of all models in the catalogue that are on the Hub."""
    return [
        key
        for key, model in catalogue.MODELS.items()
        if endpoint.published_commit(model.repo_id, repo_type="model") is not None
    ]


def pull_model(repo_id: str, *, fix: str) -> tuple[Path, str]:
    """Download a model repository at its newest commit; return the folder and the commit.

    Raises
    ------
    SpaceHubError
        If the Hub does not have the repository.
    """
    from huggingface_hub import constants, snapshot_download

    commit = endpoint.published_commit(repo_id, repo_type="model")
    if commit is None:
        raise SpaceHubError(
            f"{constants.ENDPOINT} has no model named {repo_id}.", f"To publish this model, run: {fix}"
        )
    return Path(snapshot_download(repo_id, revision=commit)), commit


def pull_dataset(key: str, named: dict) -> tuple[Path | None, list[Finding]]:
    """Download the dataset of model `key` at the commit that its results name; return the folder and the findings.

    The folder is None if the dataset is not the model's dataset in the catalogue, or if the Hub no longer has the
    commit. In this case, nothing can be recomputed.
    """
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError

    entry = catalogue.DATASETS[catalogue.MODELS[key].dataset]
    repo_id, commit = str(named.get("id")), str(named.get("commit"))
    if repo_id != entry.repo_id:
        detail = f"the results name the dataset {repo_id}; expected {entry.repo_id}"
        fix = f"If you trust {repo_id.split('/')[0]}, set SPACEHUB_NAMESPACE to that name."
        return None, [Finding("dataset", FAILED, detail, fix)]
    label, fix = "dataset commit", f"To retrain on the current dataset, run: spacehub publish {key}"
    if not SHA.fullmatch(commit):
        detail = f"{commit!r} is not a valid commit ID (40 hexadecimal digits)"
        return None, [Finding(label, FAILED, detail, fix)]
    try:
        known = {past.commit_id for past in HfApi().list_repo_commits(repo_id, repo_type="dataset")}
        if commit not in known:
            detail = f"the history of {repo_id} does not contain commit {commit[:8]}"
            return None, [Finding(label, FAILED, detail, fix)]
        folder = Path(snapshot_download(repo_id, repo_type="dataset", revision=commit))
    except (ValueError, OSError, HfHubHTTPError) as error:
        return None, [Finding(label, FAILED, str(error).splitlines()[0], fix)]
    return folder, [Finding(label, OK, f"{repo_id} at {commit[:8]}")]
