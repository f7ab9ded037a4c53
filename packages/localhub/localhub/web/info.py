"""The embedded Hub's information about a repo: its card's metadata, the derived tags, its files."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from localhub import bounded
from localhub.card import frontmatter
from localhub.files.lfs import LfsStore
from localhub.git.entries import Entry, Snapshot
from localhub.git.gitrepo import GitRepo
from localhub.ids import RepoType
from localhub.storage.likes import likes
from localhub.storage.repo import Repo, RepoSettings
from localhub.times import iso_timestamp
from localhub.web import safetensors
from localhub.web.runtime import runtime

# Front matter keys that become tags "key:value" of a dataset.
_DATASET_TAG_KEYS = (
    "task_categories",
    "task_ids",
    "annotations_creators",
    "language_creators",
    "multilinguality",
    "source_datasets",
    "language",
    "license",
    "size_categories",
)

# File suffixes that become a tag of a model.
_FORMATS = {
    ".safetensors": "safetensors",
    ".onnx": "onnx",
    ".gguf": "gguf",
    ".skops": "skops",
    ".joblib": "joblib",
}

# Suffixes of transformers architectures, and their tasks.
_ARCHITECTURE_TASKS = {
    "ForSequenceClassification": "text-classification",
    "ForTokenClassification": "token-classification",
    "ForQuestionAnswering": "question-answering",
    "ForMaskedLM": "fill-mask",
    "ForCausalLM": "text-generation",
    "ForImageClassification": "image-classification",
    "ForObjectDetection": "object-detection",
}


def repo_info(
    repo: Repo,
    settings: RepoSettings,
    snapshot: Snapshot,
    *,
    sizes: bool = False,
    expand: list[str] | None = None,
) -> dict[str, Any]:
    """Return a repo at one commit, in the format that ``model_info`` and its siblings read.

    Parameters
    ----------
    repo : Repo
    settings : RepoSettings
        The repo's settings.
    snapshot : Snapshot
        The commit.
    sizes : bool
        Include size and hashes of each file (``blobs=true``).
    expand : list of str, optional
        Only these fields, in addition to the id.
    """
    info = summary(repo, settings, snapshot)
    if not expand or "siblings" in expand:
        files = (entry for entry in snapshot.walk(recursive=True) if not entry.is_folder)
        info["siblings"] = [_sibling(entry, sizes) for entry in files]
    if not expand or "usedStorage" in expand:
        info["usedStorage"] = snapshot.lfs.total_bytes()
    return {key: value for key, value in info.items() if key in {*_ALWAYS, *expand}} if expand else info


_ALWAYS = {"_id", "id", "modelId"}


def summary(repo: Repo, settings: RepoSettings, snapshot: Snapshot) -> dict[str, Any]:
    """Return a repo without its files, as in lists of repos."""
    id = repo.id
    facts = _facts(id.type, Path(snapshot.git.handle.path), snapshot.commit_id)
    card = facts["cardData"] or {}
    info = {
        "_id": settings.id,
        "id": str(id),
        "author": id.namespace,
        "sha": snapshot.commit_id,
        "createdAt": settings.created_at,
        "lastModified": iso_timestamp(snapshot.commit.commit_time),
        "private": settings.private,
        "gated": settings.gated,
        "disabled": False,
        "downloads": 0,
        "downloadsAllTime": 0,
        "likes": len(likes(repo)),
        "trendingScore": 0,
        "xetEnabled": False,
        **facts,
    }
    if id.type is RepoType.MODEL:
        info["modelId"] = str(id)
        info["spaces"] = []
    elif id.type is RepoType.DATASET:
        info["description"] = card.get("description", "")
        info["citation"] = None
        info["paperswithcode_id"] = card.get("paperswithcode_id")
    elif id.type is RepoType.SPACE:
        subdomain = f"{id.namespace}-{id.name}".lower().replace(".", "-").replace("_", "-")
        info["sdk"] = space_sdk(settings, card)
        info["subdomain"] = subdomain
        info["host"] = (repo.running or {}).get("host")
        info["runtime"] = runtime(repo, snapshot, info["sdk"], card)
        info["models"] = _texts(card.get("models"))
        info["datasets"] = _texts(card.get("datasets"))
    return info


@lru_cache(maxsize=4096)
def _facts(kind: RepoType, git_folder: Path, commit_id: str) -> dict[str, Any]:
    """Return the information in a commit's files, which never changes: the card's metadata, and everything derived from it."""
    git = GitRepo(git_folder)
    snapshot = Snapshot(git, LfsStore(git_folder, incoming=git_folder), git.resolve(commit_id))
    card = card_data(snapshot)
    if kind is not RepoType.MODEL:
        tags = {RepoType.DATASET: _dataset_tags, RepoType.SPACE: _space_tags, RepoType.KERNEL: _plain_tags}
        return {"cardData": card or None, "tags": tags[kind](card)}
    config = _json(snapshot, "config.json")
    library = card.get("library_name") or _guess_library(config, snapshot)
    task = card.get("pipeline_tag") or _guess_task(config)
    facts: dict[str, Any] = {
        "cardData": card or None,
        "tags": _model_tags(card, config, library, task, snapshot),
    }
    if isinstance(library, str):
        facts["library_name"] = library
    if isinstance(task, str):
        facts["pipeline_tag"] = task
    if isinstance(card.get("model-index"), list):
        facts["model-index"] = card["model-index"]
    if weights := safetensors.totals(snapshot):
        facts["safetensors"] = weights
    if config:
        shown = ("architectures", "model_type", "sklearn")
        facts["config"] = {key: config[key] for key in shown if key in config}
    return facts


def space_sdk(settings: RepoSettings, card: dict[str, Any]) -> str | None:
    """Return a Space's SDK: from its card, or else from its settings."""
    return card["sdk"] if isinstance(card.get("sdk"), str) else settings.sdk


