"""A long text is cut where sentences and paragraphs end, nothing of it is lost, and what pieces say adds up."""

from itertools import pairwise

import numpy as np
import pytest

from spacehub.serving.titles import pieces


def cut(text, words=10):
    return [text[start:end] for start, end in pieces.cut(text, words=words)]


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
        ("one two three four five", ["one two", "three four", "five"]),
    ],
)
def test_pieces_end_where_sentences_do(text, expected):
    assert cut(text, words=2 if text.startswith("one two") else 10) == expected


def test_no_word_is_lost_and_no_piece_too_long():
    rng = np.random.default_rng(0)
    for _ in range(200):
        tokens = rng.choice(
            ["moon", "the", "end.", "why?", "\n\n", "\n> ", "(so!)", "…"], rng.integers(1, 150)
        )
        text = " ".join(tokens)
        spans = pieces.cut(text, words=7)
        assert all(first[1] <= second[0] for first, second in pairwise(spans))
        plain = pieces.unquoted(text)
        assert len(plain) == len(text)
        read = [plain[start:end].split() for start, end in spans]
        assert max(map(len, read), default=0) <= 7
        if len(spans) < pieces.MOST:
            assert [word for words in read for word in words] == plain.split()


def test_a_text_of_more_pieces_is_cut_off():
    assert len(pieces.cut("The moon rose. " * 1_000, words=10)) == pieces.MOST


def test_one_piece_says_what_it_says_and_several_add_up():
    prior = -1.5
    owners = np.array([0, 2, 2, 2, 2])
    log_odds = np.array([3.0, prior, 2.5, prior, prior])
    found = pieces.together(log_odds, owners, 4, prior)
    assert found[[0, 2]] == pytest.approx([3.0, prior + 4.0 / 2])
    assert np.isnan(found[[1, 3]]).all()
    assert pieces.parts(log_odds[1:], prior) == pytest.approx([0, 2, 0, 0])
    assert pieces.parts(np.repeat(log_odds, 20), prior).sum() == pytest.approx(2 * (log_odds - prior).mean())
