"""Describe a title by a few numbers, to measure whether visitors' titles differ from the training titles."""

from collections.abc import Sequence

# Only the start of a longer text is described. A training title has at most 300 characters.
LONGEST = 1_000
# The inner edges of each number's bins, for titles in English. A share of 0 has a bin of its own.
EDGES: dict[str, tuple[float, ...]] = {
    "characters": (25, 40, 55, 75, 105, 160, 301),
    "words": (5, 8, 11, 15, 21, 31, 61),
    "tokens_per_word": (1.04, 1.16, 1.26, 1.36, 1.5, 1.7, 2.5),
    "unknown_tokens": (0.001, 0.04, 0.2),
    "tokens_cut_off": (1, 10),
    "upper_case": (0.001, 0.02, 0.035, 0.05, 0.075, 0.12, 0.3),
    "digits": (0.001, 0.03, 0.07, 0.2),
    "non-ASCII": (0.001, 0.03, 0.2),
}


def describe(text: str, tokens: Sequence[int], *, unknown: int | None, at_once: int) -> dict[str, float]:
    """Describe a text of at most `LONGEST` characters; NaN if a number has no meaning for it.

    Parameters
    ----------
    tokens : sequence of int
        All of its tokens, without special ones.
    unknown : int or None
        The token that replaces what the tokenizer does not know.
    at_once : int
        The most tokens that the model reads at once.

    Returns
    -------
    dict of str to float
        By the names of `EDGES`: counts, tokens per word, and shares from 0 to 1 of the characters or tokens.
    """
    characters, words = len(text), len(text.split())
    return {
        "characters": characters,
        "words": words,
        "tokens_per_word": _ratio(len(tokens), words),
        "unknown_tokens": _ratio(sum(token == unknown for token in tokens), len(tokens)),
        "tokens_cut_off": max(0, len(tokens) - at_once),
        "upper_case": _ratio(sum(map(str.isupper, text)), characters),
        "digits": _ratio(sum(map(str.isdigit, text)), characters),
        "non-ASCII": _ratio(sum(not character.isascii() for character in text), characters),
    }


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
