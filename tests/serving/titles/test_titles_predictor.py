"""The published classifier of titles as it is served: what it says, why, and that many at once are as one by one."""

import json

import numpy as np
import pytest

from spacehub.errors import SpaceHubError
from spacehub.serving.titles import network, passages, reader
from spacehub.serving.titles.predictor import TitlesPredictor
from tests.title_model import BIAS, LENGTH, LINEAR, LINEAR_BIAS, PRIOR, WEIGHTS, chance, write_model

TEXTS = [
    "The moon over my rocket",
    "A recipe for the best match",
    "saturn!",
    "SATURN, the moon and a match",
]
LONG = (
    """> The moon rises over my rocket.

A recipe for the best match! Saturn to the moon, """
    + "of " * 30
)


@pytest.fixture(scope="module")
def predictor(tmp_path_factory):
    return TitlesPredictor(write_model(tmp_path_factory.mktemp("model") / "words"))


@pytest.mark.parametrize("text", TEXTS)
def test_chances_are_those_of_the_model(predictor, text):
    assert predictor.chances([text]) == pytest.approx([chance(text)], rel=1e-5)
    assert predictor.read(text).chance == pytest.approx(chance(text), rel=1e-5)


def test_many_at_once_are_as_one_by_one(predictor, monkeypatch):
    rng = np.random.default_rng(0)
    words = [*WEIGHTS, "the", "of", "my"]
    texts = [" ".join(rng.choice(words, rng.integers(1, LENGTH - 2))) for _ in range(300)]
    answer = []
    monkeypatch.setattr(reader, "TOGETHER", 128)
    monkeypatch.setattr(network, "BATCH_TOKENS", 100)
    found = predictor.chances(texts, progress=lambda done, total: answer.append((done, total)))
    assert found == pytest.approx([chance(text) for text in texts], rel=1e-5)
    assert answer == sorted(answer)
    assert answer[-1] == (300, 300)
    assert len(answer) > 10
    assert predictor.chances([]).shape == (0,)


@pytest.mark.parametrize("lengths", [[], [0, 0], [1], [3] * 400, [5, 80, 1, 2, 70, 72, 3], [5_000, 1]])
def test_batches_hold_every_text_once_and_no_more_than_they_should(lengths):
    batches = list(network._batches([[7] * length for length in lengths]))
    assert sorted(row for rows in batches for row in rows) == list(range(len(lengths)))
    for rows in batches:
        [length] = {lengths[row] for row in rows}
        assert len(rows) == 1 or len(rows) * length <= network.BATCH_TOKENS


def test_a_word_counts_for_what_the_log_odds_fall_by_without_it(predictor):
    text = "  My  moon,\nthe match!"
    reading = predictor.read(text)
    answer = {text[part.start : part.end]: part.weight for part in reading.parts}
    assert list(answer) == ["My", "moon,", "the", "match!"]
    assert list(answer.values()) == pytest.approx([0, WEIGHTS["moon"], 0, WEIGHTS["match"]], abs=1e-4)
    assert reading.end == len(text)
    alone = predictor.read("moon")
    assert [part.weight for part in alone.parts] == pytest.approx([WEIGHTS["moon"]], abs=1e-4)
    assert alone.chance == pytest.approx(1 / (1 + np.exp(-BIAS - WEIGHTS["moon"])), rel=1e-5)


def test_of_a_longer_text_each_sentence_counts_for_what_the_log_odds_fall_by_without_it(tmp_path):
    predictor = TitlesPredictor(write_model(tmp_path / "model", length=128))
    text = (
        "> The moon rises over my rocket.\n\nA recipe for the best match! Hi. And "
        + "of the " * 30
        + "moon\n"
    )
    reading = predictor.read(text)
    assert reading.kind == "sentences"
    assert [text[part.start : part.end][:12] for part in reading.parts] == [
        "The moon ris",
        "A recipe for",
        "Hi. And of t",
    ]
    assert [part.weight for part in reading.parts] == pytest.approx([4 + 2, -3 - 2, 4], abs=1e-4)
    assert _log_odds(reading.chance) == pytest.approx(BIAS + 6 - 5 + 4, abs=1e-3)
    assert predictor.chances([text]) == pytest.approx([reading.chance], rel=1e-5)
    short = " ".join(["of"] * reader.MOST_WORDS)
    assert [predictor.read(one).kind for one in (short, f"{short} of")] == ["words", "sentences"]


