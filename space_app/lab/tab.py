"""The Lab's list of experiments, and the tab that holds a sub-tab for each."""

import gradio as gr

from space_app.lab import (
    bayes,
    chance,
    checkpoints,
    convolution,
    exploration,
    imaging,
    launches,
    many_bodies,
    meteorites,
    networks,
    numerics,
    orbits,
    pca,
    regression,
    segmentation,
    space_pictures,
    telemetry,
    tokens,
    trees,
)
from space_app.lab.frame import lay_out
from space_app.lab.plot import serve_scripts
from space_app.watch import Watch

# In the order of the course's weeks.
EXPERIMENTS = (
    orbits.experiment,
    many_bodies.experiment,
    numerics.experiment,
    chance.experiment,
    bayes.experiment,
    meteorites.experiment,
    regression.experiment,
    trees.experiment,
    imaging.experiment,
    segmentation.experiment,
    pca.experiment,
    telemetry.experiment,
    networks.experiment,
    convolution.experiment,
    tokens.experiment,
    exploration.experiment,
)
# What they read from the Hub, by the catalogue's key.
SERVED = {
    launches.KEY: launches.SERVED,
    meteorites.KEY: meteorites.SERVED,
    space_pictures.KEY: space_pictures.SERVED,
    telemetry.KEY: telemetry.SERVED,
}


def build(watch: Watch) -> None:
    """Lay out the tab: every experiment's sub-tab, empty until a visitor opens it."""
    serve_scripts()
    experiments = [experiment(watch) for experiment in EXPERIMENTS]
    with gr.Tabs(elem_id="lab"):
        for experiment in experiments:
            lay_out(experiment)
        checkpoints.build(experiments)
