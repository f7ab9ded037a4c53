"""Draw a card's front matter as a table for the Cards tab."""

import json
from datetime import datetime
from typing import TYPE_CHECKING

from space_app import pull
from space_app.cards import text as card_text
from space_app.html import render

if TYPE_CHECKING:
    from space_app.cards.tab import Card

HIDDEN = ("model-index", "dataset_info", "configs")
MOST_TAGS, MOST_CHARACTERS, MOST_RESULT_CHARACTERS, MOST_VALUE_CHARACTERS = 30, 300, 200, 100


def facts(card: "Card") -> str:
    """Draw a card's front matter as a table, under the repository and the commit that it comes from."""
    front = card_text.values(card["front_matter"])
    return render(
        "cards/facts.html",
        card=card,
        page=pull.address(card["repo_id"], repo_type=card["kind"], commit=card["commit"]),
        made=datetime.fromisoformat(card["published"]) if card["published"] else None,
        facts=[_fact(name, value) for name, value in front.items() if name not in HIDDEN],
        results=[result for model in _list(front.get("model-index")) for result in _results(model)],
    )


def _fact(name: str, value: object) -> dict:
    fact = {"name": name.replace("_", " "), "tags": [], "text": "", "code": ""}
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return fact | {"tags": value[:MOST_TAGS]}
    if isinstance(value, str):
        return fact | {"text": value[:MOST_CHARACTERS]}
    return fact | {"code": json.dumps(value, ensure_ascii=False)[:MOST_CHARACTERS]}


def _results(model: object) -> list[tuple[str, str]]:
    """Return the name and value of each metric of one model of a ``model-index``."""
    results = []
    for result in _list(model.get("results") if isinstance(model, dict) else None):
        dataset = result.get("dataset") if isinstance(result, dict) else None
        for metric in _list(result.get("metrics") if isinstance(result, dict) else None):
            name = metric.get("name") or metric.get("type", "") if isinstance(metric, dict) else ""
            value = metric.get("value", "") if isinstance(metric, dict) else ""
            on = f" on {dataset.get('name', '')}" if isinstance(dataset, dict) else ""
            results.append((f"{name}{on}"[:MOST_RESULT_CHARACTERS], _short(value)))
    return results


def _short(value: object) -> str:
    try:
        return f"{float(value):.4g}"
    except (TypeError, ValueError, OverflowError):
        return str(value)[:MOST_VALUE_CHARACTERS]


def _list(value: object) -> list:
    return value if isinstance(value, list) else []
