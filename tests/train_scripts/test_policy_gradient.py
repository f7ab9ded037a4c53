"""The plain policy gradient: returns by hand, and a few updates of the real script."""

import subprocess
import sys

import numpy as np

from tests.processes import ROOT, clean_environment
from train_scripts import policy_gradient
from train_scripts.policy_gradient import Options, returns


def test_returns_by_hand():
    rewards = np.array([[1.0, 0.0], [2.0, 4.0], [4.0, 0.0]])
    np.testing.assert_allclose(returns(rewards, 0.5), [[3.0, 2.0], [4.0, 4.0], [4.0, 0.0]])


def test_the_script_runs():
    run = subprocess.run(
        [sys.executable, "-m", "train_scripts.policy_gradient", "--updates", "2", "--landers", "2"],
        env=clean_environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("update 0: mean reward -")


def test_it_learns():
    curve = policy_gradient.train(Options(updates=40, landers=8, steps=200))
    assert np.mean(curve[-10:]) > np.mean(curve[:10]) + 20
