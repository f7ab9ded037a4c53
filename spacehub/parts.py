"""Locate the app, the training scripts and the card templates.

In a checkout they are next to this package. In a wheel they are inside it, so that the wheel installs
only one top-level package.
"""

import os
import sys
from pathlib import Path

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
