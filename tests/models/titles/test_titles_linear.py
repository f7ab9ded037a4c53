"""The linear model as it is published says what scikit-learn's says; the networks from scratch learn."""

import numpy as np
import pytest
import torch
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from spacehub.models.titles import evaluation, explain, linear, networks
from spacehub.serving.titles.linear import Linear


@pytest.fixture(scope="module")
def fitted(titles):
    return linear.fit(titles, seed=0)


def test_the_published_form_says_what_scikit_learn_says(titles, fitted, tmp_path):
    model, strength = fitted
    linear.write(model, tmp_path / "linear" / "model.json")
    read = Linear.read(tmp_path / "linear" / "model.json")
    vectors = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    train, test = titles.texts[titles.rows("train")], titles.texts[titles.rows("test")]
    theirs = LogisticRegression(C=strength, max_iter=1000, random_state=0)
    theirs.fit(vectors.fit_transform(train), titles.labels[titles.rows("train")])
    odd = np.array(
        ["", "Mars", "MARS mars! Mars?", "naïve café, übergroß", "a b c", "x" * 5000], dtype=object
    )
    texts = np.concatenate([test, odd])
    margins = theirs.decision_function(vectors.transform(texts))
    np.testing.assert_allclose(read.chances(texts), 1 / (1 + np.exp(-margins / model.temperature)), atol=1e-4)


def test_its_parts_add_up_and_point_to_the_words(fitted):
    model, _ = fitted
    parts = model.parts("Saturn beside a nebula")
    assert parts["saturn"] > 0
    assert parts["nebula"] > 0
    assert model.parts("election match")["election"] < 0
    margin = model.intercept / model.temperature + sum(parts.values())
    assert model.chances(["Saturn beside a nebula"])[0] == pytest.approx(1 / (1 + np.exp(-margin)))


def test_all_of_them_learn(titles, fitted):
    torch.set_num_threads(1)
    labels = titles.labels[titles.rows("test")]
    reached = {"regression": fitted[0].chances(titles.texts[titles.rows("test")])}
    reached["naive_bayes"] = linear.naive_bayes(titles)[0]["test"]
    for name in networks.NETWORKS:
        reached[name] = networks.fit(name, titles, epochs=4, seed=0, report=lambda done, total: None)["test"]
    base = labels.mean()
    for name, said in reached.items():
        spread = 1 / (1 + np.exp(-said)) if said.min() < 0 else said
        assert evaluation.average_precision(spread, labels) > 2 * base, name


def test_cross_validation_judges_every_title_once(titles, fitted):
    rows = titles.rows("train")
    said = linear.cross_validated(titles.texts[rows], titles.labels[rows], seed=0)
    labels = titles.labels[titles.rows("train")]
    assert said.shape == labels.shape
    assert evaluation.average_precision(said, labels) > 0.7


def test_words_that_are_taken_out(titles, fitted):
    rows = titles.rows("test")
    words = explain.telling_words(fitted[0], titles.texts[rows[titles.labels[rows] == 1]])
    assert len(words) == explain.MASKED
    masked = explain.without_words(titles.texts[rows], words)
    assert not explain.with_words(titles.texts[rows], ["nothing"]).any()
    has = explain.with_words(titles.texts[rows], words)
    before, after = fitted[0].chances(titles.texts[rows]), fitted[0].chances(masked)
    assert 0 < has.mean() < 1
    assert (after[has] < before[has]).all()
    assert (after[~has] == before[~has]).all()
    assert explain.without_words(np.array(["Mars, MARS and marsh"], dtype=object), ["mars"]).tolist() == [
        ", and marsh"
    ]


def test_occlusion_finds_what_the_answer_rests_on():
    def ask(texts):
        return np.array([0.9 if "Saturn" in text else 0.2 for text in texts])

    chance, parts = explain.occlusion(ask, "We saw Saturn  today")
    assert chance == pytest.approx(0.9)
    assert [word for word, _ in parts] == ["We", "saw", "Saturn", "today"]
    assert [part > 1 for _, part in parts] == [False, False, True, False]
    assert explain.occlusion(ask, "Saturn")[1][0][1] > 1
