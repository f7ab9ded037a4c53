"""huggingface.co's rules for single fields of a card's metadata: licence, language, results, configs, a Space's appearance."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from localhub.card.fields import Rule, is_in, items, optional, required
from localhub.card.vocabulary import (
    LANGUAGE_WORDS,
    LANGUAGES,
    LICENCE_LIST,
    LICENCES,
    SIZE_CATEGORIES,
    SPACE_SDKS,
    TASKS,
)

SHORT_DESCRIPTION_CHARACTERS = 60

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_LICENCE_NAME = re.compile(r"[a-z0-9-.]+")


def licence(data: dict[str, Any]) -> Iterator[str]:
    """Check a licence against huggingface.co's list; any other licence needs a name in lower-case letters."""
    for place, value in items(data, "license"):
        if not is_in(value, LICENCES):
            yield f"{place} must be one of [{', '.join(LICENCE_LIST)}, array]"
    name = data.get("license_name")
    if name is not None and not (isinstance(name, str) and _LICENCE_NAME.fullmatch(name)):
        yield '"license_name" must be made of lower-case letters, digits, "-" and "."'


def language(data: dict[str, Any]) -> Iterator[str]:
    """Check language codes."""
    for place, value in items(data, "language"):
        valid = isinstance(value, str) and (
            value in LANGUAGE_WORDS
            or (
                _LANGUAGE.fullmatch(value)
                and (len(value.split("-")[0]) == 3 or value.split("-")[0] in LANGUAGES)
            )
        )
        if not valid:
            yield (
                f'{place} with value "{value}" is not valid. It must be an ISO 639-1, 639-2 or 639-3 code (two/three '
                'letters), or a special value like "code", "multilingual". If you want to use BCP-47 identifiers, you '
                "can specify them in language_bcp47."
            )


def model_index(data: dict[str, Any]) -> Iterator[str]:
    """Check evaluation results, as huggingface_hub and huggingface.co's modelcard.md require."""
    index = data.get("model-index")
    if index is None:
        return
    if not isinstance(index, list):
        yield '"model-index" must be an array'
        return
    if not index:
        yield '"model-index" must contain at least 1 items'
    for number, model in enumerate(index):
        at = f"model-index[{number}]"
        yield from required(model, at, name=str, results=list)
        results = model.get("results") if isinstance(model, dict) else None
        for position, result in enumerate(results if isinstance(results, list) else []):
            yield from _result(result, f"{at}.results[{position}]")


def _result(result: Any, at: str) -> Iterator[str]:
    yield from required(result, at, task=dict, dataset=dict, metrics=list)
    if not isinstance(result, dict):
        return
    if isinstance(task := result.get("task"), dict):
        yield from required(task, f"{at}.task", type=str)
        yield from optional(task, f"{at}.task", name=str)
    if isinstance(dataset := result.get("dataset"), dict):
        yield from required(dataset, f"{at}.dataset", type=str, name=str)
        yield from optional(dataset, f"{at}.dataset", config=str, split=str, revision=str)
    metrics = result.get("metrics")
    for number, metric in enumerate(metrics if isinstance(metrics, list) else []):
        yield from required(metric, f"{at}.metrics[{number}]", type=str, value=object)
        if isinstance(metric, dict):
            kinds = {"name": str, "config": str, "verified": bool, "verifyToken": str}
            yield from optional(metric, f"{at}.metrics[{number}]", **kinds)
    yield from optional(result, at, source=dict)
    source = result.get("source")
    if isinstance(source, dict) and source.get("name") is not None and not isinstance(source.get("url"), str):
        yield f'"{at}.source.url" is required together with "name"'


