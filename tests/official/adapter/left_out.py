"""A pytest plugin for the suites' processes: it leaves out what exclusions.toml names."""

import fnmatch
import os
import tomllib
from pathlib import Path


def pytest_collection_modifyitems(config, items):
    """Leave those tests out, or, to see whether the list is stale, leave out the rest."""
    patterns = [
        pattern.replace("[", "[[]")
        for group in tomllib.loads(Path(os.environ["OFFICIAL_EXCLUSIONS"]).read_text())["group"]
        for pattern in group["tests"]
    ]
    only_excluded = bool(os.environ.get("OFFICIAL_ONLY_EXCLUDED"))
    kept, left_out = [], []
    for item in items:
        name = item.nodeid.removeprefix("tests/")
        excluded = any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
        (kept if excluded is only_excluded else left_out).append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = kept


def pytest_ignore_collect(collection_path, config):
    """Whole files among them are not even imported."""
    groups = tomllib.loads(Path(os.environ["OFFICIAL_EXCLUSIONS"]).read_text())["group"]
    return True if any(collection_path.name in group["tests"] for group in groups) else None
