"""Videos, decoded again."""

import av
import numpy as np
import pytest

from spacehub.serving.lander.agents import heuristic, random_agent
from spacehub.serving.lander.conditions import Conditions
from spacehub.serving.lander.flight import fly
from spacehub.serving.lander.scene import SIZE, STRIP, Scene
from spacehub.serving.lander.telemetry import telemetry
from spacehub.serving.lander.video import HOLD, write_video


@pytest.fixture(scope="module")
def flights():
    return [fly(agent, seed=3, conditions=Conditions()) for agent in (heuristic, random_agent())]


def pictures(flight) -> int:
    return -(-flight.steps // 2) + 1 + HOLD


@pytest.mark.parametrize(("order", "grid"), [("after", (1, 1)), ("beside", (1, 2)), ("below", (2, 1))])
def test_a_video_is_what_a_browser_plays(flights, tmp_path, order, grid):
    path = tmp_path / "flight.mp4"
    write_video(flights, path, names=["Heuristic", "Random"], order=order)
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.pix_fmt, stream.average_rate) == ("h264", "yuv420p", 25)
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
    wanted = (sum if order == "after" else max)(map(pictures, flights))
    assert len(frames) == wanted
    assert frames[0].shape == (SIZE[1] * grid[0], SIZE[0] * grid[1], 3)
    last = np.asarray(Scene(flights[1], "Random").picture(flights[1].steps)).astype(int)
    assert np.abs(frames[-1][-SIZE[1] :, -SIZE[0] :] - last).mean() < 3
    assert list(tmp_path.iterdir()) == [path]


def test_the_lander_is_painted_where_it_is(flights):
    flight = flights[0]
    scene, seen = Scene(flight, "Heuristic"), telemetry(flight)
    first, later = (np.asarray(scene.picture(step)).astype(int) for step in (20, 60))
    sky = slice(0, SIZE[1] - STRIP)
    changed = np.argwhere(np.abs(first[sky] - later[sky]).sum(axis=2) > 120)
    height = SIZE[1] - STRIP
    for step in 20, 60:
        row = height - (seen.altitude[step] + 10 / 3 + 0.6) * 32
        column = (seen.x[step] + 10) * 32
        assert np.abs(changed - [row, column]).sum(axis=1).min() < 10


def test_a_video_that_fails_leaves_the_one_before(flights, tmp_path):
    path = tmp_path / "flight.mp4"
    path.write_bytes(b"before")
    with pytest.raises(ValueError, match="zip"):
        write_video(flights, path, names=["only one"])
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]
