"""Imaging: edges, regions, corners, blobs, colour channels, galaxies, template matching, and a lander on film."""

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
