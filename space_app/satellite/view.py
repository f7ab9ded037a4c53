"""What the tab Satellite shows of a picture: how likely each class is, how far to trust it, and what spoke for it."""

import numpy as np
from PIL import Image

from space_app.satellite.overlay import activation, data_address
from space_app.satellite.words import doubts, spoken
from space_app.served.satellite_pictures import Example, Examples
from space_app.watch import Status
from space_app.words import age, commit_link, esc
from spacehub.serving.satellite.predictor import Bin, Seen
from spacehub.serving.words import percent, percent_span

LISTED = 5
IN_DOUBT = 0.5


def loud(status: Status) -> str:
    """Draw the warning over a model that learned from generated pictures; nothing over a real one."""
    if not status.simulated:
        return ""
    return (
        '<div class="notice loud news"><b>Simulated data.</b> This model learned from generated pictures, because '
        "the real ones could not be had when it was trained. Its answers say nothing about real land.</div>"
    )


def waiting(status: Status, sentence: str) -> str:
    """Draw what the tab shows before there is a model."""
    return (
        f'<div class="waiting news"><h3>{esc(status.entry.title)} is not here yet</h3>'
        f"<p>{esc(status.entry.summary)}</p><p>{esc(sentence)}</p>"
        "<p>The tab opens by itself as soon as the model is published.</p></div>"
    )


def what_is_done(examples: Examples) -> str:
    """Tell what pictures the model knows, and what is done to another."""
    side, metres = examples.side, examples.metres
    return (
        f"<p>The model learned from Sentinel-2 pictures of {side} × {side} pixels, {metres:,.0f} m of ground a side. "
        "Of another picture it sees the middle square, scaled to that; transparent parts count as black, and of an "
        "animation the first frame. GeoTIFFs of several bands or 16 bits are read too, and the answer says how. At most "
        "8,000 pixels a side and 160 MB.</p>"
    )


def gallery(examples: Examples) -> str:
    """Draw the pictures of the test split as buttons; which class each is shows once it is answered."""
    buttons = "".join(
        f'<button type="button" data-example="{one.number}" aria-label="Test picture {one.number + 1}">'
        f'<img alt="" src="{_thumbnail(one)}"></button>'
        for one in examples.pictures
    )
    return f'<div class="satellite-gallery">{buttons}</div>'


def verdict(seen: Seen, classes: list[str], status: Status, example: Example | None = None) -> str:
    """Draw the picture under its activation maps, the chances of the classes, and how far to trust them."""
    order = seen.order
    best, chance = order[0], float(seen.chances[order[0]])
    truth = _truth(example, classes[best]) if example else ""
    trusted, read_as = _trusted(seen, status, chance), f"{seen.read_as[:1].upper()}{seen.read_as[1:]} "
    doubt = "" if chance >= IN_DOUBT else " More likely than not it is something else."
    rows = "".join(_row(place, k, seen, classes, example) for place, k in enumerate(order))
    return f"""
<section class="verdict satellite-verdict" aria-live="polite">
  <div class="satellite-picture">{_layers(seen, classes)}
    <p class="legend"><i class="for"></i>speaks for the class more than for others<i class="against"></i>less</p></div>
  <div>
    <div class="chance"><b>{esc(spoken(classes[best]).capitalize())}</b><span>{esc(percent(chance))}.{doubt}</span></div>
    {truth}
    {trusted}
    <div class="satellite-classes" role="radiogroup" aria-label="Class whose map lies over the picture">{rows}</div>
    <p class="provenance">{esc(read_as.lstrip())}It knows these {len(classes)} classes alone and names one of them whatever it is shown. Choose
    one of the first {min(LISTED, len(classes))} to see what spoke for it. Answered by {esc(status.entry.repo_id)} at
    {commit_link(status.page, status.commit)}, published {age(status.made)}.</p>
  </div>
</section>"""


def _trusted(seen: Seen, status: Status, chance: float) -> str:
    """Draw how far to trust an answer, or the doubts: then the test pictures say nothing about it."""
    found = doubts(seen, status.served.known.side)
    if not found:
        return f'<p class="reliability">{esc(trust(status.served.trust(chance)))}</p>'
    return "".join(f'<p class="notice loud">{esc(one)}</p>' for one in found)


def trust(found: Bin) -> str:
    """Tell in a sentence what became of the test pictures of which the model was as sure."""
    return (
        f"Of the {found.n} test pictures of which it was about as sure ({percent(found.sure)} on average), "
        f"{percent(found.right)} were named right (95 % interval {percent_span(found.low, found.high)})."
    )


def largest(seen: Seen) -> float:
    """Return what counts as full strength in all maps of a picture: the most that a place added to the best class."""
    return float(np.abs(seen.maps[seen.order[0]]).max())


def _layers(seen: Seen, classes: list[str]) -> str:
    """Draw the picture, and over it the map of each class that can be chosen, one of which shows."""
    ground = (
        f'<img class="ground" alt="What the model saw" src="{data_address(Image.fromarray(seen.pixels))}">'
    )
    strength = largest(seen)
    films = "".join(
        f'<img class="film" data-film="{place}" alt="Where it saw {esc(spoken(classes[k]))}" '
        f'src="{data_address(activation(seen.maps[k], largest=strength))}">'
        for place, k in enumerate(seen.order[:LISTED])
    )
    return f'<div class="layers">{ground}{films}</div>'


def _row(place: int, k: int, seen: Seen, classes: list[str], example: Example | None) -> str:
    chance, name = float(seen.chances[k]), classes[k]
    true = ' <span class="pill published">true class</span>' if example and example.label == name else ""
    bar = f'<i class="bar"><em style="width:{100 * chance:.1f}%"></em></i><b>{esc(percent(chance))}</b>'
    words = f'<span class="name">{esc(spoken(name))}{true}</span>{bar}'
    if place >= LISTED:
        return f'<div class="class">{words}</div>'
    checked = " checked" if place == 0 else ""
    return f'<label class="class"><input type="radio" name="satellite-film" value="{place}"{checked}>{words}</label>'


def _truth(example: Example, said: str) -> str:
    right = "which is right" if example.label == said else f"which is wrong: it is {spoken(example.label)}"
    return (
        f'<p class="known">A picture of the test split, which the model never learned from. It says {esc(spoken(said))}, '
        f"{esc(right)}.</p>"
    )


def _thumbnail(example: Example) -> str:
    with Image.open(example.path) as picture:
        return data_address(picture.convert("RGB"))
