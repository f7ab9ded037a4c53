"""Flights as a video that every browser plays: H.264, 25 pictures a second, two steps each."""

import tempfile
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

import av
import numpy as np

from spacehub.serving.lander.flight import Flight
from spacehub.serving.lander.scene import SIZE, Scene
from spacehub.serving.lander.telemetry import STEPS_A_SECOND

PICTURES_A_SECOND = 25
EVERY = STEPS_A_SECOND // PICTURES_A_SECOND
# How long the last picture stays, which says how the flight ended.
HOLD = 35


def write_video(
    flights: Sequence[Flight],
    path: Path,
    *,
    names: Sequence[str] | None = None,
    beside: bool = False,
) -> None:
    """Write flights as an MP4 with a strip of telemetry, one after another or beside each other.

    Parameters
    ----------
    path : Path
        Replaced only once the whole video is written.
    names : sequence of str, optional
        Who flies each; the lander when not told.
    beside : bool
        Whether all are shown at once, from left to right, until the last has ended.
    """
    names = names or ["Lander"] * len(flights)
    scenes = [Scene(flight, name) for flight, name in zip(flights, names, strict=True)]
    rows = [scenes] if beside else [[scene] for scene in scenes]
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".video-") as scratch:
        draft = Path(scratch) / "draft.mp4"
        # The index goes to the front, so that a browser plays before it has the whole file.
        with av.open(str(draft), "w", options={"movflags": "+faststart"}) as container:
            stream = container.add_stream("libx264", rate=PICTURES_A_SECOND)
            stream.width, stream.height = SIZE[0] * len(rows[0]), SIZE[1]
            stream.pix_fmt = "yuv420p"
            stream.options = {"preset": "ultrafast", "crf": "23"}
            for row in rows:
                for picture in _pictures(row):
                    container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
            container.mux(stream.encode())
        draft.replace(path)


def _pictures(scenes: Sequence[Scene]) -> Iterator[np.ndarray]:
    """Yield the pictures of flights side by side, shape (height, width, 3); who has ended stays as it was."""
    shown: list[np.ndarray] = [np.empty(0)] * len(scenes)
    for steps in zip_longest(*(_steps(scene.last) for scene in scenes)):
        for place, step in enumerate(steps):
            if step is not None:
                shown[place] = np.asarray(scenes[place].picture(step))
        whole = np.concatenate(shown, axis=1) if len(shown) > 1 else shown[0]
        yield whole
    for _ in range(HOLD):
        yield whole


def _steps(last: int) -> list[int]:
    """Return the steps that are shown: every second, and the last."""
    return [*range(0, last, EVERY), last]
