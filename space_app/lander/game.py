"""Fly it yourself: the panel on the page, and the script that draws it.

The page connects to the WebSocket of `seats` and sends the form's values; the server flies, the page draws.
"""

from pathlib import Path

import gradio as gr

from space_app.html import render

STATIC = Path(__file__).with_name("static")

LOAD = "import(new URL('lander/static/game.js', document.baseURI)).then(game => game.board(element))"
TAKE = """(agent, beside, seed, gravity, wind_power, turbulence_power) => window.dispatchEvent(
  new CustomEvent('lander-take', {detail: {agent, seed, gravity, wind_power, turbulence_power}}))"""


def panel(form: list[gr.components.Component]) -> None:
    """Lay out the panel, with a button that starts a flight under the form's conditions."""
    with gr.Column(elem_id="lander-game"):
        gr.HTML(render("lander/game_intro.html"))
        take = gr.Button("Take the controls", elem_id="lander-take")
        gr.HTML(render("lander/game.html"), js_on_load=LOAD, elem_id="lander-cockpit")
    take.click(None, form, None, js=TAKE, api_visibility="private")
