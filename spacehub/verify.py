"""Verifying: a published card is reproduced from the Hub alone, or it fails.

The model's folder and its dataset, if it has one, are pulled at the commits that they name, the model is
evaluated again, and every number is held against the one that the card prints.
"""

import importlib
from dataclasses import dataclass
from pathlib import Path

from spacehub import cards, catalogue, endpoint
from spacehub.errors import SpaceHubError

TOLERANCE = 1e-6


@dataclass(frozen=True)
class Check:
    """One thing that the card states, and what came of it here."""

    name: str
    stated: float | str
    found: float | str

    @property
    def holds(self) -> bool:
        """Whether the two agree: numbers within `TOLERANCE`, anything else exactly."""
        if isinstance(self.stated, float) and isinstance(self.found, float):
            return abs(self.stated - self.found) <= TOLERANCE
        return self.stated == self.found


def verify(key: str) -> list[Check]:
    """Reproduce the published model `key` and print what was held against what.

    Raises
    ------
    SpaceHubError
        When it is not on the Hub, or a number of its card cannot be reproduced.
    """
    model = catalogue.find(key)
    if key not in catalogue.MODELS:
        raise SpaceHubError(f"{key!r} is a dataset.", f"Name a model: {', '.join(catalogue.MODELS)}.")
    endpoint.require_reachable()
    commit = endpoint.published_commit(model.repo_id, repo_type="model")
    folder = _pull(model.repo_id, "model", commit, build=cards.build_line(key))
    results = cards.facts(key, folder)
    given = [folder, results]
    if model.dataset is not None:
        data = results["dataset"]
        given.append(_pull(data["id"], "dataset", data["commit"], build=cards.build_line(model.dataset)))
    published, rendered = (folder / "README.md").read_text(encoding="utf-8"), cards.render(key, folder)
    checks = [Check("card is what its folder renders", "yes", "yes" if published == rendered else "no")]
    family = importlib.import_module(f"spacehub.models.{model.module}")
    checks += [Check(*row) for row in family.recompute(*given)]
    for check in checks:
        print(f"{'ok  ' if check.holds else 'FAIL'} {check.name}: stated {check.stated}, found {check.found}")
    broken = [check.name for check in checks if not check.holds]
    if broken:
        raise SpaceHubError(
            f"The card of {model.repo_id} does not hold: {', '.join(broken)}.", "Train it again."
        )
    print(f"The card of {model.repo_id} holds: {len(checks)} checks.")
    return checks


def _pull(repo_id: str, repo_type: str, commit: str | None, *, build: str) -> Path:
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        if commit is not None:
            return Path(snapshot_download(repo_id, repo_type=repo_type, revision=commit))
        problem = f"{constants.ENDPOINT} holds no {repo_type} {repo_id}."
    except (HfHubHTTPError, LocalEntryNotFoundError) as error:
        problem = f"{constants.ENDPOINT} does not give {repo_type} {repo_id} at {commit}: {error}."
    raise SpaceHubError(problem, f"Check HF_ENDPOINT and SPACEHUB_NAMESPACE, or publish it: {build}")
