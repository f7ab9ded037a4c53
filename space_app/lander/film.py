"""A video on the page, played by the browser alone.

Gradio's own video (6.31) loads half a megabyte of scripts for live streams with the front page, also when
nobody opens the tab.
"""

from pathlib import Path

import gradio as gr


class Film(gr.HTML):
    """The place of a video; its value is the path of an MP4 file, or None.

    Parameters
    ----------
    elem_id : str
        The place's id on the page.
    """

    def __init__(self, elem_id: str):
        # On a phone, a video that does not play inline takes the whole screen. The video has no sound, but with
        # `muted` it would not play while it is out of sight.
        template = '{{#if value}}<video src="{{value.url}}" controls autoplay playsinline></video>{{/if}}'
        super().__init__(html_template=template, elem_id=elem_id)

    def postprocess(self, value: Path | None) -> gr.FileData | None:
        """Return the file as the page gets it."""
        return None if value is None else gr.FileData(path=str(value))
