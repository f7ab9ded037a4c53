"""Track an object that moves in front of a static background, in each frame of a video."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from spacehub.errors import SpaceHubError

SAMPLES = 31
MOST_PIXELS = 1_000_000  # of a frame; `SAMPLES` of them are kept
# How far a channel must differ from the background, in grey levels, and how many pixels must.
DIFFERENT, LEAST_AREA = 30, 60
# Brighter than this in every channel: metal in the sun, neither flame nor gold foil.
PALE = 110
REACH = 60
MOVED, HULL = "all that moved", "its pale hull alone"
METHODS = (HULL, MOVED)


@dataclass(frozen=True, kw_only=True)
class Track:
    """The object's positions, x and y in pixels (float [n, 2], NaN if not found), and pixel counts (int [n])."""

    place: np.ndarray
    area: np.ndarray

    @property
    def seen(self) -> np.ndarray:
        """In which frames the object was found, bool [n]."""
        return ~np.isnan(self.place[:, 0])


def pictures(path: Path, *, most: int | None = None, rows: int | None = None) -> Iterator[np.ndarray]:
    """Read a video frame by frame, uint8 [h, w, 3]; `rows` keeps only the top rows.

    Raises
    ------
    SpaceHubError
        If the file is not an MP4 video, or its frames have more than `MOST_PIXELS`.
    """
    import av

    try:
        # Without a format, FFmpeg also reads lists of other files.
        with av.open(str(path), format="mp4") as container:
            for number, frame in enumerate(container.decode(video=0)):
                if number == most:
                    return
                if frame.width * frame.height > MOST_PIXELS:
                    raise SpaceHubError(
                        f"The video has {frame.width:,} × {frame.height:,} pixels, but the limit is {MOST_PIXELS:,} pixels in total.",
                        "Scale the video down.",
                    )
                yield frame.to_ndarray(format="rgb24")[:rows]
    except (av.error.FFmpegError, IndexError, ValueError) as error:
        raise SpaceHubError(
            "The file is not a readable video.", "Use an MP4 file with H.264 video."
        ) from error


def background(frames: Iterable[np.ndarray], count: int) -> np.ndarray:
    """Return the median of about `SAMPLES` of `count` frames (uint8 [h, w, 3]), from which moving objects vanish.

    Raises
    ------
    SpaceHubError
        If there are fewer than three frames.
    """
    wanted = set(np.linspace(0, count - 1, min(SAMPLES, count)).astype(int))
    kept = [frame for number, frame in enumerate(frames) if number in wanted]
    if len(kept) < 3:
        raise SpaceHubError(
            "The video has fewer than three frames.",
            "Use a longer video, because more frames are needed to separate moving objects from the background.",
        )
    return np.sort(np.stack(kept), axis=0)[len(kept) // 2]


def follow(frames: Iterable[np.ndarray], still: np.ndarray, *, method: str = HULL) -> Track:
    """Find what moves in each frame: the centre of the pixels that differ from the background `still`.

    In the first frame, the object is the largest blob that differs. From then on, it is the blob nearest to the
    position predicted at constant speed, at most `REACH` pixels per frame away. With `HULL`, only the pale pixels of
    that blob count, so a flame does not shift its centre.

    Raises
    ------
    SpaceHubError
        If there is no such method.
    """
    if method not in METHODS:
        raise SpaceHubError(f"Unknown method: {method!r}.", f"Choose one of: {', '.join(METHODS)}.")
    places: list[np.ndarray] = []
    areas: list[int] = []
    last, speed, missed = None, np.zeros(2), 0
    for frame in frames:
        expected = None if last is None else last + speed * (missed + 1)
        place, area = _spot(frame, still, expected, REACH * (missed + 1), method)
        if area:
            if last is not None:
                speed = (place - last) / (missed + 1)
            last, missed = place, 0
        else:
            missed += 1
        places.append(place)
        areas.append(area)
    return Track(place=np.array(places).reshape(-1, 2), area=np.array(areas, int))


def _spot(
    frame: np.ndarray, still: np.ndarray, expected: np.ndarray | None, reach: float, method: str
) -> tuple[np.ndarray, int]:
    import cv2

    left = top = 0
    if expected is not None:  # the rest is not needed
        low = np.maximum(expected - reach - 40, 0).astype(int)
        high = np.maximum(expected + reach + 40, 0).astype(int) + 1
        left, top = low
        frame, still = frame[top : high[1], left : high[0]], still[top : high[1], left : high[0]]
    nothing = np.full(2, np.nan), 0
    if not frame.size:
        return nothing
    apart = cv2.absdiff(np.ascontiguousarray(frame), np.ascontiguousarray(still)).max(axis=2)
    differs = cv2.morphologyEx(
        (apart > DIFFERENT).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)
    )
    _, labels, facts, middles = cv2.connectedComponentsWithStats(differs, connectivity=8)
    large = np.flatnonzero(facts[1:, cv2.CC_STAT_AREA] >= LEAST_AREA) + 1
    if not len(large):
        return nothing
    if expected is None:
        chosen = large[np.argmax(facts[large, cv2.CC_STAT_AREA])]
    else:
        away = np.hypot(*(middles[large] + (left, top) - expected).T)
        if away.min() > reach:
            return nothing
        chosen = large[np.argmin(away)]
    inside = labels == chosen
    if method == HULL:
        pale = inside & (frame.min(axis=2) > PALE)
        if pale.sum() < LEAST_AREA // 3:
            return nothing
        inside = pale
    y, x = np.nonzero(inside)
    return np.array([left + x.mean(), top + y.mean()]), len(x)