def configs(data: dict[str, Any]) -> Iterator[str]:
    """Check which files belong to which config and split."""
    configs = data.get("configs")
    if configs is None:
        return
    if not isinstance(configs, list):
        yield '"configs" must be an array'
        return
    names = []
    for number, config in enumerate(configs):
        at = f"configs[{number}]"
        yield from required(config, at, config_name=str)
        if not isinstance(config, dict):
            continue
        names.append(config.get("config_name"))
        files = config.get("data_files")
        for position, item in enumerate(files if isinstance(files, list) else []):
            if isinstance(item, dict):
                yield from required(item, f"{at}.data_files[{position}]", split=str, path=(str, list))
            elif not isinstance(item, str):
                yield f'"{at}.data_files[{position}]" must be a path, or a split with its path'
        if files is not None and not isinstance(files, (str, list)):
            yield f'"{at}.data_files" must be a path or an array'
        if config.get("default") not in (None, True, False):
            yield f'"{at}.default" must be true or false'
    for name in {name for name in names if name is not None and names.count(name) > 1}:
        yield f'"configs" names {name!r} twice'


def dataset_info(data: dict[str, Any]) -> Iterator[str]:
    """Check features and splits."""
    infos = data.get("dataset_info")
    if infos is None:
        return
    several = isinstance(infos, list)
    for number, info in enumerate(infos if several else [infos]):
        at = f"dataset_info[{number}]" if several else "dataset_info"
        yield from required(info, at, **({"config_name": str} if several else {}))
        if not isinstance(info, dict):
            continue
        for key in ("features", "splits"):
            items = info.get(key)
            if items is not None and not isinstance(items, list):
                yield f'"{at}.{key}" must be an array'
            for position, item in enumerate(items if isinstance(items, list) else []):
                yield from required(item, f"{at}.{key}[{position}]", name=str)


def space(data: dict[str, Any]) -> Iterator[str]:
    """Check a Space's appearance and port."""
    emoji = data.get("emoji")
    if emoji is not None and not _is_emoji(emoji):
        yield '"emoji" must be an emoji'
    short = data.get("short_description")
    if isinstance(short, str) and len(short) > SHORT_DESCRIPTION_CHARACTERS:
        yield (
            f'"short_description" length must be less than or equal to {SHORT_DESCRIPTION_CHARACTERS} characters long'
        )
    port = data.get("app_port")
    if port is not None and (not isinstance(port, int) or isinstance(port, bool) or not 0 < port < 65536):
        yield '"app_port" must be a valid port'


def known_tasks(name: str) -> Rule:
    """Warn about tasks that are not on huggingface.co's list."""

    def rule(data: dict[str, Any]) -> Iterator[str]:
        for place, value in items(data, name):
            if not is_in(value, TASKS):
                yield f"{place}: {value!r} is not in the official list of tasks: https://huggingface.co/tasks"

    return rule


def known_sizes(data: dict[str, Any]) -> Iterator[str]:
    """Warn about size categories that are not on huggingface.co's list."""
    for place, value in items(data, "size_categories"):
        if not is_in(value, SIZE_CATEGORIES):
            yield f"{place}: {value!r} is not one of the size categories, such as 1K<n<10K"


def unnamed_licence(data: dict[str, Any]) -> Iterator[str]:
    """Warn about a licence that is not on the list and has no name."""
    if data.get("license") == "other" and not data.get("license_name"):
        yield '"license" is other: give its name in "license_name" and its text or address in "license_link"'


def space_remarks(data: dict[str, Any]) -> Iterator[str]:
    """Warn about settings that keep a Space from running as intended."""
    if data.get("sdk") is None:
        yield f'"sdk" is missing: a Space runs only with one of {", ".join(SPACE_SDKS)}'
    for name in ("sdk_version", "python_version"):
        if isinstance(data.get(name), float):
            yield f'"{name}" is read as the number {data[name]}: put it in quotes'


_EMOJI_GLUE = re.compile("[\ufe0f\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]|[0-9#*]\ufe0f?\u20e3")


def _is_emoji(value: Any) -> bool:
    """Return whether a text is one emoji: symbols, perhaps joined, and nothing else."""
    if not isinstance(value, str) or not 0 < len(value) <= 16:
        return False
    symbols = _EMOJI_GLUE.sub("", value)
    return all(unicodedata.category(symbol) in ("So", "Cn") for symbol in symbols)
