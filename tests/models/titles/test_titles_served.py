"""What is served says what is measured: the same chances, the same attributions."""

import json
import re

import numpy as np
import pytest

from spacehub.models.titles import explain, export, linear
from spacehub.serving.titles.linear import Linear
from spacehub.serving.titles.predictor import TitlesPredictor
from spacehub.serving.titles.reader import Reader

LENGTH = 12


@pytest.fixture(scope="module")
def folder(tiny, titles, tmp_path_factory):
    """An untrained BERT and a logistic regression, exported as a training run does."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    target = tmp_path_factory.mktemp("served")
    torch.manual_seed(3)
    model = AutoModelForSequenceClassification.from_pretrained(tiny, num_labels=2).eval()
    tokenizer = AutoTokenizer.from_pretrained(tiny)
    export.export(model, tokenizer, target, length=LENGTH, threshold=0.4, prior=0.2)
    terms = {"saturn": (3.0, 2.0), "saturn moon": (5.0, 1.0), "recipe": (4.0, -3.0)}
    linear.write(Linear(terms, re.compile(linear.TOKEN), -1.0, 1.7, 0.4), target / "linear" / "model.json")
    bins = [{"n": 1, "sure": 0.5, "right": 1.0, "low": 0.2, "high": 1.0}]
    results = {"onnx": {"int8": {"share": 0.5}}, "reliability": {"bins": bins}}
    (target / "results.json").write_text(json.dumps(results))
    return target


def test_chances_are_those_that_were_measured(folder, titles):
    texts = np.append(titles.texts[titles.rows("test")][:80], ["Saturn", "moon " * 40])
    served = TitlesPredictor(folder).chances(texts.tolist())
    reader = Reader(folder, "model.onnx")
    known = ~np.isnan(served)
    at_once = known.copy()
    at_once[known] = [reader.read(text).kind != "passages" for text in texts[known]]
    assert at_once.sum() > 40
    measured = export.run(folder, "model.onnx", texts)
    np.testing.assert_allclose(served[at_once], measured[at_once], atol=1e-5)
    assert np.isfinite(measured).all()


def test_attributions_are_those_of_the_card(folder, titles):
    predictor = TitlesPredictor(folder)
    text = next(one for one in titles.texts if 4 < len(one.split()) < LENGTH - 2)
    chance, parts = explain.occlusion(lambda texts: export.run(folder, "model.onnx", texts), text)
    reading = predictor.read(text)
    assert reading.chance == pytest.approx(chance, abs=1e-5)
    assert [text[part.start : part.end] for part in reading.parts] == [word for word, _ in parts]
    assert [part.weight for part in reading.parts] == pytest.approx([part for _, part in parts], abs=1e-3)
