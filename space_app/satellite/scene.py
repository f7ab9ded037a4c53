"""The part of the tab Satellite for a large scene: its land use as a map, with areas."""

from pathlib import Path

import gradio as gr
from PIL import Image

from space_app.satellite import land_map, scene_view
from space_app.satellite.survey import QUEUE, mosaic, survey
from space_app.served.satellite import DATASET, KEY
from space_app.watch import Watch
from space_app.words import mistake
from spacehub.errors import SpaceHubError
from spacehub.serving.satellite import decode


class Scene:
    """The part's components.

    Parameters
    ----------
    watch : Watch
        Where the newest model comes from.
    """

    def __init__(self, watch: Watch):
        self._watch = watch
        with gr.Column(elem_id="satellite-scene"):
            gr.HTML(scene_view.WORDS)
            with gr.Row():
                file = gr.File(label="A scene", height=140, scale=3, min_width=280, elem_id="scene-file")
                with gr.Column(scale=2, min_width=260):
                    # A number's box would begin at 0, for it cannot be empty where it is not in sight at first.
                    metres = gr.Textbox(
                        label="Resolution (m a pixel)",
                        info="Empty for what the file states, else 10; areas are then told in per cent alone.",
                        max_lines=1,
                        elem_id="scene-metres",
                    )
                    go = gr.Button("Map the scene", variant="primary", elem_id="scene-go")
                    try_it = gr.Button("Try a mosaic of test pictures", size="sm", elem_id="scene-try")
            answer = gr.HTML(elem_id="scene-answer")
            with gr.Row(visible=False, elem_id="scene-files") as files:
                png = gr.DownloadButton("Map (PNG)", size="sm")
                csv = gr.DownloadButton("Areas (CSV)", size="sm")
        shown = [answer, files, png, csv]
        quiet = {"api_visibility": "private", "show_progress_on": answer, **QUEUE}
        go.click(self._file, [file, metres], shown, **quiet)
        try_it.click(self._mosaic, None, shown, **quiet)

    def _file(self, file: str | None, metres: str, bar=gr.Progress()):  # noqa: B008
        try:
            if not file:
                raise SpaceHubError("There is no file.", "Drop a scene, or try the mosaic.")
            bar(0, desc="Reading the scene")
            return self._answer(decode.read(Path(file)), metres, bar)
        except SpaceHubError as error:
            return mistake(error), gr.update(visible=False), None, None

    def _mosaic(self, bar=gr.Progress()):  # noqa: B008
        try:
            data = self._watch.ready(DATASET).served
            return self._answer(mosaic(data), data.metres_a_pixel, bar)
        except SpaceHubError as error:
            return mistake(error), gr.update(visible=False), None, None

    def _answer(self, picture: Image.Image, metres: str | float, bar: gr.Progress):
        def progress(done: int, total: int) -> None:
            bar((done, total), desc="Looking at the tiles", unit="rows")

        found = survey(self._watch, picture, metres, progress)
        map_path, table_path = land_map.save(picture, found)
        told = scene_view.land_use(picture, found, self._watch.status(KEY))
        return told, gr.update(visible=True), str(map_path), str(table_path)
