"""A dataset's folder, ready to be pushed as one commit: parquet, figures, and ``build.json``.

``build.json`` is all that the card is made of. The card itself is rendered when the folder is published.
"""

import hashlib
import importlib
import json
import logging
import os
import tempfile
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from spacehub import catalogue
from spacehub.data import sources
from spacehub.errors import SpaceHubError
from spacehub.home import ensure, home

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)

SEED = 0


def build_folder(key: str) -> Path:
    """Build the folder of the dataset `key`, or leave it when nothing it is made from has changed.

    Real raw files give the config ``default`` in ``data/``; without them a generated sample gives the
    config ``simulated`` in ``simulated/``. The folder appears whole or not at all.

    Returns
    -------
    Path
        ``home()/artefacts/<key>``, with ``build.json``, ``figures/*.png`` and one parquet file.

    Raises
    ------
    SpaceHubError
        When a raw file is not the pinned one, or the folder cannot be written.
    """
    module = importlib.import_module(f"spacehub.data.{catalogue.DATASETS[key].module}")
    found = sources.find(module.FILES)
    if found is None:
        log.warning("%s: NO REAL DATA could be had; building a SIMULATED sample instead", key)
    folder = home() / "artefacts" / key
    mark = fingerprint(module, found)
    if _mark_of(folder) == mark:
        log.info("%s: %s is up to date", key, folder)
        return folder
    ensure(folder.parent)
    try:
        with tempfile.TemporaryDirectory(prefix=f".{key}-", dir=folder.parent) as scratch:
            fresh = Path(scratch) / "new"
            _write(fresh, key, module, found, mark)
            if folder.exists():
                os.replace(folder, Path(scratch) / "old")
            os.replace(fresh, folder)
    except OSError as error:
        raise SpaceHubError(
            f"{folder} cannot be written: {error.strerror or error}.",
            "Free some space, or choose another folder with SPACEHUB_HOME.",
        ) from error
    log.info("%s: wrote %s", key, folder)
    return folder


def fingerprint(module: ModuleType, found: sources.Sources | None) -> str:
    """Return a digest of all that decides a dataset's content: source checksums and building code."""
    digest = hashlib.sha256()
    for file in [*sorted(Path(module.__file__).parent.glob("*.py")), Path(__file__)]:
        digest.update(file.read_bytes())
    pinned = [entry.file.sha256 for entry in found.found] if found else ["simulated", SEED]
    digest.update(json.dumps([module.VERSION, pinned]).encode())
    return digest.hexdigest()


def _mark_of(folder: Path) -> str | None:
    try:
        built = json.loads((folder / "build.json").read_text(encoding="utf-8"))
        return built["fingerprint"] if (folder / built["data_file"]).is_file() else None
    except (OSError, ValueError, KeyError):
        return None


def _write(folder: Path, key: str, module: ModuleType, found: sources.Sources | None, mark: str) -> None:
    simulated = found is None
    table, report = module.simulate(SEED) if simulated else module.build(found)
    config, place = ("simulated", "simulated") if simulated else ("default", "data")
    data_file = f"{place}/train-00000-of-00001.parquet"
    (folder / place).mkdir(parents=True)
    (folder / "figures").mkdir()
    card_data = _write_parquet(table, module, folder / data_file, config, place)
    module.draw(table, folder / "figures", note=" (simulated)" if simulated else "")
    built = {
        "key": key,
        "config": config,
        "simulated": simulated,
        "seed": SEED if simulated else None,
        "builder_version": module.VERSION,
        "fingerprint": mark,
        "sources": found.provenance() if found else [],
        "data_file": data_file,
        "card_data": card_data,
        **report,
    }
    text = json.dumps(built, indent=1, ensure_ascii=False)
    (folder / "build.json").write_text(text + "\n", encoding="utf-8")


def _write_parquet(table: "pd.DataFrame", module: ModuleType, path: Path, config: str, place: str) -> dict:
    """Write the table as typed parquet; return ``dataset_info`` and ``configs`` as the Hub's card has them."""
    from datasets import (
        Dataset,
        DatasetInfo,
        SplitDict,
        SplitInfo,
        are_progress_bars_disabled,
        disable_progress_bars,
        enable_progress_bars,
    )
    from datasets.info import DatasetInfosDict
    from datasets.utils.metadata import MetadataConfigs
    from huggingface_hub import DatasetCardData

    dataset = Dataset.from_pandas(table, features=module.features(), preserve_index=False)
    hidden = are_progress_bars_disabled()
    disable_progress_bars()
    try:
        size = dataset.to_parquet(path)
    finally:
        if not hidden:
            enable_progress_bars()
    info = DatasetInfo(
        features=dataset.features,
        splits=SplitDict({"train": SplitInfo(name="train", num_bytes=size, num_examples=len(dataset))}),
        download_size=path.stat().st_size,
        dataset_size=size,
        config_name=config,
    )
    card_data = DatasetCardData()
    DatasetInfosDict({config: info}).to_dataset_card_data(card_data)
    splits = [{"split": "train", "path": f"{place}/train-*.parquet"}]
    MetadataConfigs({config: {"data_files": splits}}).to_dataset_card_data(card_data)
    return card_data.to_dict()
