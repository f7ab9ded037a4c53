"""Render each card from only an artefact folder and a template, and check the card against the Hub's rules."""

import difflib
import hashlib
import json
import re
from pathlib import Path

import jinja2
import yaml

from localhub.card.metadata import check_metadata
from spacehub import catalogue
from spacehub.errors import SpaceHubError
from spacehub.parts import PARTS
from spacehub.serving.words import cut

TEMPLATES = PARTS / "model_cards"
FACTS = {"dataset": "build.json", "model": "results.json"}


class OutdatedFolderError(SpaceHubError):
    """An earlier version wrote the folder, which lacks a value that the template now needs."""


def number(value: float | None, digits: int = 3) -> str:
    """Format `value` with `digits` decimals and a minus sign (−); None becomes a dash."""
    return "–" if value is None else f"{value:,.{digits}f}".replace("-", "−")


def measured(metric: dict, digits: int = 3) -> str:
    """Format a metric as ``value (low to high, n = …)``; omit the interval if the metric has none."""
    interval = ""
    if metric.get("low") is not None:
        interval = f"{number(metric['low'], digits)} to {number(metric['high'], digits)}, "
    return f"{number(metric['value'], digits)} ({interval}n = {metric['n']})"


def cell(text: str, length: int = 300) -> str:
    """Escape untrusted text for a table cell, so that the cell shows the text literally."""
    short = cut(" ".join(text.split()), length)
    return re.sub(r"[\\`*_{}\[\]<>()#|~@&:]", lambda match: f"&#{ord(match[0])};", short)


def to_yaml(value) -> str:
    """Return `value` as a YAML block, with the keys in their original order."""
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=1000).rstrip()


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters.update(cell=cell, measured=measured, number=number, to_yaml=to_yaml)
    return environment


def facts(key: str, folder: Path) -> dict:
    """Read the facts in the folder: ``results.json`` for a model, ``build.json`` for a dataset."""
    path = folder / FACTS[catalogue.find(key).repo_type]
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SpaceHubError(
            f"The card of {key!r} needs {path.name}, but {folder} does not contain a readable file with this name.",
            f"To rebuild the folder, run: {build_line(key)}",
        ) from error


def build_line(key: str) -> str:
    """Return the command that rebuilds the artefact folder of `key`."""
    entry = catalogue.find(key)
    if entry.repo_type == "dataset":
        return f"python -m train_scripts.build_datasets --only {key}"
    return " ".join([f"python -m train_scripts.{entry.script}", *entry.options])


def render(key: str, folder: Path) -> str:
    """Render the card of `key` from only its artefact `folder` and its template.

    The template can use all facts in the folder by name. It can also use `entry` (the catalogue entry), `repo_id`
    and `figures` (the file names of the figures in the folder).

    Raises
    ------
    SpaceHubError
        If the folder lacks a value that the template needs, or the card breaks a rule of the Hub.
    """
    entry = catalogue.find(key)
    figures = sorted(path.name for path in (folder / "figures").glob("*.png"))
    known = {**facts(key, folder), "entry": entry, "repo_id": entry.repo_id, "figures": figures}
    try:
        text = _environment().get_template(entry.template).render(known)
    except jinja2.UndefinedError as error:
        raise OutdatedFolderError(
            f"{folder / FACTS[entry.repo_type]} does not contain a value that the card of {key!r} needs: {error.message}.",
            f"To rebuild the folder, run: {build_line(key)}",
        ) from error
    check(text, repo_type=entry.repo_type)
    return stamped(text)


_STAMP = "<!-- rendered by spacehub: "


def stamped(text: str) -> str:
    """Add an invisible last line that lets `is_edited` detect later changes to the card."""
    return f"{text.rstrip()}\n\n{_stamp(text.rstrip())}\n"


def is_edited(card: str) -> bool:
    """Return whether somebody changed a card after `render` wrote it, with any version of its template.

    A card without a stamp counts as unedited, because early versions of `render` did not add stamps. If such a card is
    overwritten, the Hub's history still contains it.
    """
    text, _, last = card.rstrip().rpartition("\n")
    return _STAMP in card and last != _stamp(text.rstrip())


def _stamp(text: str) -> str:
    """Return the stamp with a digest of `text`.

    The digest contains only letters, because all numbers on a card must come from the results.
    """
    digest = hashlib.sha256(text.encode()).digest()[:12]
    letters = "".join(chr(97 + half) for byte in digest for half in divmod(byte, 16))
    return f"{_STAMP}{letters} -->"


def difference(published: str, rendered: str) -> list[str]:
    """Return the lines of a unified diff from the published card to the rendered card."""
    sides = published.splitlines(), rendered.splitlines()
    return list(difflib.unified_diff(*sides, "published", "rendered", lineterm="", n=1))


def check(text: str, *, repo_type: str) -> None:
    """Check a card against the Hub's metadata rules.

    Raises
    ------
    SpaceHubError
        If the card breaks a rule. The error lists all broken rules.
    """
    errors, _ = check_metadata(text, repo_type=repo_type)
    if errors:
        raise SpaceHubError(
            f"The card breaks the Hub's rules: {'; '.join(errors)}.", "Fix the template in model_cards/."
        )
