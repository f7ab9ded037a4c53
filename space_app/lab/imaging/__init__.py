"""Imaging: edges, regions, corners, blobs, colour channels, galaxies, a template and a lander in a film."""

from space_app.lab.frame import Experiment
from space_app.lab.imaging import blobs, channels, corners, edges, galaxies, regions, template, track

EXPERIMENT = Experiment(
    benches=[
        edges.BENCH,
        regions.BENCH,
        corners.BENCH,
        blobs.BENCH,
        channels.BENCH,
        galaxies.BENCH,
        template.BENCH,
        track.BENCH,
    ]
)
