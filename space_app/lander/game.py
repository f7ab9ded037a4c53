"""Fly it yourself: the panel on the page, and the script that draws it.

The page connects to the WebSocket of `seats` with the form's values; the server flies, the page draws.
"""

from pathlib import Path

import gradio as gr

STATIC = Path(__file__).with_name("static")

WORDS = """
<h3>Fly it yourself</h3>
<p>Against the agent chosen above, on the same seed and in the same conditions. <kbd>↑</kbd> fires the main engine,
<kbd>←</kbd> and <kbd>→</kbd> push and turn to that side, one engine at a time; <kbd>Esc</kbd> gives up. Both fly in
the server's simulation, 50 steps a second.</p>
"""
PANEL = """
<div class="cockpit" hidden>
  <canvas tabindex="0" role="img" aria-label="Your lander and the agent's, over the ground with the flags"></canvas>
  <p class="told" aria-live="polite"></p>
  <div class="keys">
    <button type="button" data-action="1" aria-label="Left engine">◀</button>
    <button type="button" data-action="2" aria-label="Main engine">▲</button>
    <button type="button" data-action="3" aria-label="Right engine">▶</button>
  </div>
  <div class="score" aria-live="polite"></div>
</div>
"""
LOAD = "import(new URL('lander/static/game.js', document.baseURI)).then(game => game.board(element))"
TAKE = """(agent, beside, seed, gravity, wind_power, turbulence_power) => window.dispatchEvent(
  new CustomEvent('lander-take', {detail: {agent, seed, gravity, wind_power, turbulence_power}}))"""


def panel(form: list[gr.components.Component]) -> None:
    """Lay the panel out under a button that begins a flight with what the form holds."""
    with gr.Column(elem_id="lander-game"):
        gr.HTML(WORDS)
        take = gr.Button("Take the controls", elem_id="lander-take")
        gr.HTML(PANEL, js_on_load=LOAD, elem_id="lander-cockpit")
    take.click(None, form, None, js=TAKE, api_visibility="private")
