"""Checkpoints: the course's questions as a quiz, asked again the later the better they are known."""

import json
from pathlib import Path

import gradio as gr

from space_app.endpoints import endpoint
from space_app.html import render
from space_app.lab.checkpoints import api
from space_app.watch import Watch
from spacehub.lab.checkpoints import WEEKS

STATIC = Path(__file__).with_name("static")
SCRIPTS = [STATIC / name for name in ("checkpoints.js", "leitner.js", "progress.js")]
CSS = Path(__file__).with_name("checkpoints.css")

WORDS = """
<p class="week">Weeks 1 to 12 of the course</p><h3>What of the course do you know by heart?</h3>
<p>Answer first, then look. What you know moves up a box and comes back after 1, 3, 7, then 21 days; what you do not
goes back to box 1 and comes again after five minutes, or as soon as nothing else is left: the Leitner scheme.
Keys <kbd>1</kbd> to <kbd>4</kbd> choose, <kbd>Enter</kbd> goes on.</p>
"""
# The script asks for the questions when the quiz first comes into sight.
LOAD = f"""
const start = async () => (await import(new URL('gradio_api/file={SCRIPTS[0]}', document.baseURI)))
  .quiz(element, JSON.parse(props.value));
watch('value', start);
const sight = new IntersectionObserver((entries) => {{
  if (!entries.at(-1).isIntersecting) return;
  sight.disconnect();
  if (props.value) start(); else trigger('focus');
}});
sight.observe(element);
"""


def lay_out(watch: Watch) -> None:
    """Lay the quiz out on the page that is being built."""
    gr.set_static_paths(SCRIPTS)

    def questions() -> str:
        asked = json.dumps([api.lab_checkpoints(week) for week in range(1, WEEKS + 1)], ensure_ascii=False)
        # Gradio warns of scripts in what it takes for HTML; to JSON this is the same.
        return asked.replace("<", "\\u003c")

    with gr.Column(elem_id="lab-checkpoints"):
        gr.HTML(WORDS)
        quiz = gr.HTML(
            html_template='<div class="checkpoints"><p>One moment …</p></div>',
            css_template=CSS.read_text(encoding="utf-8"),
            js_on_load=LOAD,
            elem_id="checkpoints",
        )
        source = (STATIC / "leitner.js").read_text(encoding="utf-8")
        place = "space_app/lab/checkpoints/static/leitner.js"
        gr.HTML(render("lab/source.html", name="the Leitner scheme", place=place, text=source))
        quiz.focus(
            questions, None, quiz, api_visibility="private", show_progress="hidden", concurrency_limit=None
        )
        endpoint(api.lab_checkpoints, watch)
