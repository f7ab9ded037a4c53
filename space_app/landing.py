"""The tab Landing: a form, the chance that the booster lands, why, and flights like it; or a CSV of many."""

from collections.abc import Sequence
from pathlib import Path

import gradio as gr

from space_app import landing_view as view
from space_app.landing_api import KEY
from space_app.mistakes import told
from space_app.scratch import scratch
from space_app.watch import Watch
from space_app.words import mistake
from spacehub.errors import SpaceHubError
from spacehub.serving.experience import EXPERIENCE
from spacehub.serving.fields import Field
from spacehub.serving.landing import Example


class Landing:
    """The tab's parts that the app's timer refreshes.

    Parameters
    ----------
    watch : Watch
        Where the newest model comes from.
    """

    def __init__(self, watch: Watch):
        self._watch = watch
        self.waiting = gr.HTML(elem_id="landing-waiting")
        self.commit = gr.State(None)
        # Built once a commit, not on loading too: whoever clicks while the form is replaced clicks into
        # nothing. And one at a time: Gradio numbers new components without a lock, for all visitors together.
        only = {"triggers": [self.commit.change], "concurrency_limit": 1, "show_progress": "hidden"}
        gr.render(inputs=self.commit, **only)(self._form)
        self._many()

    def status(self) -> tuple[str, str | None]:
        """Return what to say while there is no model, and the commit that answers once there is one."""
        status = self._watch.status(KEY)
        if status.served is not None:
            return view.loud(status), status.commit
        if not self._watch.looked:
            return view.waiting(status, "Asking the Hub …"), None
        try:
            self._watch.ready(KEY)
        except SpaceHubError as error:
            return view.waiting(status, error.mend), None
        return "", None

    def _form(self, commit: str | None) -> None:
        """Build the form from the model's own description of its inputs, and what answers beside it."""
        predictor = self._watch.status(KEY).served
        if commit is None or predictor is None:
            return
        examples = predictor.examples()
        start = {field.name: field.default for field in predictor.fields}
        answer = self._answer(start)
        with gr.Row(elem_id="landing"):
            with gr.Column(scale=4, min_width=300, elem_id="landing-form"):
                gr.HTML("<h3>The flight</h3>")
                inputs, experience = _inputs(predictor.fields)
                button = gr.Button("Predict", variant="primary", elem_id="predict")
                gr.HTML(f"<h3>{predictor.kind.capitalize()} flights to try</h3>")
                with gr.Row(elem_id="examples"):
                    tries = [gr.Button(_caption(example), size="sm", min_width=90) for example in examples]
                today = gr.Button("Back to today", size="sm", elem_id="today")
            with gr.Column(scale=6, min_width=300, elem_id="landing-answer"):
                verdict = gr.HTML(answer[0])
                why = gr.HTML(answer[1])
                bars = gr.Plot(answer[2], show_label=False, container=False, elem_id="bars")
                similar = gr.HTML(answer[3])
        outputs = [verdict, why, bars, similar]

        def predict(*values):
            try:
                return self._answer(dict(zip(predictor.names, values, strict=True)))
            except SpaceHubError as error:
                return mistake(error), "", None, ""

        triggers = [button.click, *(box.submit for box in inputs if isinstance(box, gr.Number))]
        gr.on(triggers, predict, inputs, outputs, api_visibility="private", show_progress="minimal")
        for attempt, example in zip(tries, examples, strict=True):

            def show(example: Example = example):
                opened = gr.Accordion(open=True)
                return [*example.flight.values(), opened, *self._answer(example.flight, example)]

            attempt.click(
                told(show, on_page=True),
                None,
                [*inputs, experience, *outputs],
                api_visibility="private",
                show_progress="minimal",
            )

        def reset():
            return [*start.values(), *self._answer(start)]

        today.click(
            told(reset, on_page=True),
            None,
            [*inputs, *outputs],
            api_visibility="private",
            show_progress="minimal",
        )

    def _answer(self, flight: dict, example: Example | None = None) -> tuple:
        """Return what is drawn of a flight: verdict, heading, bars, similar flights."""
        status = self._watch.ready(KEY)
        predictor = status.served
        checked = predictor.check(flight)
        explanation = predictor.explain(checked)
        return (
            view.verdict(predictor.predict(checked), status, example),
            view.why(explanation, predictor.kind),
            view.bars(explanation, checked, predictor),
            view.similar_table(predictor.similar(checked), checked, predictor),
        )

    def _many(self) -> None:
        """Lay out the section for files. It stands apart from the form so that its endpoint never changes."""
        with gr.Column(visible=False, elem_id="many") as section:
            gr.HTML(
                "<h3>Many flights at once</h3><p>Upload a CSV file with one flight per row; you get all its columns back, and "
                "<code>landing_probability</code>. Commas, semicolons or tabs may separate cells, and numbers may have "
                "a decimal comma. At most 100,000 rows and 20 MB. The columns "
                f"{', '.join(f'<code>{name}</code>' for name in EXPERIENCE)} may be left out: every flight then "
                "has the experience of today. Where such a column is there, each row needs a value.</p>"
            )
            template = gr.DownloadButton("Download a template", size="sm", elem_id="template")
            with gr.Row():
                upload = gr.File(label="Your flights (CSV)", file_types=[".csv", ".tsv", ".txt"], height=140)
                result = gr.File(label="The same flights, answered", interactive=False, height=140)
            summary = gr.Markdown(label="summary")

        def predict_landing_many(file: str) -> tuple[str, str]:
            """Answer a CSV file of flights.

            The first line names the columns; /landing_inputs tells which there are and what they may hold. The
            four of experience may be absent, not blank: every row then has their usual values.
            Returns the file as it was written, and after its columns landing_probability and, where a row is at
            fault, problem (landing_probability_2 where the file has such a column); and a summary that names the first
            such rows. Commas, semicolons or tabs; UTF-8, or UTF-16 with a byte-order mark; at most 100,000 rows, 20 MB.
            """
            if not file:
                raise SpaceHubError("There is no file.", "Choose a CSV file.")
            found = self._watch.ready(KEY).served.predict_table(Path(file))
            path = scratch() / "landing_predictions.csv"
            names = found.sheet.save(path, found.answers)
            absent = [name for name in EXPERIENCE if name not in found.sheet.rows]
            return str(path), view.many_summary(len(found.answers), found.problems, absent, names)

        def show(file: str):
            try:
                return predict_landing_many(file)
            except SpaceHubError as error:
                return None, view.many_mistake(error)

        # The page tells a mistake in the summary's place, where it stays; a program gets it as an error.
        upload.upload(show, upload, [result, summary], api_visibility="private")
        gr.on([], told(predict_landing_many), upload, [result, summary], api_name="predict_landing_many")
        upload.clear(lambda: (None, ""), None, [result, summary], api_visibility="private")

        def offer(commit: str | None):
            predictor = self._watch.status(KEY).served
            if commit is None or predictor is None:
                return gr.update(visible=False), None
            path = scratch() / "flights_template.csv"
            path.write_text(predictor.template(), encoding="utf-8")
            return gr.update(visible=True), str(path)

        self.commit.change(offer, self.commit, [section, template], api_visibility="private")


def _inputs(fields: Sequence[Field]) -> tuple[list[gr.Number | gr.Dropdown], gr.Accordion]:
    """Build the form; what the flights before have taught is folded away, filled in as it stands now."""
    boxes = {field.name: _component(field) for field in fields if field.name not in EXPERIENCE}
    with gr.Accordion("Experience before this flight", open=False) as experience:
        boxes |= {field.name: _component(field) for field in fields if field.name in EXPERIENCE}
    return [boxes[field.name] for field in fields], experience


def _component(field: Field) -> gr.Number | gr.Dropdown:
    """Return the form's component for a field; what it may hold is checked by the field itself."""
    if field.is_number:
        blank = ", or leave it empty" if field.optional else ""
        return gr.Number(
            value=field.default,
            label=f"{field.label} ({field.unit})" if field.unit else field.label,
            info=f"{field.why} {field.allowed.capitalize()}{blank}.",
            step=field.step or 1,
            interactive=True,
        )
    choices = [*field.choices, *([("unknown", "")] if field.optional else [])]
    return gr.Dropdown(
        choices,
        value=field.default,
        label=field.label,
        info=field.why,
        interactive=True,
    )


def _caption(example: Example) -> str:
    return f"{example.title}\n{example.name}, {example.date[:4]}"
