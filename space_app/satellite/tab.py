"""The Satellite tab: classify one image and see what supports the class, or map the land use of a whole scene."""

from pathlib import Path

import gradio as gr

from space_app import absence
from space_app.endpoints import endpoint
from space_app.html import render
from space_app.mistakes import mistake
from space_app.monitoring import drift
from space_app.phone import to_answer
from space_app.satellite import api, view
from space_app.satellite.scene import Scene
from space_app.served.satellite import DATASET, KEY, SERVED
from space_app.tabs import QUANTISED, Part, Question, Tab
from space_app.watch import Watch
from space_app.workers import MODEL_QUEUE
from spacehub.errors import SpaceHubError
from spacehub.serving.satellite import decode

CSS = Path(__file__).with_name("satellite.css")
CHOOSE = """element.addEventListener('click', event => {
  const button = event.target.closest('[data-example]');
  if (!button) return;
  trigger('click', {example: Number(button.dataset.example)});
  if (innerWidth < 640) document.querySelector('#satellite-answer').scrollIntoView({block: 'start'});
});"""


class Satellite:
    """The parts of the tab that the app's timer refreshes.

    Parameters
    ----------
    watch : Watch
        Provides the newest model and the example images.
    """

    def __init__(self, watch: Watch):
        self._watch = watch
        self.waiting = gr.HTML(elem_id="satellite-waiting")
        with gr.Column(visible=False, elem_id="satellite") as self._column:
            self._one()
            Scene(watch)
        self.filled = [self._column, self._words, self._gallery]

    def status(self) -> tuple[str, tuple[str, str] | None]:
        """Return the note to show while no model is available, and the commits of what is available."""
        commits = []
        for key in KEY, DATASET:
            status = self._watch.status(key)
            if status.served is None:
                return absence.waiting(self._watch, key), None
            commits.append(status.commit)
        model = self._watch.status(KEY)
        return absence.simulated(model, inputs="images", subject="land"), tuple(commits)

    def fill(self, commits: tuple[str, str] | None):
        """Show the tab once a model is available, with the dataset's example images."""
        known = self._watch.status(DATASET).served
        if commits is None or known is None:
            return gr.update(visible=False), "", ""
        return gr.update(visible=True), view.intro(known), view.gallery(known, commits[1])

    def _one(self) -> None:
        with gr.Row(elem_id="satellite-one"):
            with gr.Column(scale=4, min_width=300):
                gr.HTML("<h3>One image</h3>")
                picture = gr.File(label="Aerial image", height=140, elem_id="satellite-picture")
                self._words = gr.HTML()
                gr.HTML("<h3>Test images to try</h3>")
                self._gallery = gr.HTML(elem_id="satellite-examples", js_on_load=CHOOSE)
            with gr.Column(scale=7, min_width=300, elem_id="satellite-answer"):
                answer = gr.HTML(render("shared/empty.html", text="Upload an image, or choose an example."))
        quiet = {"api_visibility": "private", "show_progress": "minimal", **MODEL_QUEUE}
        classified = picture.upload(self._classify, picture, answer, **quiet)
        classified.then(None, None, None, js=to_answer("#satellite-answer"), api_visibility="private")
        self._gallery.click(self._example, None, answer, **quiet)

    def _classify(self, file: str) -> str:
        try:
            status = self._watch.ready(KEY)
            seen = status.served.classify(decode.read(Path(file)))
            numbers = seen.features | {drift.ANSWER: seen.chances.max()}
            drift.observe(status, numbers, doubted=bool(seen.doubts))
            status.offer(seen.pixels, status.served.classes[seen.order[0]])
            return view.verdict(seen, status.served.classes, status)
        except SpaceHubError as error:
            return mistake(error)

    def _example(self, event: gr.EventData) -> str:
        try:
            status, known = self._watch.ready(KEY), self._watch.ready(DATASET).served
            chosen = next((picture for picture in known.pictures if picture.number == event.example), None)
            if chosen is None:
                raise SpaceHubError("This image is no longer available.", "Choose another one.")
            seen = status.served.classify(decode.read(chosen.path))
            return view.verdict(seen, status.served.classes, status, chosen)
        except SpaceHubError as error:
            return mistake(error)


def build(watch: Watch, _: gr.Tab) -> Part:
    """Lay out the tab."""
    tab = Satellite(watch)
    for function, queue in api.ENDPOINTS.items():
        endpoint(function, watch, **queue)
    return Part(outputs=[tab.waiting], status=tab.status, filled=tab.filled, fill=tab.fill)


TAB = Tab(
    key="satellite",
    title="Satellite",
    build=build,
    served=SERVED,
    css=[CSS],
    question=Question(
        function=api.classify_picture,
        arguments={"file": Path(__file__).parents[1] / "thumbnail.png"},
        compare=("chances", "commit"),
        needs=KEY,
        tolerance=QUANTISED,
    ),
)
