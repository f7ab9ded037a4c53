"""The part of the Satellite tab that maps a large scene: its land use, with areas."""

from pathlib import Path

import gradio as gr

from space_app.cancel import Cancel
from space_app.html import render
from space_app.mistakes import mistake
from space_app.phone import to_answer
from space_app.satellite import scene_jobs
from space_app.watch import Watch
from space_app.workers import HEAVY_QUEUE
from spacehub.errors import SpaceHubError


class Scene:
    """The components of this part.

    Parameters
    ----------
    watch : Watch
        Provides the newest model.
    """

    def __init__(self, watch: Watch):
        self._watch = watch
        with gr.Column(elem_id="satellite-scene"):
            gr.HTML(render("satellite/scene_intro.html"))
            with gr.Row():
                file = gr.File(label="Scene", height=140, scale=3, min_width=280, elem_id="scene-file")
                with gr.Column(scale=2, min_width=260):
                    # A number box in a hidden tab cannot start empty: it would show 0.
                    metres = gr.Textbox(
                        label="Resolution (m per pixel)",
                        info="Leave this field empty to use the file's own resolution. If the file does not state a resolution, the app assumes 10 m per pixel and gives areas only as percentages.",
                        max_lines=1,
                        elem_id="scene-metres",
                    )
                    go = gr.Button("Map scene", variant="primary", elem_id="scene-go")
                    try_it = gr.Button("Try a mosaic of test images", size="sm", elem_id="scene-try")
                    cancel = Cancel("scene-cancel")
            answer = gr.HTML(elem_id="scene-answer")
            with gr.Row(visible=False, elem_id="scene-files") as files:
                png = gr.DownloadButton("Map (PNG)", size="sm")
                csv = gr.DownloadButton("Areas (CSV)", size="sm")
        shown = [answer, files, png, csv]
        quiet = {"api_visibility": "private", "show_progress_on": answer, **HEAVY_QUEUE}
        cancel.show_on([go.click, try_it.click])
        mapped = [
            go.click(self._file, [file, metres], shown, **quiet),
            try_it.click(self._mosaic, None, shown, **quiet),
        ]
        cancel.stop(mapped)
        for event in mapped:
            event.then(None, None, None, js=to_answer("#scene-answer"), api_visibility="private")

    async def _file(self, file: str | None, metres: str, bar=gr.Progress()):  # noqa: B008
        if not file:
            error = SpaceHubError("The file is missing.", "Upload a scene, or try the mosaic.")
            return mistake(error), gr.update(visible=False), None, None
        return await self._answer(Path(file), metres, bar)

    async def _mosaic(self, bar=gr.Progress()):  # noqa: B008
        return await self._answer(None, None, bar)

    async def _answer(self, file: Path | None, metres: str | None, bar: gr.Progress):
        def progress(done: int, total: int) -> None:
            bar((done, total), desc="Classifying the tiles", unit="rows")

        bar(0, desc="Reading the scene")
        try:
            _, _, png, csv, html = await scene_jobs.map_scene(self._watch, file, metres, progress)
        except SpaceHubError as error:
            return mistake(error), gr.update(visible=False), None, None
        return html, gr.update(visible=True), str(png), str(csv)
