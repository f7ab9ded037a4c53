"""The tags of this Hub's repos, by category."""

from collections import defaultdict
from typing import Any

from starlette.routing import Route

from localhub.card.vocabulary import LANGUAGES, TASKS
from localhub.ids import RepoType
from localhub.web.call import Call, endpoint
from localhub.web.visible import visible_summaries


def model_tags(call: Call) -> dict[str, Any]:
    """Return the tags of models."""
    return _by_type(call, RepoType.MODEL)


def dataset_tags(call: Call) -> dict[str, Any]:
    """Return the tags of datasets."""
    return _by_type(call, RepoType.DATASET)


def _by_type(call: Call, kind: RepoType) -> dict[str, list[dict[str, str]]]:
    """Return every tag of the repos that the caller may see, as ``{"license": [{"id": "license:mit", "label": "mit", ...}]}``."""
    found: dict[str, set[str]] = defaultdict(set)
    for info, *_ in visible_summaries(call, kind):
        for tag in info["tags"]:
            found["library" if tag == info.get("library_name") else _about(tag, kind)].add(tag)
    return {
        about: [{"id": tag, "label": tag.partition(":")[2] or tag, "type": about} for tag in sorted(tags)]
        for about, tags in sorted(found.items())
    }


def _about(tag: str, kind: RepoType) -> str:
    about, colon, _ = tag.partition(":")
    if colon:
        return about
    if kind is RepoType.MODEL and tag in TASKS:
        return "pipeline_tag"
    return "language" if tag in LANGUAGES else "other"


routes = [
    Route("/api/models-tags-by-type", endpoint(model_tags)),
    Route("/api/datasets-tags-by-type", endpoint(dataset_tags)),
]
