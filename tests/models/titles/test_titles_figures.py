"""Every figure can be drawn from what a run leaves, also from next to nothing."""

import re

import numpy as np
import pytest

from spacehub.models.titles import evaluation, figures
from spacehub.models.titles.report import MODELS
from spacehub.serving.titles.linear import Linear

WORDS = (
    "saturn",
    "moon",
    "telescope",
    "the launch",
    "nebula",
    "recipe",
    "election",
    "my car",
    "novel",
    "squat",
)


def _scored(name: str) -> dict:
    f1 = {"key": "f1_space", "value": 0.9, "low": 0.85, "high": 0.93, "n": 565}
    return {"name": name, "metrics": [f1], "f1_labels": 0.82}


@pytest.mark.parametrize("n", [12, 400])
def test_all_are_drawn(tmp_path, n):
    rng = np.random.default_rng(0)
    labels = (np.arange(n) % 4 == 0).astype(int)
    chances = {key: np.clip(0.3 + 0.4 * labels + rng.normal(0, 0.15, n), 0, 1) for key in MODELS}
    linear = Linear(
        {word: (3.0, 5.0 - place) for place, word in enumerate(WORDS)}, re.compile(r"\w+"), -1.0, 1.0, 0.4
    )
    results = {
        "reliability": evaluation.reliability(chances["bert"], labels),
        "models": [{"key": key, "name": name} for key, name in MODELS.items()],
        "by_community": [
            {
                "name": f"community {place}",
                "label": "space" if place < 3 else "other",
                "n": 50,
                "said_space": 50 - 4 * place,
            }
            for place in range(12)
        ],
        "curve": [
            {
                "epoch": epoch,
                "loss": 1 / epoch,
                "validation_loss": 0.9 / epoch,
                "average_precision": 0.9,
                "f1": 0.85,
            }
            for epoch in (1, 2, 3)
        ],
    }
    gold = {"gold": {"models": [_scored(name) for name in MODELS.values()]}} if n == 400 else {}
    results |= gold
    texts = [
        "My first photograph of Saturn through a telescope",
        "Lost in space: how to organise your garage",
        "Mars",
    ]
    parts = [(0.9, [(word, rng.normal(0, 2)) for word in text.split()]) for text in texts]
    figures.draw(tmp_path, results=results, linear=linear, chances=chances, labels=labels, attributions=parts)
    drawn = {path.name for path in tmp_path.iterdir()}
    assert drawn == {
        f"{name}.png"
        for name in ("attributions", "communities", "curves", "ngrams", "reliability", "training", *gold)
    }
    assert all(path.stat().st_size > 5000 for path in tmp_path.iterdir())
