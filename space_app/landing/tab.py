"""The Landing tab: a form, the probability that the booster lands, which fields matter, and similar flights.

Or a CSV of many.
"""

import functools

import gradio as gr
import plotly.graph_objects as go

from space_app import absence
from space_app.endpoints import endpoint
from space_app.html import render
from space_app.landing import api, view
from space_app.landing.api import KEY
from space_app.mistakes import error_to_message, mistake
from space_app.monitoring import drift
from space_app.parameters import Definition, of
from space_app.phone import to_answer
from space_app.scratch import scratch
from space_app.tabs import Part, Question, Tab
from space_app.watch import Served, Status, Watch
from spacehub.errors import SpaceHubError
from spacehub.serving.experience import EXPERIENCE
from spacehub.serving.fields import Field
from spacehub.serving.landing import FILES, Example, LandingPredictor

TRIES = 3
FIELDS = of(api.predict_landing)
QUIET = {"api_visibility": "private", "show_progress": "hidden"}


class Landing:
    """The components of the tab.

    Parameters
    ----------
    watch : Watch
        Provides the newest model.
    """

    def __init__(self, watch: Watch):
        self._watch = watch
        self.waiting = gr.HTML(elem_id="landing-waiting")
        with gr.Column(visible=False) as self._column:
            self._form()
            self._many()
        parts = [*self._inputs, self._heading, *self._tries, *self._outputs]
        self.filled = [self._column, *parts, self._template]

    def status(self) -> tuple[str, str | None]:
        """Return the note to show while no model is available, and the commit of an available model."""
        status = self._watch.status(KEY)
        if status.served is None:
            return absence.waiting(self._watch, KEY), None
        return absence.simulated(status, inputs="flights", subject="rockets"), status.commit

    def fill(self, commit: str | None):
        """Show the tab once a model is available, and fill in that model's choices, usual values and examples."""
        status = self._watch.status(KEY)
        predictor = status.served
        if commit is None or predictor is None:
            return gr.update(visible=False), *[gr.skip()] * (len(self.filled) - 2), None
        start = {field.name: field.default for field in predictor.fields}
        examples = predictor.examples()
        heading = f"<h3>{predictor.kind.capitalize()} flights to try</h3>"
        captions = [_caption(example) for example in examples[:TRIES]]
        captions += [gr.update(visible=False)] * (TRIES - len(captions))
        template = scratch() / "flights_template.csv"
        template.write_text(predictor.template(), encoding="utf-8")
        filled = [_fill(field) for field in predictor.fields]
        answer = _answer(status, start)
        return gr.update(visible=True), *filled, heading, *captions, *answer, str(template)

    def _form(self) -> None:
        """Lay out the form, and the answer next to it."""
        with gr.Row(elem_id="landing"):
            with gr.Column(scale=4, min_width=300, elem_id="landing-form"):
                gr.HTML("<h3>The flight</h3>")
                self._inputs, experience = _boxes()
                button = gr.Button("Predict", variant="primary", elem_id="predict")
                self._heading = gr.HTML()
                with gr.Row(elem_id="examples"):
                    self._tries = [gr.Button("", size="sm", min_width=90) for _ in range(TRIES)]
                today = gr.Button("Back to today", size="sm", elem_id="today")
            with gr.Column(scale=6, min_width=300, elem_id="landing-answer"):
                bars = gr.Plot(show_label=False, container=False, elem_id="bars", render=False)
                verdict, why = gr.HTML(), gr.HTML()
                bars.render()
                self._outputs = [verdict, why, bars, gr.HTML()]
        quiet = QUIET | {"show_progress": "minimal"}
        triggers = [button.click, *(box.submit for box in self._inputs if isinstance(box, gr.Number))]
        predicted = gr.on(triggers, self._predict, self._inputs, self._outputs, **quiet)
        predicted.then(None, None, None, js=to_answer("#landing-answer"), api_visibility="private")
        for number, attempt in enumerate(self._tries):
            show = error_to_message(functools.partial(self._example, number), on_page=True)
            shown = attempt.click(show, None, [*self._inputs, experience, *self._outputs], **quiet)
            shown.then(None, None, None, js=to_answer("#landing-answer"), api_visibility="private")
        reset = error_to_message(self._reset, on_page=True)
        today.click(reset, None, [*self._inputs, *self._outputs], **quiet)

    def _predict(self, *values):
        try:
            status = self._watch.ready(KEY)
            return _answer(status, dict(zip(status.served.names, values, strict=True)), visitors=True)
        except SpaceHubError as error:
            return mistake(error), "", None, ""

    def _example(self, number: int):
        status = self._watch.ready(KEY)
        example = status.served.examples()[number]
        opened = gr.Accordion(open=True)
        return [*example.flight.values(), opened, *_answer(status, example.flight, example)]

    def _reset(self):
        status = self._watch.ready(KEY)
        start = {field.name: field.default for field in status.served.fields}
        return [*start.values(), *_answer(status, start)]

    def _many(self) -> None:
        with gr.Column(elem_id="many"):
            gr.HTML(render("landing/many.html", optional=EXPERIENCE))
            self._template = gr.DownloadButton("Download a template", size="sm", elem_id="template")
            with gr.Row():
                upload = gr.File(label="Your flights (CSV)", file_types=[".csv", ".tsv", ".txt"], height=140)
                result = gr.File(
                    label="Your flights with landing probabilities",
                    interactive=False,
                    height=140,
                    elem_id="many-answer",
                )
            summary = gr.Markdown(label="summary")

        def show(file: str):
            try:
                answered, words = api.answer_file(self._watch, file)
                return str(answered), words
            except SpaceHubError as error:
                return None, view.many_mistake(error)

        # The page shows a mistake in place of the summary; a program receives it as an error.
        answered = upload.upload(show, upload, [result, summary], **QUIET)
        answered.then(None, None, None, js=to_answer("#many-answer"), api_visibility="private")
        upload.clear(lambda: (None, ""), None, [result, summary], **QUIET)


