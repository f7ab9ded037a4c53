"""The tracker of a training run: trackio's, kept on this machine, or one that does nothing."""

import os
from typing import Protocol

from spacehub.home import home


class Tracker(Protocol):
    """Takes curves."""

    def log(self, metrics: dict, *, step: int) -> None:
        """Note values at a step."""

    def finish(self) -> None:
        """Write what is left."""


class Silent:
    """Tracks nothing, so that no loop asks whether it is tracked."""

    def log(self, metrics: dict, *, step: int) -> None:
        """Do nothing."""

    def finish(self) -> None:
        """Do nothing."""


class Trackio:
    """A run of trackio, in ``trackio/`` under SPACEHUB_HOME; `trackio show` reads it when TRACKIO_DIR names that.

    A run of the same name goes on where it ended.
    """

    def __init__(self, *, project: str, name: str, config: dict):
        # Read by trackio when it is first imported.
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
        """Note values at a step."""
        self._run.log({key: value for key, value in metrics.items() if value is not None}, step=step)

    def finish(self) -> None:
        """Write what is left."""
        self._run.finish()


def tracker(*, on: bool, project: str, name: str, config: dict) -> Tracker:
    """Return trackio's tracker when `on`, else the silent one."""
    return Trackio(project=project, name=name, config=config) if on else Silent()
