"""The hand-written texts are what the card says of them, and each kind is measured by itself."""

from collections import Counter

import numpy as np
import pytest

from spacehub.models.titles import evaluation, out_of_domain
from spacehub.models.titles.titles import NAMES
from spacehub.serving.titles.linear import Linear
from tests import title_model


@pytest.fixture(scope="module")
def written():
    return out_of_domain.read()


def test_no_text_stands_there_twice_and_each_has_a_label(written):
    texts = Counter(" ".join(row["text"].lower().split()) for row in written)
    assert max(texts.values()) == 1
    assert {row["label"] for row in written} == set(NAMES)


def test_there_are_300_single_sentences(written):
    sentences = [row for row in written if row["kind"] not in out_of_domain.LONGER]
    assert len(sentences) == 300
    assert not any("\n" in row["text"] for row in sentences)


@pytest.mark.parametrize("kind", out_of_domain.LONGER)
def test_longer_pieces_are_longer_and_half_of_them_about_space(written, kind):
    pieces = [row for row in written if row["kind"] == kind]
    assert Counter(row["label"] for row in pieces) == {"space": 15, "other": 15}
    assert all(40 <= len(row["text"].split()) <= 120 for row in pieces)


def test_posts_quote_and_sign(written):
    posts = [row["text"] for row in written if row["kind"] == "newsgroup post"]
    assert sum("> " in post for post in posts) >= 10
    assert sum(post.splitlines()[-1].strip()[:1] in '-"~' or "--" in post for post in posts) >= 5


def test_each_kind_is_measured_by_itself_as_a_hand_would(written, tmp_path):
    folder = title_model.write_model(tmp_path, length=256)
    linear = Linear.read(folder / "linear" / "model.json")
    found = out_of_domain.report(folder, linear, {"bert": 0.4, "logistic_regression": 0.5})
    assert found["out_of_domain"]["n"] == 300
    for part in found["longer"]:
        pieces = [row for row in written if row["kind"] == part["kind"]]
        assert part["n"] == 30
        bert = part["models"][0]
        f1 = next(one for one in bert["metrics"] if one["key"] == "f1_space")
        said = np.array([_sum_of_weights(row["text"]) for row in pieces]) >= 0.4
        labels = np.array([NAMES.index(row["label"]) for row in pieces])
        assert f1["value"] == pytest.approx(evaluation.f1(said, labels))
        assert f1["low"] <= f1["value"] <= f1["high"]


def _sum_of_weights(text: str) -> float:
    """What the model of the tests says of the tokens of a text."""
    from tokenizers import pre_tokenizers

    words = [word for word, _ in pre_tokenizers.BertPreTokenizer().pre_tokenize_str(text.lower())]
    return 1 / (1 + np.exp(-title_model.BIAS - sum(title_model.WEIGHTS.get(word, 0) for word in words)))
