"""The Mission control tab: the state of every model and dataset on the Hub."""

from typing import TypedDict

import gradio as gr

from space_app import under_way
from space_app.endpoints import endpoint
from space_app.mission_control import view
from space_app.tabs import Part, Tab
from space_app.watch import Status, Watch
from spacehub import catalogue

OPEN_CARD = """element.addEventListener('click', event => {
  const link = event.target.closest('[data-card]');
  if (link) trigger('click', {card: link.dataset.card});
});"""


class Headline(TypedDict):
    """A measured number: its 95 % confidence interval runs from `low` to `high`; `baseline` has the values to beat, keyed by name.

    The number was measured on `n` examples or flights, `failures` of them failures, with the split that
    `split` names.
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
    """What the Hub holds for one model or dataset.

    `canary` is a newer commit that the app still compares with `commit`.
    """

    key: str
    kind: str
    repo_id: str
    title: str
    state: str
    note: str
    commit: str | None
    published: str | None
    canary: str | None
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
    state = "published" if published else "in progress" if now else "not published"
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
        canary=status.canary.commit if status.canary else None,
        page=status.page,
        simulated=status.simulated,
        headline=_headline(status),
        forward_in_time=_headline(status, "_ordered"),
        rows=status.facts.get("rows") if isinstance(status.entry, catalogue.Dataset) else None,
    )


def _headline(status: Status, suffix: str = "") -> Headline | None:
    """Return the model's headline number, or the same number for another split, whose key ends in `suffix`."""
    wanted = f"{getattr(status.entry, 'headline', None)}{suffix}"
    for metric in status.facts.get("metrics", []):
        if metric.get("key") == wanted and metric.get("value") is not None:
            found = {name: metric.get(name) for name in Headline.__annotations__}
            return Headline(**found | {"baseline": found["baseline"] or {}})
    return None


def board(watch: Watch) -> str:
    """Draw all of Mission control as HTML."""
    statuses = {
        title: [watch.status(key) for key in keys]
        for title, keys in (("Models", catalogue.MODELS), ("Datasets", catalogue.DATASETS))
    }
    panels = {title: [(entry(status), status) for status in listed] for title, listed in statuses.items()}
    return view.board(panels, looked=watch.looked, away=watch.away, slow=watch.slow)


def mission_control(watch: Watch) -> list[Entry]:
    """Return what the Hub holds for every model and dataset.

    Each entry has a state (published, in progress, not published, problem) and a note with details. A model's entry
    has the headline metric, and a dataset's entry has the number of rows. Each entry also has the commit that this
    app uses. During a canary, the entry also has the newer commit that the app compares with this commit.
    """
    return [entry(watch.status(key)) for key in (*catalogue.MODELS, *catalogue.DATASETS)]


def build(watch: Watch, _: gr.Tab) -> Part:
    """Lay out the tab: a board that is redrawn when the Hub changes."""
    endpoint(mission_control, watch)
    shown = gr.HTML(elem_id="board", js_on_load=OPEN_CARD)
    return Part(outputs=[shown], status=lambda: (board(watch),), card_links=shown)


TAB = Tab(key="mission-control", title="Mission control", build=build)
