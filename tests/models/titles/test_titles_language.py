"""How titles are cut, their tone, and what is near what: against counts by hand, scikit-learn and a reader."""

from collections import Counter

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import cohen_kappa_score, confusion_matrix

from spacehub.models.titles import cutting, embeddings, language, tone
from spacehub.models.titles.linear import TOKEN


@pytest.mark.parametrize(("cut", "longest"), [(cutting.words, 1), (cutting.words_and_pairs, 2)])
def test_text_is_cut_as_the_linear_model_cuts_it(titles, cut, longest):
    theirs = CountVectorizer(ngram_range=(1, longest), token_pattern=TOKEN).build_analyzer()
    odd = ["", "Mars, at last!", "naïve café a b", "r/space [user] 3.8 cm"]
    for text in [*titles.texts[:200], *odd]:
        assert Counter(cut(text)) == Counter(theirs(text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("I love this wonderful telescope!", "positive"),
        ("Horrible crash kills three", "negative"),
        ("The station passes over at nine", "neutral"),
        ("", "neutral"),
    ],
)
def test_the_lexicon_hears_what_is_plain(text, said):
    assert tone.TONES[tone.tones(np.array([text], dtype=object))[0]] == said


def test_agreement_is_scikit_learn_s():
    rng = np.random.default_rng(1)
    read = rng.integers(0, 3, 90)
    found = np.where(rng.random(90) < 0.6, read, rng.integers(0, 3, 90))
    answer = tone.agreement(read, found, rng.integers(0, 2, 90))
    assert answer["confusion"] == confusion_matrix(read, found).tolist()
    assert answer["kappa"]["value"] == pytest.approx(cohen_kappa_score(read, found))
    assert answer["accuracy"]["value"] == pytest.approx((read == found).mean())
    for part in ("kappa", "accuracy"):
        assert answer[part]["low"] < answer[part]["value"] < answer[part]["high"]


def test_a_reader_judged_150_titles_and_none_of_them_is_repeated_there():
    verdicts = tone.judged()
    assert len(verdicts) == 2 * tone.DRAWN
    assert set(verdicts.values()) == {0, 1, 2}
    lines = tone.PATH.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "id,tone"
    assert all(len(line) < 20 for line in lines)


def test_vectors_that_point_alike_are_near_and_bear_the_same_name():
    rng = np.random.default_rng(0)
    centres = embeddings.unit(rng.normal(size=(3, 16)))
    names = np.repeat(["a", "b", "c"], 20)
    vectors = embeddings.unit(np.repeat(centres, 20, axis=0) + rng.normal(0, 0.02, (60, 16)))
    assert embeddings.alike(vectors, names) == 1
    assert (embeddings.nearest(vectors, centres, count=20) // 20 == [[0], [1], [2]]).all()
    assert embeddings.alike(vectors, rng.permutation(names)) < 0.6


def test_a_title_s_vector_does_not_depend_on_what_is_asked_with_it(tiny):
    encoder = embeddings.Encoder.load(tiny, length=16)
    texts = np.array(["Saturn", "a longer title about the moon and much else besides"], dtype=object)
    together, alone = encoder.titles(texts), encoder.titles(texts[:1])
    np.testing.assert_allclose(together[0], alone[0], atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_all_of_it_is_told_and_drawn(titles, tiny, tmp_path):
    from transformers import AutoModel, AutoTokenizer

    AutoModel.from_pretrained(tiny).save_pretrained(tmp_path)
    AutoTokenizer.from_pretrained(tiny).save_pretrained(tmp_path)
    (tmp_path / "figures").mkdir()
    answer = language.describe(tmp_path, titles, base=tiny, revision=None, length=16, seed=0)
    assert set(answer) == {"cutting", "tone", "embeddings"}
    train = [cutting.words(text) for text in titles.texts[titles.rows("train")]]
    assert answer["cutting"][0]["terms"] == len({word for words in train for word in words})
    assert answer["tone"]["checked"] is None  # nobody judged a simulated title
    assert sum(row["n"] for row in answer["tone"]["communities"]) == len(titles.texts)
    found = answer["embeddings"]["alike"]
    assert found["before"] == found["after"]
    assert {path.name for path in (tmp_path / "figures").iterdir()} == {
        "cutting.png",
        "map.png",
        "neighbours.png",
        "tone.png",
    }
