"""Render one title for the Titles tab: the probability, the words that matter, and the linear model's answer."""

from space_app.feedback import asked as feedback
from space_app.html import render
from space_app.served.title_examples import Example, some
from space_app.titles.words import SENTENCES, about, doubts, trust
from space_app.watch import Status
from spacehub.serving.titles.predictor import TitlesPredictor
from spacehub.serving.titles.reader import Reading
from spacehub.serving.words import cut

SHOWN_UNREAD = 300  # characters
TERMS = 4
EXAMPLES = 5  # of each label
LENGTH = 110  # characters
# A threefold change of the odds is drawn in full colour, unless another part has a larger effect.
FULL = 1.1


def gallery(examples: list[Example]) -> str:
    """Draw titles of the test split as buttons; the answer shows where each title was posted."""
    titles = [(example.number, cut(example.title, LENGTH)) for example in some(examples, EXAMPLES)]
    return render("titles/gallery.html", titles=titles)


def verdict(text: str, reading: Reading, status: Status, example: Example | None = None) -> str:
    """Draw the probability, the text with its words coloured by weight, how reliable it is, and the linear model."""
    predictor: TitlesPredictor = status.served
    posted = example and {"community": example.community, "verdict": about(example.label)}
    return render(
        "titles/verdict.html",
        reading=reading,
        verdict=about(predictor.label(reading.chance)),
        threshold=f"{100 * predictor.threshold:.1f}",
        example=posted,
        parts=_coloured(text, reading),
        unread=_unread(text, reading),
        legend=SENTENCES[f"legend_{reading.kind}"],
        doubts=doubts(text, reading, predictor.linear),
        trust=trust(predictor.trust(reading.chance)),
        linear=_linear(text, predictor),
        int8_agrees=predictor.int8_agrees,
        status=status,
        feedback="" if example else _feedback(text, reading, status),
    )


def _feedback(text: str, reading: Reading, status: Status) -> str:
    label = status.served.label(reading.chance)
    return feedback.form(
        status,
        given=text,
        answer=label,
        labels=status.served.labels,
        question=f"Is the answer “{about(label)}” right?",
        what="this title",
    )


def _coloured(text: str, reading: Reading) -> list[dict]:
    """Return the parts that were read, each with the text before it and a colour strength given by its weight."""
    strongest = max([FULL, *(abs(part.weight) for part in reading.parts)])
    starts = [0, *(part.end for part in reading.parts)]
    return [
        {
            "before": text[start : part.start],
            "text": text[part.start : part.end],
            "kind": "for" if part.weight > 0 else "against",
            "strength": round(100 * abs(part.weight) / strongest),
            "weight": f"{part.weight:+.2f}",
        }
        for start, part in zip(starts, reading.parts, strict=False)
    ]


def _unread(text: str, reading: Reading) -> str:
    """Return the start of the unread text, which stays grey, and the number of characters after it."""
    rest = text[reading.parts[-1].end if reading.parts else 0 :].rstrip()
    more = f" … {len(rest) - SHOWN_UNREAD:,} more characters" if len(rest) > SHOWN_UNREAD else ""
    return rest[:SHOWN_UNREAD] + more


def _linear(text: str, predictor: TitlesPredictor) -> dict:
    """Return the linear model's answer and its strongest terms."""
    linear = predictor.linear
    chance = float(linear.chances([text])[0])
    strongest = sorted(linear.parts(text).items(), key=lambda term: -abs(term[1]))[:TERMS]
    return {
        "chance": chance,
        "verdict": about(predictor.labels[int(chance >= linear.threshold)]),
        "threshold": f"{100 * linear.threshold:.1f}",
        "terms": [
            {"text": cut(term), "kind": "for" if weight > 0 else "against", "weight": f"{weight:+.1f}"}
            for term, weight in strongest
        ],
    }
