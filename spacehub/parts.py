"""Locate the app, the training scripts and the card templates.

In a checkout they are next to this package. In a wheel they are inside it, so that the wheel installs
only one top-level package.
"""

import importlib
import os
import sys
from pathlib import Path
from types import ModuleType

from spacehub.errors import SpaceHubError

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent
SHIPPED = PACKAGE / "shipped"
PARTS = SHIPPED if SHIPPED.is_dir() else CHECKOUT


def make_importable() -> None:
    """Let this process and its child processes import ``space_app`` and ``train_scripts``."""
    if PARTS == SHIPPED and str(SHIPPED) not in sys.path:
        sys.path.append(str(SHIPPED))
        paths = [*filter(None, [os.environ.get("PYTHONPATH")]), str(SHIPPED)]
        os.environ["PYTHONPATH"] = os.pathsep.join(paths)


def app(module: str) -> ModuleType:
    """Return a module of the app, such as ``page`` for ``space_app.page``.

    The app is built on this package, so nothing here imports the app, except the commands that deploy it or
    load models as it does. These commands import it only when they run, so the command line works without the
    app's requirements.

    Raises
    ------
    SpaceHubError
        If one of its requirements is not installed.
    """
    make_importable()
    try:
        return importlib.import_module(f"space_app.{module}")
    except ModuleNotFoundError as error:
        raise SpaceHubError(
            f"This command needs the {error.name} package, which is not installed.",
            'To install the requirements of the app, run: pip install "spacehub[app]"',
        ) from error
