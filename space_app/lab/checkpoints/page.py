"""Checkpoints: the course's questions as a quiz. The better you know a question, the later you see it again."""

import json
from pathlib import Path

import gradio as gr

from space_app.endpoints import endpoint
from space_app.html import render
from space_app.lab.checkpoints import api
from space_app.watch import Watch
from spacehub.lab.checkpoints import WEEKS

STATIC = Path(__file__).with_name("static")
SCRIPTS = [STATIC / name for name in ("checkpoints.js", "element.js", "leitner.js", "progress.js")]
CSS = Path(__file__).with_name("checkpoints.css")

WORDS = """
<p class="week"><a href="../../course">Weeks 1 to 12 of the course</a></p><h3>What do you remember from the course?</h3>
<p>Answer first, then check. A question that you know moves up a box and comes back after 1, 3, 7, then 21 days. A
question that you do not know goes back to box 1 and comes back after five minutes, or as soon as nothing else is
left. This is the Leitner scheme. Press <kbd>1</kbd> to <kbd>4</kbd> to choose and <kbd>Enter</kbd> to continue.</p>
"""
# The script requests the questions when the quiz first becomes visible.
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
    """Lay out the quiz on the page being built."""
    gr.set_static_paths(SCRIPTS)

    def questions() -> str:
        asked = json.dumps([api.lab_checkpoints(week) for week in range(1, WEEKS + 1)], ensure_ascii=False)
        # Gradio warns about scripts in values that look like HTML; as JSON this is the same text.
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
