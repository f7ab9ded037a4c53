"""Assign the files of a dataset to configs and splits: from its card, or else from the file names.

The rules are those of https://huggingface.co/docs/hub/datasets-data-files-configuration.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any

FORMATS = {".parquet": "parquet", ".csv": "csv", ".tsv": "tsv", ".jsonl": "json", ".json": "json"}

_KEYWORDS = {
    "train": ("train", "training"),
    "validation": ("validation", "valid", "val", "dev"),
    "test": ("test", "testing", "eval", "evaluation"),
}
_SHARD = re.compile(r"(?:.*/)?([\w.\-]+)-[0-9]{5}-of-[0-9]{5}(?:-[0-9a-f]{16})?\.[a-z]+", re.ASCII)
_PATTERNS_PER_CARD = 1000

Splits = dict[str, dict[str, list[str]]]


def splits(paths: Sequence[str], card: dict[str, Any]) -> Splits:
    """Return each config and split with the paths of their files.

    Parameters
    ----------
    paths : sequence of str
        All files of the dataset.
    card : dict
        The metadata of its card.
    """
    data = [
        path for path in paths if file_format(path) and not path.rpartition("/")[2].startswith((".", "_"))
    ]
    configs = card.get("configs")
    if isinstance(configs, list) and configs:
        splits: Splits = {}
        for config in configs:
            if isinstance(config, dict) and isinstance(config.get("config_name"), str):
                splits[config["config_name"]] = _of_config(config, data)
        return splits
    if not data:
        return {}
    ending = Counter(path.rpartition(".")[2] for path in data).most_common(1)[0][0]
    return {"default": _by_name([path for path in data if path.endswith(f".{ending}")])}


def file_format(path: str) -> str | None:
    """Return the format of a file; None if it has no rows."""
    return next((kind for ending, kind in FORMATS.items() if path.endswith(ending)), None)


def _of_config(config: dict[str, Any], data: list[str]) -> dict[str, list[str]]:
    folder = config.get("data_dir")
    if isinstance(folder, str):
        data = [path for path in data if path.startswith(f"{folder.strip('/')}/")]
    files = config.get("data_files")
    if files is None:
        return _by_name(data)
    splits: dict[str, list[str]] = {}
    for split, pattern in list(_patterns(files))[:_PATTERNS_PER_CARD]:
        parts = pattern.removeprefix("./").split("/")
        splits.setdefault(split, []).extend(path for path in data if _matches(path.split("/"), parts))
    return {split: list(dict.fromkeys(paths)) for split, paths in splits.items()}


def _patterns(files: Any, split: str = "train") -> Iterator[tuple[str, str]]:
    """Yield split and pattern, for every form that ``data_files`` can have."""
    if isinstance(files, str):
        yield split, files
    for item in files if isinstance(files, list) else []:
        if isinstance(item, dict):
            yield from _patterns(item.get("path"), str(item.get("split", split)))
        else:
            yield from _patterns(item if isinstance(item, str) else None, split)


def _matches(path: list[str], pattern: list[str]) -> bool:
    """Return whether a path matches a pattern, part by part; ``**`` matches any number of folders."""
    reached = {0}  # how many parts of the path the pattern may have consumed so far
    for part in pattern:
        if part == "**":
            reached = set(range(min(reached, default=len(path) + 1), len(path) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(path) and fnmatchcase(path[at], part)}
    return len(path) in reached


def _by_name(paths: list[str]) -> dict[str, list[str]]:
    splits: dict[str, list[str]] = {}
    for path in paths:
        splits.setdefault(_split_in_name(path) or "", []).append(path)
    unnamed = splits.pop("", [])
    if not splits:
        return {"train": unnamed} if unnamed else {}
    order = list(_KEYWORDS)
    return dict(sorted(splits.items(), key=lambda item: order.index(item[0]) if item[0] in order else 3))


def _split_in_name(path: str) -> str | None:
    if match := _SHARD.fullmatch(path):
        return match[1]
    words = set(re.split(r"[^a-z]+", path.lower()))
    return next((split for split, names in _KEYWORDS.items() if words & set(names)), None)
