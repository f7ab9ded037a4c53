"""The Lab tab: an index of the experiments, each on its own page under ``/lab/``."""

from pathlib import Path

import gradio as gr

from space_app.lab import launches
from space_app.lab.experiments import EXPERIMENTS
from space_app.lab.index import index
from space_app.lab.orbits.hohmann import lab_hohmann
from space_app.served import meteorites, space_pictures, telemetry
from space_app.tabs import Part, Question, Tab
from space_app.watch import Watch

CSS = Path(__file__).with_name("lab.css")
# The entries that the experiments read from the Hub, by catalogue key.
SERVED = {
    launches.KEY: launches.SERVED,
    meteorites.KEY: meteorites.SERVED,
    space_pictures.KEY: space_pictures.SERVED,
    telemetry.KEY: telemetry.SERVED,
}


def build(_: Watch, __: gr.Tab) -> Part:
    """Lay out the index."""
    gr.HTML(index(EXPERIMENTS), elem_id="lab")
    return Part()


TAB = Tab(
    key="lab",
    title="Lab",
    build=build,
    served=SERVED,
    css=[CSS],
    question=Question(function=lab_hohmann, compare=("delta_v_m_s", "time_s"), page="lab/orbits/"),
)