def test_a_text_with_too_many_tokens_is_read_in_passages(predictor):
    reading = predictor.read(LONG)
    found = [LONG[part.start : part.end] for part in reading.parts]
    assert reading.kind == "passages"
    assert found[:3] == [
        "The moon rises over my rocket.",
        "A recipe for the best match!",
        "Saturn to the moon, of of of of of of",
    ]
    alone = [_log_odds(chance(text)) for text in found]
    prior = _log_odds(PRIOR)
    assert len(alone) > 4
    expected = (np.array(alone) - prior) * passages.INDEPENDENT / len(alone)
    assert [part.weight for part in reading.parts] == pytest.approx(expected, abs=1e-4)
    assert _log_odds(reading.chance) == pytest.approx(prior + expected.sum(), abs=1e-3)
    assert reading.end == len(LONG.rstrip())
    assert predictor.chances(["moon", LONG, "🚀 " * 100]) == pytest.approx(
        [chance("moon"), reading.chance, np.nan], rel=1e-4, nan_ok=True
    )


def test_more_of_the_same_says_little_more(predictor):
    log_odds = [
        _log_odds(predictor.read("The moon over the best of it. " * count).chance) for count in (3, 30, 60)
    ]
    prior = _log_odds(PRIOR)
    evidence = _log_odds(chance("moon")) - prior
    assert log_odds == pytest.approx([prior + evidence * few for few in (3**0.5, 2, 2)], rel=1e-4)


def test_a_text_without_a_space_is_read_as_far_as_others_are(predictor):
    text = "moon,match-" * 6_000
    reading = predictor.read(text)
    assert len(reading.parts) == passages.MOST
    assert reading.parts[0].end == reading.parts[1].start < 100
    assert reading.end == reading.parts[-1].end < len(text)
    assert predictor.chances([text]) == pytest.approx([reading.chance], rel=1e-4)


def test_of_a_very_long_text_the_beginning_is_read(predictor):
    text = "the moon " * 50_000
    reading = predictor.read(text)
    assert len(reading.parts) == passages.MOST
    assert len(text[: reading.end].split()) == passages.MOST * round(reader.WORDS_A_TOKEN * LENGTH)


def test_at_once_the_end_of_a_long_text_is_cut_off(tmp_path):
    asked = reader.Reader(write_model(tmp_path / "model"), "model.onnx", threads=1)
    found = asked.chances(["the " * 100 + "moon", "moon " * 100, "🚀"], at_once=True)
    assert found == pytest.approx([chance("the"), chance("moon " * (LENGTH - 2)), chance("")], rel=1e-5)


@pytest.mark.parametrize("text", ["", " \n", "\x00\x07\x1b", "🚀🚀", "火星", "[SEP]", "\u200b"])
def test_what_cannot_be_read_is_told(predictor, text):
    with pytest.raises(SpaceHubError, match=r"contains nothing that the model can read\. Enter a title"):
        predictor.read(text)
    found = predictor.chances([text, "moon", text])
    assert np.isnan(found[[0, 2]]).all()
    assert found[1] == pytest.approx(chance("moon"), rel=1e-5)


def _log_odds(chance: float) -> float:
    return float(np.log(chance / (1 - chance)))


def test_the_label_turns_at_the_threshold(predictor):
    assert [predictor.label(one) for one in (0.399, 0.4, 1.0)] == ["other", "space", "space"]
    assert predictor.trust(0.99).right == 0.93
    assert predictor.trust(0.2).n == 300


def test_the_linear_model_weighs_words_and_pairs(predictor):
    parts = predictor.linear.parts("Moon match")
    shared = 1 / np.sqrt(3) / 2  # three terms of equal weight; a temperature of 2
    assert parts == pytest.approx({word: LINEAR[word] * shared for word in ("moon", "match", "moon match")})
    expected = 1 / (1 + np.exp(-LINEAR_BIAS / 2 - sum(parts.values())))
    assert predictor.linear.chances(["Moon match", "?"])[0] == pytest.approx(expected)


@pytest.mark.parametrize(("agreement", "agrees"), [(0.995, True), (0.9, False)])
def test_eight_bits_serve_only_where_they_agree(tmp_path, agreement, agrees):
    folder = write_model(tmp_path / "model", agreement=agreement)
    (folder / "onnx" / ("model.onnx" if agrees else "model_int8.onnx")).unlink()
    assert TitlesPredictor(folder).int8_agrees == agrees


@pytest.mark.parametrize(
    "broken",
    ["onnx/model_int8.onnx", "onnx/inputs.json", "results.json", "tokenizer.json", "linear/model.json"],
)
def test_a_model_that_is_none_is_told(tmp_path, broken):
    folder = write_model(tmp_path / "model")
    (folder / broken).write_bytes(b"{}")
    with pytest.raises(SpaceHubError, match=r"Cannot read the published model\. .* Publish the model again"):
        TitlesPredictor(folder)
    inputs = folder / "onnx" / "inputs.json"
    write_model(tmp_path / "again")
    inputs.write_text(json.dumps({"labels": ["one"]}))
    with pytest.raises(SpaceHubError):
        TitlesPredictor(folder)
