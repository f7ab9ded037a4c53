"""Build a dataset's folder, ready to be pushed as one commit: parquet, figures, and ``build.json``.

The card is rendered only from ``build.json``, when the folder is published.

A dataset's module in `spacehub.data` defines

- ``FILES``: the raw files of each config, the preferred config first (``{"default": (...)}``;
  ``{"full": (...), "sample": (...)}`` if an extract may have to replace the whole);
- ``VERSION``: increased when the builder's output changes without a change of its code;
- ``build(sources, config)`` and ``simulate(seed)``: a table (then the one split is ``train``) or a dict of tables by
  split, each a pandas DataFrame, and a report, ready for JSON;
- ``features()``: the types of the columns, as `datasets` features;
- ``draw(tables, folder, *, note)``: the figures;
- ``add_files(tables, folder)``, if the repository needs more files than parquet;
- ``SHARED``: other packages of `spacehub` that it uses to build, if any.
"""

import ast
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
from spacehub.data import columns, sources
from spacehub.errors import SpaceHubError
from spacehub.home import ensure, home

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)

SEED = 0


def build_folder(key: str) -> Path:
    """Build the folder of the dataset `key`, unless nothing that it is built from has changed.

    Real raw files give the config that the module names, in a folder of that name (``data/`` for
    ``default``). Without them, a generated sample gives the config ``simulated``. The folder appears
    completely or not at all.

    Returns
    -------
    Path
        ``home()/artefacts/<key>``, with ``build.json``, ``figures/*.png`` and one parquet file per split.

    Raises
    ------
    SpaceHubError
        If a raw file is not the pinned file, or the folder cannot be written.
    """
    module = importlib.import_module(f"spacehub.data.{catalogue.DATASETS[key].module}")
    config, raw_files = _find(module)
    if raw_files is None:
        log.warning("%s: the real data is NOT AVAILABLE; building a SIMULATED sample instead", key)
    folder = home() / "artefacts" / key
    mark = fingerprint(module, raw_files)
    if _mark_of(folder) == mark:
        log.info("%s: %s is up to date", key, folder)
        return folder
    ensure(folder.parent)
    try:
        with tempfile.TemporaryDirectory(prefix=f".{key}-", dir=folder.parent) as scratch:
            fresh = Path(scratch) / "new"
            _write(fresh, key, module, config, raw_files, mark)
            if folder.exists():
                os.replace(folder, Path(scratch) / "old")
            os.replace(fresh, folder)
    except OSError as error:
        raise SpaceHubError(
            f"Cannot write to {folder}: {error.strerror or error}.",
            "Free some space, or choose another folder with SPACEHUB_HOME.",
        ) from error
    log.info("%s: wrote %s", key, folder)
    return folder


def _find(module: ModuleType) -> tuple[str, sources.Sources | None]:
    """Return the best config whose raw files are available, with these files; ``simulated`` if none is."""
    for config, names in module.FILES.items():
        raw_files = sources.find(names)
        if raw_files is not None:
            if config != next(iter(module.FILES)):
                log.warning(
                    "using %s (config %r), because the preferred files are not available",
                    ", ".join(names),
                    config,
                )
            return config, raw_files
    return "simulated", None


def fingerprint(module: ModuleType, found: sources.Sources | None) -> str:
    """Return a digest of everything that determines a dataset's content: source checksums and building code."""
    digest = hashlib.sha256()
    packages = [Path(package.__file__).parent for package in (module, *getattr(module, "SHARED", ()))]
    code = [file for package in packages for file in sorted(package.glob("*.py"))]
    for file in (*code, Path(columns.__file__), Path(__file__)):
        digest.update(_without_prose(file.read_text(encoding="utf-8")).encode())
    pinned = [entry.file.checksum for entry in found.found] if found else ["simulated", SEED]
    digest.update(json.dumps([module.VERSION, pinned]).encode())
    return digest.hexdigest()


def _without_prose(code: str) -> str:
    """Return Python code without comments, docstrings and layout, so that rewording them rebuilds nothing."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        documented = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if documented and ast.get_docstring(node, clean=False) is not None:
            node.body[0] = ast.Pass()
    return ast.unparse(tree)


def _mark_of(folder: Path) -> str | None:
    try:
        built = json.loads((folder / "build.json").read_text(encoding="utf-8"))
        whole = all((folder / name).is_file() for name in built["data_files"])
        return built["fingerprint"] if whole else None
    except (OSError, ValueError, KeyError):
        return None


def _write(
    folder: Path, key: str, module: ModuleType, config: str, found: sources.Sources | None, mark: str
) -> None:
    simulated = found is None
    built_tables, report = module.simulate(SEED) if simulated else module.build(found, config)
    tables = built_tables if isinstance(built_tables, dict) else {"train": built_tables}
    place = "data" if config == "default" else config
    data_files = {split: f"{place}/{split}-00000-of-00001.parquet" for split in tables}
    (folder / place).mkdir(parents=True)
    (folder / "figures").mkdir()
    card_data = _write_parquet(tables, module, folder, config, data_files)
    module.draw(built_tables, folder / "figures", note=" (simulated)" if simulated else "")
    if hasattr(module, "add_files"):
        module.add_files(built_tables, folder)
    built = {
        "key": key,
        "config": config,
        "simulated": simulated,
        "seed": SEED if simulated else None,
        "builder_version": module.VERSION,
        "fingerprint": mark,
        "sources": found.provenance() if found else [],
        "data_files": list(data_files.values()),
        "card_data": card_data,
        **report,
    }
    text = json.dumps(built, indent=1, ensure_ascii=False)
    (folder / "build.json").write_text(text + "\n", encoding="utf-8")


def _write_parquet(
    tables: "dict[str, pd.DataFrame]",
    module: ModuleType,
    folder: Path,
    config: str,
    data_files: dict[str, str],
) -> dict:
    """Write each table as typed parquet; return ``dataset_info`` and ``configs`` as the Hub's card has them."""
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

    features, splits, download_size = module.features(), SplitDict(), 0
    hidden = are_progress_bars_disabled()
    disable_progress_bars()
    try:
        for split, table in tables.items():
            dataset = Dataset.from_pandas(table, features=features, preserve_index=False)
            size = dataset.to_parquet(folder / data_files[split])
            splits.add(SplitInfo(name=split, num_bytes=size, num_examples=len(dataset)))
            download_size += (folder / data_files[split]).stat().st_size
    finally:
        if not hidden:
            enable_progress_bars()
    info = DatasetInfo(
        features=features,
        splits=splits,
        download_size=download_size,
        dataset_size=sum(split.num_bytes for split in splits.values()),
        config_name=config,
    )
    card_data = DatasetCardData()
    DatasetInfosDict({config: info}).to_dataset_card_data(card_data)
    listed = [{"split": split, "path": name} for split, name in data_files.items()]
    MetadataConfigs({config: {"data_files": listed}}).to_dataset_card_data(card_data)
    return card_data.to_dict()
