"""A long text is cut where sentences and paragraphs end, nothing of it is lost, and the answers for passages add up."""

from itertools import pairwise

import numpy as np
import pytest

from spacehub.serving.titles import passages


def shown(text, spans):
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t", []),
        ("Saturn", ["Saturn"]),
        (
            'He said "it is the Moon." Then it rose. So!',
            ['He said "it is the Moon."', "Then it rose.", "So!"],
        ),
        ("Hi. I saw Mars last night. Bye", ["Hi. I saw Mars last night.", "Bye"]),
        ("A heading of four\n\nand what it says", ["A heading of four", "and what it says"]),
        ("> It rose at dawn.\n> > No it did not.\nYes", ["It rose at dawn.", "No it did not.", "Yes"]),
        ("e.g. 3.5 km over it", ["e.g. 3.5 km over it"]),
    ],
)
def test_sentences_and_paragraphs_are_found(text, expected):
    assert shown(text, passages.sentences(text)) == expected


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (5, ["It is one.", "It is two.", "It is three.", "It is four.", "It is five."]),
        (4, ["It is one. It is two.", "It is three. It is four.", "It is five."]),
        (2, ["It is one. It is two. It is three.", "It is four. It is five."]),
        (1, ["It is one. It is two. It is three. It is four. It is five."]),
    ],
)
def test_neighbouring_sentences_are_joined_if_there_are_too_many(most, expected):
    text = "It is one. It is two. It is three. It is four. It is five."
    assert shown(text, passages.sentences(text, most=most)) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (2, ["It rose", "at dawn.", "Did it", "really rise?", "No!"]),
        (4, ["It rose at dawn.", "Did it really rise?", "No!"]),
        (5, ["It rose at dawn.", "Did it really rise? No!"]),
        (8, ["It rose at dawn. Did it really rise?", "No!"]),
        (9, ["It rose at dawn. Did it really rise? No!"]),
    ],
)
def test_a_passage_holds_as_many_whole_sentences_as_it_can(words, expected):
    text = "It rose at dawn. Did it really rise? No!"
    assert shown(text, passages.cut(text, words=words)) == expected


def test_no_word_is_lost_and_no_passage_too_long():
    rng = np.random.default_rng(0)
    for _ in range(200):
        tokens = rng.choice(
            ["moon", "the", "end.", "why?", "\n\n", "\n> ", "(so!)", "…"], rng.integers(1, 150)
        )
        text = " ".join(tokens)
        spans = passages.cut(text, words=7)
        assert all(first[1] <= second[0] for first, second in pairwise(spans))
        plain = passages.unquoted(text)
        assert len(plain) == len(text)
        read = [plain[start:end].split() for start, end in spans]
        assert max(map(len, read), default=0) <= 7
        if len(spans) < passages.MOST:
            assert [word for words in read for word in words] == plain.split()
        sentences = shown(plain, passages.sentences(text))
        assert [word for sentence in sentences for word in sentence.split()] == plain.split()


def test_a_text_of_more_passages_is_cut_off():
    assert len(passages.cut("The moon rose. " * 1_000, words=10)) == passages.MOST


def test_one_passage_says_what_it_says_and_several_add_up():
    prior = -1.5
    owners = np.array([0, 2, 2, 2, 2])
    log_odds = np.array([3.0, prior, 2.5, prior, prior])
    found = passages.together(log_odds, owners, 4, prior)
    assert found[[0, 2]] == pytest.approx([3.0, prior + 4.0 / 2])
    assert np.isnan(found[[1, 3]]).all()
    assert passages.parts(log_odds[1:], prior) == pytest.approx([0, 2, 0, 0])
    assert passages.parts(np.repeat(log_odds, 20), prior).sum() == pytest.approx(
        2 * (log_odds - prior).mean()
    )
