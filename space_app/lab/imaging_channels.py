"""The bench and the endpoint of Imaging on channels: how far three colours say the same."""

from collections.abc import Callable
from typing import TypedDict

import gradio as gr
from gradio import FileData

from space_app.lab import imaging_figures as figures
from space_app.lab import imaging_views as views
from space_app.lab import picture_choice
from space_app.lab.frame import Bench, View
from space_app.lab.provenance import Source
from space_app.watch import Watch
from spacehub.lab import imaging_channels as lab
from spacehub.lab.segmentation_colour import LAB


class Channels(TypedDict):
    """How far the three channels say the same: their correlations, and the mean of the absolute ones."""

    space: str
    channels: tuple[str, ...]
    means: list[float]
    correlations: list[list[float]]
    overlap: float
    source: Source | None


def bench(watch: Watch) -> Bench:
    """Return the bench on channels."""
    return Bench(
        key="channels",
        question="How much do three channels say that one does not?",
        words="Red, green and blue mostly tell the same: how bright it is. CIELAB takes the lightness out, and "
        "leaves two channels for colour alone, as far apart as one sees them.",
        controls=lambda: [
            picture_choice.choice(picture_choice.ROCKET),
            picture_choice.upload(),
            gr.Radio(list(lab.SPACES), value=LAB, label="Channels"),
        ],
        show=_show(watch),
        figures=2,
    )


def _show(watch: Watch) -> Callable[..., View]:
    def show(name, file, space) -> View:
        pixels = picture_choice.read(watch, name, file, longest=views.LONGEST)
        values = lab.channels(pixels, space)
        table, same = lab.correlations(values), lab.overlap(values)
        names = lab.SPACES[space]
        pairs = {
            f"{names[one].split(',')[0]} and {names[other].split(',')[0]}": f"{table[one, other]:+.3f}"
            for one, other in ((0, 1), (0, 2), (1, 2))
        }
        return View(
            figures=[figures.channels(values, space), figures.spreads(values, space)],
            numbers={f"Correlation of {pair}": value for pair, value in pairs.items()}
            | {
                f"Mean of {name}": f"{value:.1f}"
                for name, value in zip(names, values.mean(axis=(0, 1)), strict=True)
            },
            answer=f"In {space} two channels correlate by {same:.2f} on average, where 1 means that they say the same.",
            source=lab.overlap,
            extra=picture_choice.told(watch, name, file),
        )

    return show


def endpoint(watch: Watch) -> Callable:
    """Return the endpoint over the pictures that `watch` has pulled."""

    def lab_channels(
        picture: str = picture_choice.ROCKET, file: FileData | None = None, space: str = LAB
    ) -> Channels:
        """Tell how far the three channels of a picture say the same, in RGB or in CIELAB.

        Parameters
        ----------
        picture : str
            A picture of the dataset space-images by its name, or of EuroSAT by its class.
        file : FileData, optional
            A picture to look at in place of it.
        space : str
            The colour space, RGB or Lab.

        Returns
        -------
        Channels
            Means, correlations, and the mean of the absolute correlations.
        """
        path = picture_choice.own(file)
        pixels = picture_choice.read(watch, picture, path, longest=views.LONGEST)
        values = lab.channels(pixels, space)
        return Channels(
            space=space,
            channels=lab.SPACES[space],
            means=values.reshape(-1, 3).mean(axis=0).tolist(),
            correlations=lab.correlations(values).tolist(),
            overlap=lab.overlap(values),
            source=picture_choice.origin(watch, picture, path),
        )

    return lab_channels
