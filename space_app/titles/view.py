"""What the tab Titles shows of one title: the chance, the words that carried it, and the linear model's verdict."""

from space_app.served.title_examples import Example, some
from space_app.titles.words import about, doubts, trust
from space_app.watch import Status
from space_app.words import age, commit_link, esc
from spacehub.serving.titles.predictor import TitlesPredictor
from spacehub.serving.titles.reader import Reading
from spacehub.serving.words import cut, percent

SHOWN_UNREAD = 300  # characters
TERMS = 4
EXAMPLES = 5  # of each label
# What changes the odds threefold is drawn in full colour, if nothing else counts for more.
FULL = 1.1
WORDS = "The stronger, the more the odds change when the word is left out."
PIECES = "The stronger, the more the sentence adds to the odds or takes from them."
EMPTY = '<div class="waiting"><p>Type a title, or choose one to try.</p></div>'


def loud(status: Status) -> str:
    """Draw the warning over a model that learned from generated titles; nothing over a real one."""
    if not status.simulated:
        return ""
    return (
        '<div class="notice loud news"><b>Simulated data.</b> This model learned from generated titles, because the real '
        "ones could not be had when it was trained. Its answers say nothing about real titles.</div>"
    )


def waiting(status: Status, sentence: str) -> str:
    """Draw what the tab shows before there is a model."""
    return (
        f'<div class="waiting news"><h3>{esc(status.entry.title)} is not here yet</h3>'
        f"<p>{esc(status.entry.summary)}</p><p>{esc(sentence)}</p>"
        "<p>The tab opens by itself as soon as the model is published.</p></div>"
    )


def gallery(examples: list[Example]) -> str:
    """Draw titles of the test split as buttons; where each was posted shows once it is answered."""
    buttons = "".join(
        f'<button type="button" data-example="{one.number}">{esc(cut(one.title, 110))}</button>'
        for one in some(examples, EXAMPLES)
    )
    return f'<div class="titles-gallery">{buttons}</div>'


def verdict(text: str, reading: Reading, status: Status, example: Example | None = None) -> str:
    """Draw the chance, the text with its words coloured by what they add, how far to trust it, and the linear model."""
    predictor: TitlesPredictor = status.served
    label = predictor.label(reading.chance)
    notes = "".join(
        f'<p class="notice loud">{esc(one)}</p>' for one in doubts(text, reading, predictor.linear)
    )
    return f"""
<section class="verdict titles-verdict" aria-live="polite">
  <div class="chance"><b>{esc(percent(reading.chance))}</b><span>chance that it is about space</span></div>
  <div class="gauge titles-gauge"><i style="width:{100 * reading.chance:.1f}%"></i>
    <u style="left:{100 * predictor.threshold:.1f}%"></u></div>
  <p class="titles-said">BERT says <b>{esc(about(label))}</b>, which it does
    {"from" if label == predictor.labels[1] else "below"} {100 * predictor.threshold:.1f} %{" on" if label == predictor.labels[1] else ""}.</p>
  {_truth(example, label) if example else ""}
  <p class="titles-text" dir="auto">{_coloured(text, reading)}</p>
  <p class="legend"><span><i class="for"></i>speaks for space</span><span><i class="against"></i>speaks against it</span>
    <span>{PIECES if reading.in_pieces else WORDS}</span></p>
  {notes}
  {"" if reading.in_pieces else f'<p class="reliability">{esc(trust(predictor.trust(reading.chance)))}</p>'}
  {_linear(text, label, predictor)}
  <p class="provenance">Answered by {esc(status.entry.repo_id)} at {commit_link(status.page, status.commit)}, published
  {age(status.made)}{"" if predictor.int8_agrees else ", by the whole network: in eight bits it says other things too often"}.</p>
</section>"""


def _coloured(text: str, reading: Reading) -> str:
    """Draw the text, escaped, each part under as much colour as it counts for; what was not read stays grey."""
    strongest = max([FULL, *(abs(part.weight) for part in reading.parts)])
    parts, at = [], 0
    for part in reading.parts:
        strength = round(100 * abs(part.weight) / strongest)
        kind = "for" if part.weight > 0 else "against"
        parts.append(esc(text[at : part.start]))
        parts.append(
            f'<mark class="{kind}" style="--strength:{strength}%" title="{part.weight:+.2f} log odds">'
            f"{esc(text[part.start : part.end])}</mark>"
        )
        at = part.end
    rest = text[at:].rstrip()
    more = f" … {len(rest) - SHOWN_UNREAD:,} more characters" if len(rest) > SHOWN_UNREAD else ""
    return f'{"".join(parts)}<span class="unread">{esc(rest[:SHOWN_UNREAD])}{more}</span>'


def _linear(text: str, label: str, predictor: TitlesPredictor) -> str:
    """Draw what the linear model says, and the terms that it rests on."""
    linear = predictor.linear
    chance, parts = float(linear.chances([text])[0]), linear.parts(text)
    said = predictor.labels[int(chance >= linear.threshold)]
    strongest = sorted(parts.items(), key=lambda found: -abs(found[1]))[:TERMS]
    terms = "".join(
        f'<span class="tag {"for" if part > 0 else "against"}">{esc(cut(term))} <small>{part:+.1f}</small></span>'
        for term, part in strongest
    )
    rests = f"It rests on {terms}" if terms else "It knows none of its words."
    return (
        f'<div class="titles-linear"><p><b>Beside it, counting words:</b> TF-IDF with logistic regression gives '
        f"{esc(percent(chance))} and says <b>{esc(about(said))}</b>{'' if said == label else ', other than BERT'}; it says space from "
        f"{100 * linear.threshold:.1f} % on. "
        f"{rests}</p></div>"
    )


def _truth(example: Example, said: str) -> str:
    where = f"Posted in r/{esc(example.community)}, so its label is <b>{esc(about(example.label))}</b>"
    right = "as BERT says" if example.label == said else "other than BERT says"
    return (
        f'<p class="known">{where}, {right}. It is of the test split, which the model never learned from.</p>'
    )
