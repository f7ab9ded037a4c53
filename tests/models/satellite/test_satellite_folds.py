"""Cross-validation: who judges whom, what is kept, and that nothing trains on when the command was killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil

from spacehub.models.satellite import folds
from spacehub.models.satellite.pictures import Pictures
from spacehub.models.satellite.recipes import Recipe
from tests.processes import ROOT

QUICK = {"architecture": "two-convolutions", "weights": "scratch", "size": 16, "batch": 8, "mixup": 0.0}


def pictures(count: int = 60) -> Pictures:
    """Red ones and blue ones, in five folds."""
    rng = np.random.default_rng(0)
    labels = rng.permutation(np.arange(count) % 2)
    pixels = rng.integers(0, 40, (count, 3, 16, 16), np.uint8)
    pixels[np.arange(count), 2 * labels] += 180
    return Pictures(
        pixels=pixels,
        labels=labels,
        folds=(np.arange(count) % 5).astype(np.int8),
        splits=np.full(count, "train"),
        files=np.arange(count).astype(str),
        digests=np.arange(count).astype(str),
        sides=np.full(count, 16),
        names=["red", "blue"],
        metres_a_pixel=10.0,
        side=16,
        example="",
        id="",
        commit="",
        config="simulated",
    )


def test_every_picture_is_judged_by_a_network_that_never_saw_it_and_once(tmp_path):
    shown, answer = pictures(), []
    recipe = Recipe(**QUICK, epochs=3, learning_rate=0.02)

    def judge(report=lambda done, total: None):
        return folds.judge(shown, recipe, range(2), seed=0, folder=tmp_path, jobs=1, report=report)

    rows, logits, averaged = judge(lambda done, total: answer.append((done, total)))
    assert sorted(rows) == np.flatnonzero(shown.folds < 2).tolist()
    assert answer[0] == (0, 6)
    assert answer[-1] == (6, 6)
    for said in (logits, averaged):
        assert (said.argmax(axis=1) == shown.labels[rows]).all()
    np.testing.assert_allclose(np.exp(averaged).sum(axis=1), 1, rtol=1e-5)
    # What was kept is taken as it is, and only what is missing is trained again, to the same.
    before = (tmp_path / "fold-0.npz").stat().st_mtime_ns
    (tmp_path / "fold-1.npz").unlink()
    again = judge()
    assert (tmp_path / "fold-0.npz").stat().st_mtime_ns == before
    assert all(np.array_equal(one, other) for one, other in zip(again, (rows, logits, averaged), strict=True))


ENDLESS = """
from pathlib import Path
from spacehub.models.satellite import folds
from spacehub.models.satellite.recipes import Recipe
from tests.models.satellite.test_satellite_folds import QUICK, pictures
if __name__ == "__main__":
    folds.judge(pictures(), Recipe(**QUICK, epochs=10**6), range(1), seed=0, folder=Path({folder!r}), jobs=1,
                report=lambda done, total: None)
"""


def test_no_fold_trains_on_when_the_command_was_killed(tmp_path):
    script = tmp_path / "endless.py"
    script.write_text(ENDLESS.format(folder=str(tmp_path)), encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    running = subprocess.Popen([sys.executable, str(script)], env=environment, cwd=ROOT)
    checkpoint, deadline = Path(tmp_path / "fold-0.pt"), time.monotonic() + 90
    while not checkpoint.exists():
        assert running.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    workers = psutil.Process(running.pid).children(recursive=True)
    assert workers
    running.send_signal(signal.SIGKILL)
    running.wait()
    _, alive = psutil.wait_procs(workers, timeout=60)
    for process in alive:
        process.kill()
    assert not alive