def card_data(snapshot: Snapshot) -> dict[str, Any]:
    """Return the metadata in README.md; empty if it has none that can be read."""
    text = (snapshot.read("README.md", limit=8 << 20) or b"").decode(errors="replace")
    block, _ = frontmatter.split(text)
    try:
        return frontmatter.load(block or "")
    except frontmatter.FrontMatterError:
        return {}


def _model_tags(
    card: dict[str, Any], config: dict[str, Any], library: Any, task: Any, snapshot: Snapshot
) -> list[str]:
    tags = _texts(library)
    for entry in snapshot.walk():
        tags += [tag for ending, tag in _FORMATS.items() if entry.path.endswith(ending)]
    if snapshot.find("onnx") is not None:
        tags.append("onnx")
    tags += _texts(config.get("model_type")) + _texts(task) + _texts(card.get("tags"))
    tags += _texts(card.get("language"))
    tags += [f"base_model:{name}" for name in _texts(card.get("base_model"))]
    tags += [f"dataset:{name}" for name in _texts(card.get("datasets"))]
    tags += [f"license:{name}" for name in _texts(card.get("license"))]
    return list(dict.fromkeys(tags))


def _dataset_tags(card: dict[str, Any]) -> list[str]:
    tags = [f"{key}:{value}" for key in _DATASET_TAG_KEYS for value in _texts(card.get(key))]
    return list(dict.fromkeys(tags + _texts(card.get("tags"))))


def _space_tags(card: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys(_texts(card.get("sdk")) + _plain_tags(card)))


def _plain_tags(card: dict[str, Any]) -> list[str]:
    return _texts(card.get("tags")) + [f"license:{name}" for name in _texts(card.get("license"))]


def _guess_library(config: dict[str, Any], snapshot: Snapshot) -> str | None:
    if snapshot.file("modules.json"):
        return "sentence-transformers"
    if snapshot.file("adapter_config.json"):
        return "peft"
    if "pretrained_cfg" in config:
        return "timm"
    return "transformers" if "model_type" in config else None


def _guess_task(config: dict[str, Any]) -> str | None:
    for architecture in _texts(config.get("architectures")):
        for ending, task in _ARCHITECTURE_TASKS.items():
            if architecture.endswith(ending):
                return task
    return None


def _json(snapshot: Snapshot, path: str) -> dict[str, Any]:
    try:
        value = bounded.loads(snapshot.read(path, limit=1 << 20) or b"{}")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _texts(value: Any) -> list[str]:
    """Return a text or a list of texts as a list."""
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, str) and item]


def _sibling(entry: Entry, sizes: bool) -> dict[str, Any]:
    sibling: dict[str, Any] = {"rfilename": entry.path}
    if sizes:
        sibling |= {"size": entry.size, "blobId": entry.oid}
        if entry.pointer:
            sibling["lfs"] = {
                "sha256": entry.pointer.oid,
                "size": entry.pointer.size,
                "pointerSize": entry.pointer_size,
            }
    return sibling
