"""The part of the Titles tab for many titles: lines or a CSV file, with the answers as a table and a file."""

from collections.abc import Callable
from pathlib import Path

import gradio as gr
import pandas as pd

from space_app.mistakes import mistake
from space_app.phone import to_answer
from space_app.scratch import scratch
from space_app.served.title_examples import Example
from space_app.served.titles import KEY, MANY_QUEUE
from space_app.titles import many_view
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.serving.tables import Sheet
from spacehub.serving.titles import texts


class Many:
    """The components of this part.

    Parameters
    ----------
    watch : Watch
        Provides the newest model.
    """

    def __init__(self, watch: Watch):
        self._watch = watch
        with gr.Column(elem_id="titles-many"):
            gr.HTML(many_view.intro())
            with gr.Row():
                with gr.Column(scale=3, min_width=280):
                    lines = gr.Textbox(
                        label="Titles, one per line", lines=6, max_lines=12, elem_id="titles-lines"
                    )
                    go = gr.Button("Classify all", variant="primary", elem_id="titles-lines-go")
                with gr.Column(scale=2, min_width=260):
                    file = gr.File(label="Or upload a CSV file", height=140, elem_id="titles-file")
                    self.template = gr.DownloadButton("Template: test titles (CSV)", size="sm", visible=False)
            answer = gr.HTML(elem_id="titles-many-answer")
            csv = gr.DownloadButton("Answers (CSV)", size="sm", visible=False, elem_id="titles-csv")
        shown = [answer, csv]
        quiet = {"api_visibility": "private", "show_progress_on": answer, **MANY_QUEUE}
        answers = go.click(self._lines, lines, shown, **quiet), file.upload(self._file, file, shown, **quiet)
        for one in answers:  # until then the script has nothing to scroll to
            one.then(None, None, None, js=to_answer("#titles-many-answer"), api_visibility="private")

    def as_template(self, examples: list[Example]):
        """Offer the example titles as a CSV file that can be classified."""
        if not examples:
            return gr.update(visible=False)
        path = scratch() / "titles_to_try.csv"
        pd.DataFrame({texts.COLUMN: [example.title for example in examples]}).to_csv(path, index=False)
        return gr.update(visible=True, value=str(path))

    def _lines(self, pasted: str, bar=gr.Progress()):  # noqa: B008
        return self._answer(lambda: texts.lines(pasted), bar)

    def _file(self, file: str, bar=gr.Progress()):  # noqa: B008
        return self._answer(lambda: texts.read_csv(Path(file)), bar)

    def _answer(self, read: Callable[[], Sheet], bar: gr.Progress) -> tuple:
        def progress(done: int, total: int) -> None:
            bar((done, total), desc="Reading the titles", unit="titles")

        try:
            sheet, status = read(), self._watch.ready(KEY)
            answered = texts.answer(sheet, status.served, progress=progress)
        except SpaceHubError as error:
            return mistake(error), gr.update(visible=False, value=None)
        path = scratch() / "titles_answered.csv"
        names = sheet.save(path, answered)
        html = many_view.answers(sheet.rows[texts.COLUMN].tolist(), answered, names, status)
        return html, gr.update(visible=True, value=str(path))
