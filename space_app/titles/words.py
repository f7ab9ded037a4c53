"""Sentences of the tab Titles: how far to trust an answer, and what gives reason to doubt it."""

from spacehub.serving.titles.linear import Linear
from spacehub.serving.titles.predictor import Bin
from spacehub.serving.titles.reader import Reading
from spacehub.serving.words import percent, percent_span

FEWEST, KNOWN = 4, 0.5


def trust(found: Bin) -> str:
    """Report how many of the test titles with a similar chance were about space."""
    if found.n == 1:
        return "Only one test title had a similar chance, too few to say how far to trust the answer."
    return (
        f"Of the {found.n:,} test titles with a similar chance ({percent(found.sure)} on average), "
        f"{percent(found.right)} were about space (95 % interval {percent_span(found.low, found.high)})."
    )


def doubts(text: str, reading: Reading, linear: Linear) -> list[str]:
    """Explain why the answer may mean little: the text was cut, or is unlike those that the models learned from."""
    found = []
    if reading.in_pieces:
        pieces = f"{len(reading.parts)} pieces" if len(reading.parts) > 1 else "one piece"
        found.append(
            f"The text is longer than the titles that BERT learned from, so BERT's answers for {pieces} of it were combined. "
            "The card reports how well that works."
        )
    rest = len(text.rstrip()) - reading.end
    if rest > 0:
        found.append(f"BERT read the first {reading.end:,} characters; it ignored the {rest:,} after them.")
    words = linear.words(text)
    known = sum(word in linear.terms for word in words)
    if not words:
        found.append(
            "The text has no words, and the models learned from English titles: don't rely on either answer."
        )
    elif not known or (len(words) >= FEWEST and known < KNOWN * len(words)):
        count = f"Only {known} of its {len(words):,} words" if known else "None of its words"
        found.append(
            f"{count} {'was' if known < 2 else 'were'} frequent in the English titles that the models learned from: don't "
            "rely on either answer."
        )
    return found


def about(label: str) -> str:
    """Write a label as people do."""
    return "about space" if label == "space" else "not about space"
