"""The Titles tab: type or choose a title to see whether it is about space and which words matter, or classify many."""

from pathlib import Path

import gradio as gr

from space_app import absence
from space_app.endpoints import endpoint
from space_app.html import render
from space_app.mistakes import mistake
from space_app.monitoring import drift
from space_app.phone import to_answer
from space_app.served.title_examples import Example
from space_app.served.titles import DATASET, KEY, SERVED
from space_app.tabs import QUANTISED, Part, Question, Tab
from space_app.titles import api, view
from space_app.titles.many import Many
from space_app.titles.words import doubts
from space_app.watch import Watch
from space_app.workers import MODEL_QUEUE
from spacehub.errors import SpaceHubError
from spacehub.serving.titles import texts

CSS = Path(__file__).with_name("titles.css")
CHOOSE = """element.addEventListener('click', event => {
  const button = event.target.closest('[data-example]');
  if (!button) return;
  trigger('click', {example: Number(button.dataset.example)});
  if (innerWidth < 640) document.querySelector('#titles-answer').scrollIntoView({block: 'start'});
});"""

# Gradio submits a multi-line box with Shift+Enter, and Enter adds a line; this script swaps the two.
ENTER_SUBMITS = """element.closest('.column').addEventListener('keypress', event => {
  if (event.key !== 'Enter' || event.isComposing || !event.target.matches('#titles-text textarea')) return;
  event.stopPropagation();
  if (event.shiftKey) return;
  event.preventDefault();
  document.querySelector('#titles-go').click();
}, true);"""


class Titles:
    """The parts of the tab that the app's timer refreshes.

    Parameters
    ----------
    watch : Watch
        Provides the newest model and the example titles.
    """

    def __init__(self, watch: Watch):
        self._watch = watch
        self.waiting = gr.HTML(elem_id="titles-waiting")
        with gr.Column(visible=False, elem_id="titles") as self._column:
            self._one()
            self._many = Many(watch)
        self.filled = [self._column, self._gallery, self._many.template]

    def status(self) -> tuple[str, tuple[str, str | None] | None]:
        """Return the note to show while no model is available, and the commits of what is available."""
        status = self._watch.status(KEY)
        if status.served is None:
            return absence.waiting(self._watch, KEY), None
        warning = absence.simulated(status, inputs="titles", subject="titles")
        return warning, (status.commit, self._watch.status(DATASET).commit)

    def fill(self, commits: tuple[str, str | None] | None):
        """Show the tab once a model is available, with the dataset's example titles."""
        if commits is None:
            return gr.update(visible=False), "", gr.update(visible=False)
        known = self._watch.status(DATASET).served or []
        return gr.update(visible=True), view.gallery(known), self._many.as_template(known)

    def _one(self) -> None:
        with gr.Row(elem_id="titles-one"):
            with gr.Column(scale=4, min_width=300):
                gr.HTML("<h3>One title, or a longer text</h3>", js_on_load=ENTER_SUBMITS)
                text = gr.Textbox(
                    show_label=False,
                    label="A title",
                    placeholder="A headline in English (Shift+Enter for a new line)",
                    lines=3,
                    max_lines=8,
                    elem_id="titles-text",
                )
                go = gr.Button("Classify title", variant="primary", elem_id="titles-go")
                gr.HTML("<h3>Test titles to try</h3>")
                self._gallery = gr.HTML(elem_id="titles-examples", js_on_load=CHOOSE)
            with gr.Column(scale=6, min_width=300, elem_id="titles-answer"):
                answer = gr.HTML(render("shared/empty.html", text="Type a title, or choose an example."))
        quiet = {"api_visibility": "private", "show_progress": "minimal", **MODEL_QUEUE}
        go.click(self._classify, text, answer, js=to_answer("#titles-answer"), **quiet)
        self._gallery.click(self._example, None, [text, answer], **quiet)

    def _classify(self, text: str) -> str:
        try:
            return self._answer(text)
        except SpaceHubError as error:
            return mistake(error)

    def _example(self, event: gr.EventData) -> tuple:
        try:
            known = self._watch.ready(DATASET).served
            chosen = next((one for one in known if one.number == event.example), None)
            if chosen is None:
                raise SpaceHubError("This title is no longer available.", "Choose another one.")
            return chosen.title, self._answer(chosen.title, chosen)
        except SpaceHubError as error:
            return gr.skip(), mistake(error)

    def _answer(self, text: str, example: Example | None = None) -> str:
        given, status = texts.one(text), self._watch.ready(KEY)
        reading = status.served.read(given)
        if example is None:
            doubted = bool(doubts(given, reading, status.served.linear))
            numbers = status.served.features(given) | {drift.ANSWER: reading.chance}
            drift.observe(status, numbers, doubted=doubted)
            if reading.kind == "words":
                status.offer(given, status.served.label(reading.chance))
        return view.verdict(given, reading, status, example)


def build(watch: Watch, _: gr.Tab) -> Part:
    """Lay out the tab."""
    tab = Titles(watch)
    for function, queue in api.ENDPOINTS.items():
        endpoint(function, watch, **queue)
    return Part(outputs=[tab.waiting], status=tab.status, filled=tab.filled, fill=tab.fill)


TAB = Tab(
    key="titles",
    title="Titles",
    build=build,
    served=SERVED,
    css=[CSS],
    question=Question(
        function=api.classify_title,
        arguments={"text": "Falcon 9 launches a lunar lander, and the booster lands on a drone ship"},
        compare=("chance", "commit"),
        needs=KEY,
        tolerance=QUANTISED,
    ),
)
