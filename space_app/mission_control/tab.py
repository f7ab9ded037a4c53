"""The tab Mission control: what every model and dataset is up to, straight from the Hub."""

from typing import TypedDict

import gradio as gr

from space_app import under_way
from space_app.endpoints import endpoint
from space_app.mission_control.drift import draw as draw_drift
from space_app.monitoring import drift
from space_app.tabs import Part, Tab
from space_app.watch import Status, Watch
from space_app.words import age, commit_link, esc
from spacehub import catalogue

SPLITS = {
    "shuffled": "cross-validated",
    "time-ordered": "forward in time",
    "calm": "in calm air",
    "wind": "in wind",
}
OPEN_CARD = """element.addEventListener('click', event => {
  const link = event.target.closest('[data-card]');
  if (link) { event.preventDefault(); trigger('click', {card: link.dataset.card}); }
});"""


class Headline(TypedDict):
    """A measured number: its 95 % interval runs from `low` to `high`, `baseline` has what it must beat, by name.

    It was measured on `n` examples or flights, `failures` of them failures, in the way that `split` names.
    """

    name: str
    value: float
    low: float | None
    high: float | None
    n: int | None
    failures: int | None
    split: str | None
    baseline: dict[str, float]


class Entry(TypedDict):
    """What the Hub holds of one model or dataset."""

    key: str
    kind: str
    repo_id: str
    title: str
    state: str
    note: str
    commit: str | None
    published: str | None
    page: str
    simulated: bool
    headline: Headline | None
    forward_in_time: Headline | None
    rows: int | None


def entry(status: Status) -> Entry:
    """Return one row of Mission control."""
    now = under_way.find(status.entry.key, published=status.made)
    published = status.commit is not None
    note = status.problem
    if not note and not published:
        note = now.sentence if now else under_way.make(status.entry.key)
    state = "published" if published else "on its way" if now else "not published"
    if status.problem or (not published and now and now.problem):
        state = "problem"
    return Entry(
        key=status.entry.key,
        kind=status.entry.repo_type,
        repo_id=status.entry.repo_id,
        title=status.entry.title,
        state=state,
        note=note,
        commit=status.commit,
        published=status.made.isoformat() if status.made else None,
        page=status.page,
        simulated=status.simulated,
        headline=_headline(status),
        forward_in_time=_headline(status, "_ordered"),
        rows=status.facts.get("rows") if isinstance(status.entry, catalogue.Dataset) else None,
    )


def _headline(status: Status, suffix: str = "") -> Headline | None:
    """Return the model's headline number, or the same of another split, whose key ends in `suffix`."""
    wanted = f"{getattr(status.entry, 'headline', None)}{suffix}"
    for metric in status.facts.get("metrics", []):
        if metric.get("key") == wanted and metric.get("value") is not None:
            found = {name: metric.get(name) for name in Headline.__annotations__}
            return Headline(**found | {"baseline": found["baseline"] or {}})
    return None


def board(watch: Watch) -> str:
    """Draw all of Mission control as HTML."""
    parts, away = [], ""
    if watch.away:
        away = f'<div class="notice bad"><b>The Hub is away.</b> {esc(watch.away)}</div>'
    elif watch.slow:
        away = f'<div class="notice loud"><b>The Hub is slow.</b> {esc(watch.slow)}</div>'
    for title, keys in ("Models", catalogue.MODELS), ("Datasets", catalogue.DATASETS):
        cards = "".join(_card(watch.status(key), watch) for key in keys)
        parts.append(f'<section><h2>{title}</h2><div class="board">{cards}</div></section>')
    return f'{away}<div class="panels">{"".join(parts)}</div>'


def _card(status: Status, watch: Watch) -> str:
    row = entry(status)
    state = row["state"] if watch.looked else "asking the Hub"
    label = {"on its way": "On its way", "not published": "Not published yet"}.get(state, state.capitalize())
    simulated = '<span class="pill loud">Simulated data</span>' if row["simulated"] else ""
    trial = '<span class="pill loud">Trial</span>' if status.facts.get("preset") == "smoke" else ""
    return f"""
<article class="card" data-key="{esc(row["key"])}" data-state="{esc(state)}">
  <header><h3>{esc(row["title"])}</h3>
  <span class="pill {esc(state.replace(" ", "-"))}">{esc(label)}</span>{simulated}{trial}</header>
  <p class="summary">{esc(status.entry.summary)}</p>
  {_number(row)}{_progress(status)}{draw_drift(drift.report(status))}
  <footer>{_provenance(status)}</footer>
</article>"""


