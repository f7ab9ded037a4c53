"""The tracker of a training run: trackio's, stored on this machine, or one that does nothing."""

import os
from typing import Protocol

from spacehub.home import home


class Tracker(Protocol):
    """The interface of a tracker, which receives the curves of a training run."""

    def log(self, metrics: dict, *, step: int) -> None:
        """Record values at a step."""

    def finish(self) -> None:
        """Write the remaining values."""


class Silent:
    """A tracker that does nothing, so that no loop has to check whether it is tracked."""

    def log(self, metrics: dict, *, step: int) -> None:
        """Do nothing."""

    def finish(self) -> None:
        """Do nothing."""


class Trackio:
    """A run of trackio, in ``trackio/`` under SPACEHUB_HOME; `trackio show` reads it if TRACKIO_DIR names that folder.

    A run with the same name continues where it ended.
    """

    def __init__(self, *, project: str, name: str, config: dict):
        # trackio reads this when it is first imported.
        os.environ.setdefault("TRACKIO_DIR", str(home() / "trackio"))
        import trackio

        self._run = trackio.init(
            project=project,
            name=name,
            config=config,
            resume="allow",
            embed=False,
            auto_log_cpu=False,
            auto_log_gpu=False,
        )

    def log(self, metrics: dict, *, step: int) -> None:
        """Record values at a step."""
        self._run.log({key: value for key, value in metrics.items() if value is not None}, step=step)

    def finish(self) -> None:
        """Write the remaining values."""
        self._run.finish()


def tracker(*, on: bool, project: str, name: str, config: dict) -> Tracker:
    """Return trackio's tracker if `on`, otherwise the silent one."""
    return Trackio(project=project, name=name, config=config) if on else Silent()
