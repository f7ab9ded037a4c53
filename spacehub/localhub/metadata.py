"""The Hub's rules for card metadata, checked offline.

What the Hub refuses is an error, what it remarks on is a warning; values that must be one of a list are in
`vocabulary`. A card's ``model-index`` is held to what `huggingface_hub` and the Hub's modelcard.md ask of it.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from . import frontmatter
from .vocabulary import (
    LANGUAGE_WORDS,
    LANGUAGES,
    LICENCES,
    SIZE_CATEGORIES,
    SPACE_COLOURS,
    SPACE_SDKS,
    TASKS,
)

SHORT_DESCRIPTION_CHARACTERS = 60

_REPO_ID = re.compile(r"[\w\-.]{1,96}(?:/[\w\-.]{1,96})?", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_LICENCE_NAME = re.compile(r"[a-z0-9-.]+")

Rule = Callable[[dict[str, Any]], Iterator[str]]


def check_metadata(text: str, *, repo_type: str = "model") -> tuple[list[str], list[str]]:
    """Check the metadata of a README.md.

    Parameters
    ----------
    text : str
        The whole file; its metadata is the YAML between two lines of ``---`` at the top.
    repo_type : str
        "model", "dataset" or "space".

    Returns
    -------
    errors, warnings : list of str
        Each begins with the field in quotes. The Hub refuses a card that has an error.

    Examples
    --------
    >>> check_metadata("---\\nlicense: gpl-9\\n---\\n# A model")[0][0][:33]
    '"license" must be one of the Hub'
    """
    block, _ = frontmatter.split(text)
    try:
        data = frontmatter.load(block or "")
    except frontmatter.FrontMatterError as error:
        return [f"Invalid YAML: {error}"], []
    if not data:
        return [], ["empty or missing yaml metadata in repo card"]
    rules = [*_COMMON, *_OF_TYPE[repo_type]]
    errors = [message for rule in rules for message in rule(data)]
    warnings = [message for rule in (*_REMARKS, *_REMARKS_OF_TYPE[repo_type]) for message in rule(data)]
    return errors, warnings


def _licence(data: dict) -> Iterator[str]:
    for place, value in _items(data, "license"):
        if not _is_in(value, LICENCES):
            yield (
                f"{place} must be one of the Hub's licence ids (apache-2.0, mit, cc0-1.0, other, …), not {value!r}: "
                "https://huggingface.co/docs/hub/repositories-licenses"
            )
    name = data.get("license_name")
    if name is not None and not (isinstance(name, str) and _LICENCE_NAME.fullmatch(name)):
        yield '"license_name" must be made of lower-case letters, digits, "-" and "."'


def _language(data: dict) -> Iterator[str]:
    for place, value in _items(data, "language"):
        valid = isinstance(value, str) and (
            value in LANGUAGE_WORDS
            or (
                _LANGUAGE.fullmatch(value)
                and (len(value.split("-")[0]) == 3 or value.split("-")[0] in LANGUAGES)
            )
        )
        if not valid:
            yield (
                f"{place} must be an ISO 639-1, 639-2 or 639-3 code of two or three lower-case letters, "
                f'"code" or "multilingual", not {value!r}'
            )


def _texts(*names: str) -> Rule:
    """Fields that are a list of texts."""

    def rule(data: dict) -> Iterator[str]:
        for name in names:
            value = data.get(name)
            if value is None:
                continue
            if not isinstance(value, list):
                yield f'"{name}" must be an array'
                continue
            for number, item in enumerate(value):
                if not isinstance(item, str) or not item.strip():
                    yield f'"{name}[{number}]" must be a string that is not empty, not {item!r}'

    return rule


def _text(*names: str) -> Rule:
    """Fields that are one text."""

    def rule(data: dict) -> Iterator[str]:
        for name in names:
            if data.get(name) is not None and not isinstance(data[name], str):
                yield f'"{name}" must be a string, not {data[name]!r}'

    return rule


def _repo_ids(*names: str) -> Rule:
    """Fields that name repos: one or a list."""

    def rule(data: dict) -> Iterator[str]:
        for name in names:
            for place, value in _items(data, name):
                if not isinstance(value, str) or not _REPO_ID.fullmatch(value):
                    yield f"{place} with value {value!r} is not valid: use the id of a repo on the Hub"

    return rule


def _one_of(name: str, choices) -> Rule:
    """A field with one of few values."""

    def rule(data: dict) -> Iterator[str]:
        value = data.get(name)
        if value is not None and value not in choices:
            yield f'"{name}" must be one of {", ".join(choices)}, not {value!r}'

    return rule


def _model_index(data: dict) -> Iterator[str]:
    index = data.get("model-index")
    if index is None:
        return
    if not isinstance(index, list) or not index:
        yield '"model-index" must be a list with an entry'
        return
    for number, model in enumerate(index):
        at = f"model-index[{number}]"
        yield from _required(model, at, name=str, results=list)
        results = model.get("results") if isinstance(model, dict) else None
        for position, result in enumerate(results if isinstance(results, list) else []):
            yield from _result(result, f"{at}.results[{position}]")


def _result(result: Any, at: str) -> Iterator[str]:
    yield from _required(result, at, task=dict, dataset=dict, metrics=list)
    if not isinstance(result, dict):
        return
    if isinstance(result.get("task"), dict):
        yield from _required(result["task"], f"{at}.task", type=str)
    if isinstance(result.get("dataset"), dict):
        yield from _required(result["dataset"], f"{at}.dataset", type=str, name=str)
    metrics = result.get("metrics")
    for number, metric in enumerate(metrics if isinstance(metrics, list) else []):
        yield from _required(metric, f"{at}.metrics[{number}]", type=str, value=object)
    source = result.get("source")
    if isinstance(source, dict) and source.get("name") is not None and not isinstance(source.get("url"), str):
        yield f'"{at}.source.url" is required beside "name"'


def _configs(data: dict) -> Iterator[str]:
    configs = data.get("configs")
    if configs is None:
        return
    if not isinstance(configs, list):
        yield '"configs" must be an array'
        return
    names = []
    for number, config in enumerate(configs):
        at = f"configs[{number}]"
        yield from _required(config, at, config_name=str)
        if not isinstance(config, dict):
            continue
        names.append(config.get("config_name"))
        files = config.get("data_files")
        for position, item in enumerate(files if isinstance(files, list) else []):
            if isinstance(item, dict):
                yield from _required(item, f"{at}.data_files[{position}]", split=str, path=(str, list))
            elif not isinstance(item, str):
                yield f'"{at}.data_files[{position}]" must be a path, or a split with its path'
        if files is not None and not isinstance(files, str | list):
            yield f'"{at}.data_files" must be a path or an array'
        if config.get("default") not in (None, True, False):
            yield f'"{at}.default" must be true or false'
    for name in {name for name in names if name is not None and names.count(name) > 1}:
        yield f'"configs" names {name!r} twice'


def _dataset_info(data: dict) -> Iterator[str]:
    infos = data.get("dataset_info")
    if infos is None:
        return
    several = isinstance(infos, list)
    for number, info in enumerate(infos if several else [infos]):
        at = f"dataset_info[{number}]" if several else "dataset_info"
        yield from _required(info, at, **({"config_name": str} if several else {}))
        if not isinstance(info, dict):
            continue
        for key in ("features", "splits"):
            items = info.get(key)
            if items is not None and not isinstance(items, list):
                yield f'"{at}.{key}" must be an array'
            for position, item in enumerate(items if isinstance(items, list) else []):
                yield from _required(item, f"{at}.{key}[{position}]", name=str)


def _space(data: dict) -> Iterator[str]:
    emoji = data.get("emoji")
    if emoji is not None and not _is_emoji(emoji):
        yield f'"emoji" must be an emoji, not {emoji!r}'
    short = data.get("short_description")
    if isinstance(short, str) and len(short) > SHORT_DESCRIPTION_CHARACTERS:
        yield f'"short_description" must be at most {SHORT_DESCRIPTION_CHARACTERS} characters long, not {len(short)}'
    port = data.get("app_port")
    if port is not None and (not isinstance(port, int) or isinstance(port, bool) or not 0 < port < 65536):
        yield f'"app_port" must be a port number, not {port!r}'
    for name in ("pinned", "fullWidth", "disable_embedding"):
        if data.get(name) not in (None, True, False):
            yield f'"{name}" must be true or false, not {data[name]!r}'


def _known_tasks(name: str) -> Rule:
    def rule(data: dict) -> Iterator[str]:
        for place, value in _items(data, name):
            if not _is_in(value, TASKS):
                yield f"{place}: {value!r} is not in the official list of tasks: https://huggingface.co/tasks"

    return rule


def _known_sizes(data: dict) -> Iterator[str]:
    for place, value in _items(data, "size_categories"):
        if not _is_in(value, SIZE_CATEGORIES):
            yield f"{place}: {value!r} is not one of the size categories, such as 1K<n<10K"


def _unnamed_licence(data: dict) -> Iterator[str]:
    if data.get("license") == "other" and not data.get("license_name"):
        yield '"license" is other: give its name in "license_name" and its text or address in "license_link"'


def _space_remarks(data: dict) -> Iterator[str]:
    if data.get("sdk") is None:
        yield f'"sdk" is missing: a Space runs only with one of {", ".join(SPACE_SDKS)}'
    for name in ("sdk_version", "python_version"):
        if isinstance(data.get(name), float):
            yield f'"{name}" is read as the number {data[name]}: put it in quotes'


def _items(data: dict, name: str) -> Iterator[tuple[str, Any]]:
    """Each value of a field that holds one or a list, with its place for messages."""
    value = data.get(name)
    if isinstance(value, list):
        yield from ((f'"{name}[{number}]"', item) for number, item in enumerate(value))
    elif value is not None:
        yield f'"{name}"', value


def _required(item: Any, at: str, /, **fields) -> Iterator[str]:
    """Fields that an object must have, and their types."""
    if not isinstance(item, dict):
        yield f'"{at}" must be an object'
        return
    for name, kind in fields.items():
        field = item.get(name)
        if field is None:
            yield f'"{at}.{name}" is required'
        elif not isinstance(field, kind):
            kinds = kind if isinstance(kind, tuple) else (kind,)
            yield f'"{at}.{name}" must be of type {" or ".join(_JSON_NAMES[one] for one in kinds)}'


_JSON_NAMES = {str: "string", list: "array", dict: "object", object: "any"}


def _is_in(value: Any, words: frozenset[str]) -> bool:
    return isinstance(value, str) and value in words


_EMOJI_GLUE = re.compile("[\ufe0f\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]|[0-9#*]\ufe0f?\u20e3")


def _is_emoji(value: Any) -> bool:
    """One picture: symbols, perhaps joined, and nothing else."""
    if not isinstance(value, str) or not 0 < len(value) <= 16:
        return False
    symbols = _EMOJI_GLUE.sub("", value)
    return all(unicodedata.category(symbol) in ("So", "Cn") for symbol in symbols)


_COMMON: tuple[Rule, ...] = (_licence, _language, _texts("tags"), _text("license_link"))
_OF_TYPE: dict[str, tuple[Rule, ...]] = {
    "model": (
        _model_index,
        _texts("metrics"),
        _text("pipeline_tag", "library_name", "model_name"),
        _repo_ids("datasets", "base_model", "new_version"),
        _one_of("base_model_relation", ("adapter", "finetune", "merge", "quantized")),
    ),
    "dataset": (
        _configs,
        _dataset_info,
        _text("pretty_name", "paperswithcode_id"),
        _texts("task_categories", "task_ids", "size_categories", "annotations_creators", "language_creators"),
        _texts("multilinguality", "source_datasets"),
    ),
    "space": (
        _space,
        _one_of("sdk", SPACE_SDKS),
        _one_of("colorFrom", SPACE_COLOURS),
        _one_of("colorTo", SPACE_COLOURS),
        _text("title", "app_file", "short_description", "suggested_hardware"),
        _repo_ids("models", "datasets"),
    ),
}
_REMARKS: tuple[Rule, ...] = (_unnamed_licence,)
_REMARKS_OF_TYPE: dict[str, tuple[Rule, ...]] = {
    "model": (_known_tasks("pipeline_tag"),),
    "dataset": (_known_tasks("task_categories"), _known_sizes),
    "space": (_space_remarks,),
}
