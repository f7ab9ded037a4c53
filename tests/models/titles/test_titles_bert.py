"""A run that was killed ends with the same bits; what is exported says the same as torch."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from huggingface_hub import HfApi

from spacehub.errors import SpaceHubError
from spacehub.models.titles import base, evaluation, export
from spacehub.models.titles.recipes import Recipe
from spacehub.models.tracking import Silent
from spacehub.serving.titles.reader import Reader
from tests.doses import SOAK


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


class KilledError(Exception):
    pass


def fit(titles, recipe: Recipe, folder: Path, *, die_at: int | None = None, seed: int = 5):
    from spacehub.models.titles import bert

    def report(done, total):
        if die_at is not None and done >= die_at:
            raise KilledError

    return bert.fit(
        titles.fewer(train=600),
        recipe=recipe,
        revision="main",
        seed=seed,
        folder=folder,
        report=report,
        tracker=Silent(),
    )


@pytest.fixture(scope="module")
def recipe(tiny):
    return Recipe(base=tiny, epochs=3, batch=16, learning_rate=3e-3)


@pytest.fixture(scope="module")
def trained(titles, recipe, tmp_path_factory):
    return fit(titles, recipe, tmp_path_factory.mktemp("run"))


def test_it_learns_and_tells_its_curve(titles, recipe, trained):
    from spacehub.models.titles import bert

    model, tokenizer, curve, seconds = trained
    said = bert.logits(model, tokenizer, titles.texts[titles.rows("test")], length=recipe.length)
    labels = titles.labels[titles.rows("test")]
    assert evaluation.average_precision(evaluation.chances(said), labels) > 0.8
    assert [point["epoch"] for point in curve] == [1, 2, 3]
    assert curve[-1]["loss"] < curve[0]["loss"]
    assert seconds > 0
    assert model.config.id2label == {0: "other", 1: "space"}
    assert not any("communities" in name for name, _ in model.named_parameters())


@pytest.mark.parametrize("die_at", [45, 80] if SOAK else [45])
def test_a_killed_run_goes_on_bit_for_bit(titles, recipe, trained, tmp_path, die_at):
    """600 titles in batches of 16 are 38 steps an epoch."""
    with pytest.raises(KilledError):
        fit(titles, recipe, tmp_path, die_at=die_at)
    assert list(tmp_path.glob("checkpoint-*"))
    again = fit(titles, recipe, tmp_path)
    assert again[2] == trained[2]
    for name, value in trained[0].state_dict().items():
        assert torch.equal(value, again[0].state_dict()[name]), name


def test_another_run_s_checkpoints_are_not_taken(titles, recipe, tmp_path):
    once = replace(recipe, epochs=1)
    first = fit(titles, once, tmp_path)
    other = fit(titles, once, tmp_path, seed=6)
    assert [point["loss"] for point in other[2]] != [point["loss"] for point in first[2]]


def test_lower_layers_learn_slower(titles, recipe):
    from transformers import AutoModelForSequenceClassification

    from spacehub.models.titles import bert

    model = bert.TwoTasks(AutoModelForSequenceClassification.from_pretrained(recipe.base), 32, recipe)
    groups = list(bert._groups(model, recipe))
    rates = {group["lr"] for group in groups}
    assert max(rates) == recipe.learning_rate
    assert min(rates) == pytest.approx(recipe.learning_rate * recipe.layer_decay**3)
    assert sum(value.numel() for group in groups for value in group["params"]) == sum(
        value.numel() for value in model.parameters()
    )


def test_batches_are_of_one_length_and_hold_every_title_once():
    from spacehub.models.titles import trainer

    lengths = np.random.default_rng(0).integers(3, 70, 1003)
    sampler = trainer.ByLength(lengths, 16, seed=1)
    first = list(sampler)
    assert sorted(first) == list(range(1003))
    assert first == list(sampler)
    sampler.set_epoch(1)
    assert list(sampler) != first
    spread = np.mean([np.ptp(lengths[first[at : at + 16]]) for at in range(0, 992, 16)])
    assert spread < 10


def test_what_is_exported_says_what_torch_says(titles, recipe, trained, tmp_path):
    from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

    from spacehub.models.titles import bert

    model, tokenizer, _, _ = trained
    texts = np.concatenate(
        [titles.texts[titles.rows("test")], np.array(["Mars", ".", "word " * 500], dtype=object)]
    )
    before = bert.logits(model, tokenizer, texts, length=recipe.length)
    export.calibrate(model, 2.0)
    export.export(model, tokenizer, tmp_path, length=recipe.length, threshold=0.4, prior=0.2)
    said = evaluation.chances(bert.logits(model, tokenizer, texts, length=recipe.length))
    np.testing.assert_allclose(said, evaluation.chances(before, 2.0), atol=1e-6)
    full, eight = (export.run(tmp_path, f"{name}.onnx", texts) for name in ("model", "model_int8"))
    np.testing.assert_allclose(full, said, atol=1e-5)
    labels = np.zeros(len(texts), int)
    assert export.agreement(full, said, labels, threshold=0.4)["same"] == len(texts)
    assert export.agreement(eight, said, labels, threshold=0.4)["share"] > 0.9
    again = AutoModelForSequenceClassification.from_pretrained(tmp_path)
    classify = pipeline("text-classification", model=again, tokenizer=AutoTokenizer.from_pretrained(tmp_path))
    first = classify(texts[0], top_k=None)
    assert {row["label"] for row in first} == {"space", "other"}
    assert next(row["score"] for row in first if row["label"] == "space") == pytest.approx(said[0], abs=1e-5)
    answer = json.loads((tmp_path / "onnx" / "inputs.json").read_text())
    assert (answer["labels"], answer["threshold"], answer["length"]) == (
        ["other", "space"],
        0.4,
        recipe.length,
    )
    assert not [path for path in tmp_path.rglob("*") if path.suffix in {".bin", ".pkl", ".pt"}]


@pytest.mark.parametrize("name", ["model.onnx", "model_int8.onnx"])
def test_an_answer_does_not_depend_on_its_neighbours(titles, recipe, trained, tmp_path, name):
    """Alone, in any list, in any order, next to its occlusions, and with padding: the same chance."""
    model, tokenizer, _, _ = trained
    export.export(model, tokenizer, tmp_path, length=recipe.length, threshold=0.4, prior=0.2)
    read, texts = Reader(tmp_path, name), titles.texts[titles.rows("test")].tolist()
    alone = np.array([read.chances([text])[0] for text in texts])
    order = np.random.default_rng(0).permutation(len(texts))
    shuffled = np.empty(len(texts))
    shuffled[order] = read.chances([texts[place] for place in order])
    known = ~np.isnan(alone)
    assert known.sum() > 50
    assert np.ptp(alone[known]) > 0.3
    few = np.flatnonzero(known)[:20]
    session = onnxruntime.InferenceSession(tmp_path / "onnx" / name)
    padded = tokenizer(
        [texts[place] for place in few], padding="max_length", max_length=60, return_tensors="np"
    )
    [logits] = session.run(["logits"], dict(padded))
    for same, places in (
        (read.chances(texts)[known], known),
        (shuffled[known], known),
        (export.run(tmp_path, name, titles.texts[titles.rows("test")])[known], known),
        ([read.read(texts[place]).chance for place in few], few),
        (evaluation.chances(logits.astype(float)), few),
    ):
        np.testing.assert_allclose(same, alone[places], atol=1e-6)


def test_the_base_is_put_on_the_hub_once_and_a_missing_encoder_is_named(local_hub):
    commit = base.provide(base.BASE)
    assert base.provide(base.BASE) == commit
    info = HfApi().model_info(base.BASE, files_metadata=True)
    files = {file.rfilename: file for file in info.siblings}
    assert info.sha == commit
    assert {"config.json", "tokenizer.json"} <= files.keys()
    assert files["model.safetensors"].lfs.sha256 == base.WEIGHTS_SHA256
    with pytest.raises(SpaceHubError, match="The Hub has no model named somebody/encoder"):
        base.provide("somebody/encoder")