def _number(row: Entry) -> str:
    if row["rows"] is not None:
        return f'<div class="figure"><b>{row["rows"]:,}</b> rows</div>'
    metric = row["headline"]
    if metric is None:
        return ""
    details = [", ".join(filter(None, [_split(metric), _counts(metric)]))]
    if metric["low"] is not None:
        details.append(f"95 % interval {_short(metric['low'], metric)} to {_short(metric['high'], metric)}")
    if metric["baseline"]:
        details.append(f"baselines: {_baselines(metric)}")
    forward, later = row["forward_in_time"], ""
    if forward:
        against = f" ({_baselines(forward)})" if forward["baseline"] else ""
        number = f"{_split(forward)} {_short(forward['value'], forward)}{against}"
        later = f"<small>{esc(', '.join(filter(None, [number, _counts(forward)])))}</small>"
    return (
        f'<div class="figure"><b>{_short(metric["value"], metric)}</b> {esc(metric["name"])}'
        f"<small>{esc(' · '.join(filter(None, details)))}</small>{later}</div>"
    )


def _short(value: float, metric: Headline) -> str:
    """Write a number as a glance takes it in: an accuracy in per cent, a reward with one decimal."""
    if metric["name"] == "accuracy":
        return f"{100 * value:.1f}\N{NO-BREAK SPACE}%"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:,.1f}"


def _split(metric: Headline) -> str:
    return SPLITS.get(metric["split"], metric["split"] or "")


def _counts(metric: Headline) -> str:
    """Return on how many flights a number was measured: ``11 failures in 188``."""
    if metric["n"] is None:
        return ""
    return (
        f"n = {metric['n']}"
        if metric["failures"] is None
        else f"{metric['failures']} failures in {metric['n']}"
    )


def _baselines(metric: Headline) -> str:
    return ", ".join(
        f"{name.replace('_', ' ')} {_short(value, metric)}" for name, value in metric["baseline"].items()
    )


def _progress(status: Status) -> str:
    row = entry(status)
    now = under_way.find(status.entry.key, published=status.made)
    if now and not now.problem:
        share = 100 * now.done / max(now.total, 1)
        lead = "A new version: " if row["commit"] else ""
        return (
            f'<div class="progress"><span>{esc(lead + now.so_far)}'
            f'</span><i><em style="width:{share:.0f}%"></em></i></div>'
        )
    if not row["note"]:
        return ""
    sentence, _, command = row["note"].partition("This makes it: ")
    code = f"This makes it: <code>{esc(command)}</code>" if command else ""
    return f'<p class="note">{esc(sentence)}{code}</p>'


def _provenance(status: Status) -> str:
    if status.commit is None:
        return f"<span>{esc(status.entry.repo_id)}</span>"
    preset = status.facts.get("preset")
    made = f", {esc(preset)} preset" if preset else ""
    pinned = ", pinned by SPACEHUB_PIN" if status.pinned else ""
    return (
        f"<span>{esc(status.entry.repo_id)} at {commit_link(status.page, status.commit)}, "
        f"{age(status.made)}{made}{pinned}</span>"
        f'<a href="#" role="button" data-card="{esc(status.entry.key)}">Read the card</a>'
    )


def mission_control(watch: Watch) -> list[Entry]:
    """Return what the Hub holds of every model and dataset.

    Each entry has a state (published, on its way, not published, problem), a note that says more,
    the commit that this app uses, and a model's headline metric or a dataset's number of rows.
    """
    return [entry(watch.status(key)) for key in (*catalogue.MODELS, *catalogue.DATASETS)]


def build(watch: Watch, _: gr.Tab) -> Part:
    """Lay the tab out: a board that is redrawn as the Hub changes."""
    endpoint(mission_control, watch)
    shown = gr.HTML(elem_id="board", js_on_load=OPEN_CARD)
    return Part(outputs=[shown], status=lambda: (board(watch),), card_links=shown)


TAB = Tab(key="mission-control", title="Mission control", build=build)
