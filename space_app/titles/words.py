"""What the tab Titles says in sentences: how far to trust an answer, and what about a text gives reason to doubt it."""

from spacehub.serving.titles.linear import Linear
from spacehub.serving.titles.predictor import Bin
from spacehub.serving.titles.reader import Reading
from spacehub.serving.words import percent, percent_span

FEWEST, KNOWN = 4, 0.5


def trust(found: Bin) -> str:
    """Tell what became of the test titles that got about the same chance."""
    if found.n == 1:
        return "One test title alone got about this chance: nothing is known of how far to trust it."
    return (
        f"Of the {found.n:,} test titles that got about this chance ({percent(found.sure)} on average), "
        f"{percent(found.right)} were about space (95 % interval {percent_span(found.low, found.high)})."
    )


def doubts(text: str, reading: Reading, linear: Linear) -> list[str]:
    """Tell why the answer may mean little: a text that was cut, or one unlike those that the models learned from."""
    found = []
    if reading.in_pieces:
        count = f"{len(reading.parts)} pieces of it" if len(reading.parts) > 1 else "one piece of it"
        found.append(
            f"It is longer than the titles that BERT learned from: what BERT said of {count} was "
            "weighed together. The card tells how well that does."
        )
    rest = len(text.rstrip()) - reading.end
    if rest > 0:
        found.append(
            f"BERT read the first {reading.end:,} characters; the {rest:,} after them played no part in what it says."
        )
    words = linear.words(text)
    known = sum(word in linear.terms for word in words)
    if not words:
        found.append(
            "There is no word in it, and the models learned from English titles: lean on neither answer."
        )
    elif not known or (len(words) >= FEWEST and known < KNOWN * len(words)):
        told = f"Of its {len(words):,} words {known or 'none'} {'was' if known == 1 else 'were'}"
        found.append(
            f"{told if len(words) > 1 else 'Its one word was not'} frequent in the titles that the models learned from, "
            "which were English: lean on neither answer."
        )
    return found


def about(label: str) -> str:
    """Write a label as people do."""
    return "about space" if label == "space" else "not about space"
