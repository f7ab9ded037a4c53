"""The front page: tabs under one header, and the timer that keeps them up to date."""

from space_app.blocks import Page  # isort: skip

import itertools

import gradio as gr

from space_app import theme
from space_app.cards.tab import TAB as CARDS
from space_app.feedback import asked as feedback
from space_app.feedback.routes import JS
from space_app.lab.tab import TAB as LAB
from space_app.lander.tab import TAB as LANDER
from space_app.landing.tab import TAB as LANDING
from space_app.mission_control.tab import TAB as MISSION_CONTROL
from space_app.satellite.tab import TAB as SATELLITE
from space_app.tabs import Part, Tab
from space_app.titles.tab import TAB as TITLES
from space_app.watch import Watch

REFRESH_SECONDS = 2
TABS = (MISSION_CONTROL, LANDING, SATELLITE, TITLES, LANDER, LAB, CARDS)
SERVED = {key: served for tab in TABS for key, served in tab.served.items()}
CSS = [path for tab in TABS for path in tab.css]
# Opens the tab that the address names, then keeps the address in step with the open tab.
FOLLOW_ADDRESS = """() => {
  const tabs = document.querySelector('#tabs');
  const key = (button) => button?.getAttribute('data-tab-id');
  const wanted = new URLSearchParams(location.search).get('tab');
  [...tabs.querySelectorAll('[role="tab"]')].find((button) => key(button) === wanted)?.click();
  new MutationObserver(() => {
    const open = key(tabs.querySelector('[role="tab"][aria-selected="true"]'));
    const address = new URL(location);
    if (!open || (address.searchParams.get('tab') ?? 'mission-control') === open) return;
    address.search = `?tab=${open}`;
    history.replaceState(history.state, '', address);
  }).observe(tabs, {subtree: true, attributes: true, attributeFilter: ['aria-selected']});
}"""

START_TIMER = "() => ({__type__: 'update', active: true})"


def build(watch: Watch) -> Page:
    """Lay out the page, with `watch` as its view of the Hub."""
    with Page("SpaceHub") as page:
        gr.HTML(theme.HEADER)
        with gr.Tabs(elem_id="tabs") as tabs:
            parts = [_tab(tab, watch) for tab in TABS]
        shown = gr.State(None)
        outputs = [output for part in parts for output in (*part.outputs, *part.filled)]

        def refresh(before: tuple | None):
            old = before or (None,) * len(parts)
            changes, now = zip(*(part.update(was) for part, was in zip(parts, old, strict=True)), strict=True)
            return gr.skip() if now == before else (*itertools.chain.from_iterable(changes), now)

        quiet = {"api_visibility": "private", "show_progress": "hidden", "concurrency_limit": None}
        # The update runs through the queue, because only there does Gradio notice that a state changed.
        loaded = page.load(refresh, shown, [*outputs, shown], **quiet)
        page.load(None, None, None, js=FOLLOW_ADDRESS, api_visibility="private")
        if feedback.is_on():
            page.load(None, None, None, js=JS, api_visibility="private")
        # The timer starts only then: on a slow connection its first tick would fill everything a second
        # time.
        timer = gr.Timer(REFRESH_SECONDS, active=False)
        loaded.then(None, None, timer, js=START_TIMER, api_visibility="private")
        timer.tick(refresh, shown, [*outputs, shown], **quiet)
        _open_cards(parts, tabs, quiet)
    return page


def _tab(tab: Tab, watch: Watch) -> Part:
    with gr.Tab(tab.title, id=tab.key) as opened:
        return tab.build(watch, opened)


def _open_cards(parts: list[Part], tabs: gr.Tabs, quiet: dict) -> None:
    """Make links to a card open it in its tab."""
    choice = next(part.card_choice for part in parts if part.card_choice)

    def open_card(event: gr.EventData):
        return gr.update(selected=CARDS.key), event.card

    for links in filter(None, (part.card_links for part in parts)):
        links.click(open_card, None, [tabs, choice], **quiet)
