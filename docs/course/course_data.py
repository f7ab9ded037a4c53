"""The course's datasets, built in this process from their raw files, or simulated if the raw files are missing."""

import atexit
import importlib
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from spacehub import catalogue
from spacehub.data import sources
from spacehub.data.folder import SEED

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Data:
    """A dataset.

    Parameters
    ----------
    table : DataFrame
        Its rows.
    report : dict
        The counts from the build, which are the numbers on its card.
    folder : Path
        Folder with the dataset's files that the app reads, for the functions of `spacehub.lab`.
    simulated : bool
        Whether the data is simulated instead of measured.
    """

    table: "pd.DataFrame"
    report: dict
    folder: Path
    simulated: bool

    @property
    def label(self) -> str:
        """The suffix for a figure's title: `` (simulated)``, or an empty string."""
        return " (simulated)" if self.simulated else ""


@cache
def dataset(key: str, *, simulate: bool = False) -> Data:
    """Build a dataset of one table with the same code as the published dataset."""
    module = importlib.import_module(f"spacehub.data.{catalogue.DATASETS[key].module}")
    config, found = ("simulated", None) if simulate else raw_files(key)
    table, report = module.build(found, config) if found else module.simulate(SEED)
    folder = Path(tempfile.mkdtemp(prefix="spacehub-course-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    module.add_files(table, folder)
    return Data(table=table, report=report, folder=folder, simulated=found is None)


def picture(name: str) -> tuple["np.ndarray", str]:
    """Return an image of the dataset space-images in RGB, uint8 [h, w, 3], and `` (simulated)`` if it is simulated.

    An image that is not on this machine is simulated.
    """
    import numpy as np
    from PIL import Image

    for simulate in (False, True):
        data = dataset("space-images", simulate=simulate)
        for file in (data.folder / "pictures").glob(f"*{name}.[jp][pn]g"):
            with Image.open(file) as opened:
                return np.array(opened.convert("RGB")), data.label
    raise LookupError(name)


def raw_files(key: str) -> tuple[str, sources.Sources | None]:
    """Return the best config of a dataset with raw files on this machine, and its files; None if no config has files."""
    module = importlib.import_module(f"spacehub.data.{catalogue.DATASETS[key].module}")
    for config, names in module.FILES.items():
        found = sources.find(names)
        if found is not None:
            return config, found
    return "simulated", None
