"""Read a model's versions: its headline metric at each commit that changed the results."""

import json
import math
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TypedDict

from space_app import pull
from spacehub import catalogue
from spacehub.errors import SpaceHubError
from spacehub.serving import stated

# The number of newest commits to read. Each commit costs two requests the first time; then it is cached.
MAX_COMMITS = 30
MAX_RESULTS, LARGEST_COUNT = 2 * 2**20, 10**12  # bytes of results.json, and its largest sample size
AT_ONCE = 4
CACHED = 512


class Version(TypedDict):
    """The headline metric `name` of a model at one commit, measured on `n` examples, with its 95 % confidence interval."""

    commit: str
    published: str | None
    preset: str | None
    name: str
    value: float
    low: float | None
    high: float | None
    n: int | None


def versions(repo_id: str) -> list[Version]:
    """Return the versions of a catalogue model, newest first, from its newest `MAX_COMMITS` commits.

    A commit that changed only the card is not a separate version: the version is the first commit with the
    same results.

    Raises
    ------
    SpaceHubError
        If the repository is not a model in the catalogue, or the Hub does not answer.
    """
    model = next((one for one in catalogue.MODELS.values() if one.repo_id == repo_id), None)
    if model is None:
        raise SpaceHubError(
            f"The app has no version history for {repo_id}.",
            f"Choose a model from the catalogue: {', '.join(catalogue.MODELS)}.",
        )
    commits = pull.history(repo_id, repo_type="model", limit=MAX_COMMITS)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        measured = list(pool.map(lambda one: _measured(repo_id, model.headline, one.sha), commits))
    results: list[Version] = []
    for commit, numbers in zip(commits, measured, strict=True):
        if numbers is None:
            continue
        made = commit.made.isoformat() if commit.made else None
        version = Version(commit=commit.sha, published=made, **dict(numbers))
        if results and _numbers(results[-1]) == _numbers(version):
            results[-1] = version
        else:
            results.append(version)
    return results


def _numbers(version: Version) -> dict:
    return {name: value for name, value in version.items() if name not in ("commit", "published")}


@lru_cache(maxsize=CACHED)
def _measured(repo_id: str, headline: str, sha: str) -> tuple[tuple[str, object], ...] | None:
    """Return the headline metric in one commit's results, which never change; None if the results have none."""
    raw = pull.pull_file(repo_id, "results.json", repo_type="model", commit=sha, limit=MAX_RESULTS)
    try:
        results = json.loads(raw or b"null")
        metric = next(item for item in results["metrics"] if item["key"] == headline)
    except (ValueError, TypeError, KeyError, StopIteration, RecursionError):
        return None
    value, low, high = (_finite(metric.get(name)) for name in ("value", "low", "high"))
    if value is None:
        return None
    n, preset = metric.get("n"), results.get("preset")
    return (
        ("preset", preset[:40] if isinstance(preset, str) else None),
        ("name", str(metric.get("name") or headline)[:100]),
        ("value", value),
        ("low", low if high is not None else None),
        ("high", high if low is not None else None),
        ("n", n if isinstance(n, int) and stated.is_number(n, 0, LARGEST_COUNT) else None),
    )


def _finite(value: object) -> float | None:
    try:
        number = float(value) if type(value) in (int, float) else math.nan
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
