"""Sentences of the Titles tab: how reliable an answer is, and why it may mean little."""

from spacehub.serving.titles.linear import Linear
from spacehub.serving.titles.predictor import Bin
from spacehub.serving.titles.reader import Reading
from spacehub.serving.words import percent, percent_span

FEWEST, KNOWN = 4, 0.5
# The static Space's script also fills in these templates.
SENTENCES = {
    "trust_of_one": "Only one test title had a similar probability, which is too few to estimate the reliability of the answer.",
    "trust": "Of the {n} test titles with a similar probability ({sure} on average), {right} were about space "
    "(95 % confidence interval {span}).",
    "sentences": "The text is longer than the titles that BERT was trained on. The card reports how well BERT classifies "
    "longer text.",
    "passages": "BERT cannot read such a long text at once, so the app combined BERT's answers for {passages} of the text. "
    "The card reports how well BERT classifies longer text.",
    "legend_words": "The stronger the colour, the more the odds of the label “space” change if the word is removed.",
    "legend_sentences": "The stronger the colour, the more the odds of the label “space” change if the sentence is removed.",
    "legend_passages": "The stronger the colour, the more the passage changes the odds of the label “space”.",
    "cut_off": "BERT read only the first {read} characters, and ignored the last {rest}.",
    "no_words": "The text has no words, so it differs from the English titles that the models were trained on. Don't rely on either answer.",
    "unknown_words": "{which} {verb} frequent in the English titles that the models were trained on. Don't rely on either "
    "answer.",
}


def trust(reliability: Bin) -> str:
    """Report how many of the test titles with a similar probability were about space."""
    if reliability.n == 1:
        return SENTENCES["trust_of_one"]
    return SENTENCES["trust"].format(
        n=f"{reliability.n:,}",
        sure=percent(reliability.sure),
        right=percent(reliability.right),
        span=percent_span(reliability.low, reliability.high),
    )


def doubts(text: str, reading: Reading, linear: Linear) -> list[str]:
    """Explain why the answer may mean little: the text was cut, or is unlike the training texts."""
    reasons = []
    if reading.kind != "words":
        passages = f"{len(reading.parts)} passages" if len(reading.parts) > 1 else "one passage"
        reasons.append(SENTENCES[reading.kind].format(passages=passages))
    rest = len(text.rstrip()) - reading.end
    if rest > 0:
        reasons.append(SENTENCES["cut_off"].format(read=f"{reading.end:,}", rest=f"{rest:,}"))
    words = linear.words(text)
    known = sum(word in linear.terms for word in words)
    if not words:
        reasons.append(SENTENCES["no_words"])
    elif not known or (len(words) >= FEWEST and known < KNOWN * len(words)):
        which = f"Only {known} of the text's {len(words):,} words" if known else "None of the text's words"
        reasons.append(SENTENCES["unknown_words"].format(which=which, verb="was" if known < 2 else "were"))
    return reasons


def about(label: str) -> str:
    """Write a label in words."""
    return "about space" if label == "space" else "not about space"
