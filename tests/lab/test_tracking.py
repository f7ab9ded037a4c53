"""What moves is found where it is: a drawn square at known places, and a lander where the simulator had it."""

from pathlib import Path

import av
import numpy as np
import pytest

from spacehub.errors import SpaceHubError
from spacehub.lab import tracking
from spacehub.serving.lander import video
from spacehub.serving.lander.agents import heuristic
from spacehub.serving.lander.conditions import Conditions
from spacehub.serving.lander.flight import fly
from spacehub.serving.lander.scene import VIEW, Scene


def film(places, *, size=(120, 200), half=6) -> list[np.ndarray]:
    """Draw a pale square with a red tail below it, before noise that stays; None for a picture without it."""
    ground = np.random.default_rng(0).integers(0, 60, (*size, 3)).astype(np.uint8)
    frames = []
    for place in places:
        frame = ground.copy()
        if place is not None:
            x, y = place
            frame[y + half : y + 3 * half, x - 2 : x + 3] = (250, 60, 20)
            frame[y - half : y + half + 1, x - half : x + half + 1] = 220
        frames.append(frame)
    return frames


PATH = [(20 + 6 * k, 20 + 2 * k) for k in range(25)]


@pytest.mark.parametrize(("method", "error"), [(tracking.HULL, 0.6), (tracking.MOVED, 5.0)])
def test_a_square_is_found_at_its_places(method, error):
    frames = film(PATH)
    track = tracking.follow(frames, tracking.background(frames, len(frames)), method=method)
    assert track.seen.all()
    away = np.hypot(*(track.place - np.array(PATH)).T)
    assert away.max() < error
    if method == tracking.MOVED:
        assert (track.place[:, 1] - np.array(PATH)[:, 1]).mean() > 2  # the tail pulls it down


def test_what_is_not_there_is_not_found_and_found_again():
    hidden = [place if k not in (8, 9, 10) else None for k, place in enumerate(PATH)]
    frames = film(hidden)
    track = tracking.follow(frames, tracking.background(frames, len(frames)))
    assert [k for k, seen in enumerate(track.seen) if not seen] == [8, 9, 10]
    assert np.hypot(*(track.place - np.array(PATH)).T)[track.seen].max() < 0.6
    assert (track.area[8:11] == 0).all()


def test_a_larger_thing_far_away_is_not_taken_for_it():
    frames = film(PATH)
    for frame in frames[15:18]:
        frame[90:118, 2:40] = 255
    track = tracking.follow(frames, tracking.background(frames, len(frames)))
    assert np.hypot(*(track.place - np.array(PATH)).T).max() < 0.6


@pytest.fixture(scope="module", params=[0, 3, 8])
def flown(request, tmp_path_factory):
    flight = fly(heuristic, seed=request.param, conditions=Conditions())
    path = tmp_path_factory.mktemp("video") / "flight.mp4"
    video.write_video([flight], path)
    scene = Scene(flight, "Lander")
    return path, np.array([scene.place(step) for step in video.shown_steps(scene.last)])


def test_the_lander_is_found_to_two_pixels_in_every_picture(flown):
    path, truth = flown
    assert sum(1 for _ in tracking.pictures(path)) == len(truth) + video.HOLD
    frames = tracking.pictures(path, most=len(truth), rows=VIEW[1])
    still = tracking.background(frames, len(truth))
    track = tracking.follow(tracking.pictures(path, most=len(truth), rows=VIEW[1]), still)
    whole = truth[:, 1] > 20
    assert track.seen[whole].mean() > 0.97
    away = np.hypot(*(track.place - truth).T)[whole & track.seen]
    assert np.median(away) < 2
    assert away.max() < 6


def test_a_video_opens_no_other_file_and_has_small_frames(tmp_path, monkeypatch):
    write_film(tmp_path / "other.mp4", [np.zeros((90, 120, 3), np.uint8)] * 3)
    assert [frame.shape for frame in tracking.pictures(tmp_path / "other.mp4")] == [(90, 120, 3)] * 3
    (tmp_path / "list.mp4").write_text("ffconcat version 1.0\nfile 'other.mp4'\n")
    with pytest.raises(SpaceHubError, match="not a readable video"):
        list(tracking.pictures(tmp_path / "list.mp4"))
    monkeypatch.setattr(tracking, "MOST_PIXELS", 90 * 120 - 1)
    with pytest.raises(SpaceHubError, match="120 × 90 pixels"):
        list(tracking.pictures(tmp_path / "other.mp4"))


def write_film(path: Path, frames: list[np.ndarray]) -> None:
    """Write frames, uint8 [h, w, 3], as MP4 with H.264."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream("h264", rate=25)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        for frame in frames:
            file.mux(stream.encode(av.VideoFrame.from_ndarray(frame)))
        file.mux(stream.encode())


def test_what_is_no_video_is_a_sentence(tmp_path):
    path = tmp_path / "text.mp4"
    path.write_text("not a readable video")
    with pytest.raises(SpaceHubError, match="not a readable video"):
        list(tracking.pictures(path))
    path.write_text("<!doctype html><script>alert(1)</script>")
    with pytest.raises(SpaceHubError, match="not a readable video"):
        list(tracking.pictures(path))
    with pytest.raises(SpaceHubError, match="fewer than three"):
        tracking.background(film(PATH[:2]), 2)
    with pytest.raises(SpaceHubError, match="Unknown method: 'guess'"):
        tracking.follow([], np.zeros((1, 1, 3), np.uint8), method="guess")