def build(watch: Watch, _: gr.Tab) -> Part:
    """Lay out the tab."""
    tab = Landing(watch)
    for function in api.ENDPOINTS:
        endpoint(function, watch)
    return Part(outputs=[tab.waiting], status=tab.status, filled=tab.filled, fill=tab.fill)


def _boxes() -> tuple[list[gr.Number | gr.Dropdown], gr.Accordion]:
    """Build the form in the order of the model's fields; the experience of earlier flights is collapsed."""
    boxes = {name: _box(field) for name, field in FIELDS.items() if name not in EXPERIENCE}
    with gr.Accordion("Experience before this flight", open=False) as experience:
        boxes |= {name: _box(field) for name, field in FIELDS.items() if name in EXPERIENCE}
    return [boxes[name] for name in FIELDS], experience


def _box(field: Definition) -> gr.Number | gr.Dropdown:
    """Return a field's control; the published model sets its bounds, and the field itself checks its value."""
    kind = gr.Number if field.hint in (int, float, int | None, float | None) else gr.Dropdown
    return kind(label=field.kind.title, info=field.kind.help, interactive=True)


def _fill(field: Field) -> dict:
    """Return the published model's description of a field: label, usual value and allowed values."""
    if field.is_number:
        blank = ", or leave it empty" if field.optional else ""
        named = field.unit and field.unit not in field.label
        return gr.update(
            value=field.default,
            label=f"{field.label} ({field.unit})" if named else field.label,
            info=f"{field.why} {field.allowed.capitalize()}{blank}.",
            step=field.step or 1,
        )
    choices = [*field.choices, *([("unknown", "")] if field.optional else [])]
    return gr.update(choices=choices, value=field.default, label=field.label, info=field.why)


def _answer(
    status: Status, flight: dict, example: Example | None = None, *, visitors: bool = False
) -> tuple[str, str, go.Figure, str]:
    """Return the parts of an answer: verdict, heading, bars, similar flights.

    Only a visitor's own flight is counted.
    """
    predictor = status.served
    checked = predictor.check(flight)
    explanation, chance = predictor.explain(checked), predictor.predict(checked)
    if visitors:
        drift.observe(status, checked | {drift.ANSWER: chance})
        status.offer(checked, chance)
    return (
        view.verdict(chance, status, example, flight=checked if visitors else None),
        view.why(explanation, predictor.kind),
        view.bars(explanation, checked, predictor),
        view.similar_table(predictor.similar(checked), checked, predictor),
    )


def _caption(example: Example) -> str:
    return f"{example.title}\n{example.name}, {example.date[:4]}"


TAB = Tab(
    key="landing",
    title="Landing",
    build=build,
    served={KEY: Served(files=FILES, load=LandingPredictor)},
    question=Question(
        function=api.predict_landing,
        arguments={
            "landing_type": "ASDS",
            "orbit": "LEO",
            "launch_site": "CCSFS SLC-40",
            "booster_flight": 3,
            "block": 5,
            "payload_mass_kg": 12_000,
        },
        compare=("probability", "commit"),
        needs=KEY,
    ),
)
