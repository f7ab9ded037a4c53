"""Write flights as a video that every browser plays: H.264, 25 frames a second, two steps per frame."""

import tempfile
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Literal

import av
import numpy as np

from spacehub.serving.lander.flight import Flight
from spacehub.serving.lander.scene import SIZE, Scene
from spacehub.serving.lander.telemetry import STEPS_A_SECOND

PICTURES_A_SECOND = 25
EVERY = STEPS_A_SECOND // PICTURES_A_SECOND
# How long the last frame stays; it shows how the flight ended.
HOLD = 35


def write_video(
    flights: Sequence[Flight],
    path: Path,
    *,
    names: Sequence[str] | None = None,
    order: Literal["after", "beside", "below"] = "after",
) -> None:
    """Write flights as an MP4 with a strip of telemetry, one after another or all at once.

    Parameters
    ----------
    path : Path
        Replaced only after the whole video is written.
    names : sequence of str, optional
        The pilot of each flight; by default the lander.
    order : str
        *after* shows one flight after another; *beside* and *below* show all at once, until the last has
        ended.
    """
    names = names or ["Lander"] * len(flights)
    scenes = [Scene(flight, name) for flight, name in zip(flights, names, strict=True)]
    shown = [[scene] for scene in scenes] if order == "after" else [scenes]
    axis = 0 if order == "below" else 1
    wide, high = (size * len(shown[0]) if place != axis else size for place, size in enumerate(SIZE))
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".video-") as scratch:
        draft = Path(scratch) / "draft.mp4"
        # The index goes to the front, so that a browser can play before it has the whole file.
        with av.open(str(draft), "w", options={"movflags": "+faststart"}) as container:
            stream = container.add_stream("libx264", rate=PICTURES_A_SECOND)
            stream.width, stream.height = wide, high
            stream.pix_fmt = "yuv420p"
            stream.options = {"preset": "ultrafast", "crf": "23"}
            for together in shown:
                for picture in _pictures(together, axis):
                    container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
            container.mux(stream.encode())
        draft.replace(path)


def _pictures(scenes: Sequence[Scene], axis: int) -> Iterator[np.ndarray]:
    """Yield the frames of flights joined along `axis`, shape (height, width, 3).

    A flight that has ended keeps its last frame.
    """
    shown: list[np.ndarray] = [np.empty(0)] * len(scenes)
    for steps in zip_longest(*(shown_steps(scene.last) for scene in scenes)):
        for place, step in enumerate(steps):
            if step is not None:
                shown[place] = np.asarray(scenes[place].picture(step))
        whole = np.concatenate(shown, axis=axis) if len(shown) > 1 else shown[0]
        yield whole
    for _ in range(HOLD):
        yield whole


def shown_steps(last: int) -> list[int]:
    """Return the steps that are shown: every second, and the last."""
    return [*range(0, last, EVERY), last]
