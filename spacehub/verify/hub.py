"""What is read from the Hub: the repository at its newest commit, and the dataset at the commit that it names."""

import re
from pathlib import Path

from spacehub import catalogue, endpoint
from spacehub.errors import SpaceHubError
from spacehub.models.proof import FAILED, OK, Finding

SHA = re.compile(r"[0-9a-f]{40}")


def find(repo: str) -> tuple[str, str]:
    """Return the catalogue's key and the repository that a key or ``NAMESPACE/NAME`` stands for.

    Raises
    ------
    SpaceHubError
        When it is no model of the catalogue.
    """
    if repo in catalogue.MODELS:
        return repo, catalogue.MODELS[repo].repo_id
    if "/" in repo:
        for key, model in catalogue.MODELS.items():
            if model.repo_name == repo.split("/", 1)[1]:
                return key, repo
    raise SpaceHubError(
        f"{repo!r} is not a model of the catalogue.",
        f"Name one of {', '.join(catalogue.MODELS)}, or a repository called like theirs (NAMESPACE/NAME).",
    )


def published_models() -> list[str]:
    """Return the keys of all models of the catalogue that the Hub has."""
    return [
        key
        for key, model in catalogue.MODELS.items()
        if endpoint.published_commit(model.repo_id, repo_type="model") is not None
    ]


def pull_model(repo_id: str, *, fix: str) -> tuple[Path, str]:
    """Return the folder and the commit of a model repository as it is now.

    Raises
    ------
    SpaceHubError
        When the Hub does not have it.
    """
    from huggingface_hub import constants, snapshot_download

    commit = endpoint.published_commit(repo_id, repo_type="model")
    if commit is None:
        raise SpaceHubError(f"{constants.ENDPOINT} has no model {repo_id}.", f"To publish it, run: {fix}")
    return Path(snapshot_download(repo_id, revision=commit)), commit


def pull_dataset(key: str, named: dict) -> tuple[Path | None, list[Finding]]:
    """Return the folder of the dataset of model `key` at the commit that its results name, and what that shows.

    The folder is None when the dataset is not the catalogue's, or the Hub no longer has the commit: nothing can
    be recomputed then.
    """
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError

    entry = catalogue.DATASETS[catalogue.MODELS[key].dataset]
    repo_id, commit = str(named.get("id")), str(named.get("commit"))
    if repo_id != entry.repo_id:
        detail = f"stated {repo_id}, found {entry.repo_id}: a foreign dataset"
        fix = f"Trust it only if you know {repo_id.split('/')[0]}; then set SPACEHUB_NAMESPACE to that name."
        return None, [Finding("dataset", FAILED, detail, fix)]
    label = "dataset commit"
    try:
        if not SHA.fullmatch(commit):
            raise ValueError(f"{commit!r} is not a commit's 40 hexadecimal digits")
        known = {one.commit_id for one in HfApi().list_repo_commits(repo_id, repo_type="dataset")}
        if commit not in known:
            raise ValueError(f"{repo_id} has no commit {commit[:8]} in its history")
        folder = Path(snapshot_download(repo_id, repo_type="dataset", revision=commit))
    except (ValueError, OSError, HfHubHTTPError) as error:
        fix = f"To train on the data that the Hub has now, run: spacehub publish {key}"
        return None, [Finding(label, FAILED, str(error).splitlines()[0], fix)]
    return folder, [Finding(label, OK, f"{repo_id} at {commit[:8]}")]
