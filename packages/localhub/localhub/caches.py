"""Move the clients' folders (caches, stored tokens) into a separate folder while an embedded Hub runs in this process.

A cache identifies a repo only by its name. In the usual cache, a test's ``spacehub/demo`` would remain after
its Hub has stopped. A client of another Hub would then read this copy instead of that Hub's ``spacehub/demo``.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

CLIENTS = ("huggingface_hub", "datasets", "transformers")

# The default value of each environment variable, relative to another variable.
_VARIABLES = {
    "HF_HUB_CACHE": "HUGGINGFACE_HUB_CACHE",
    "HUGGINGFACE_HUB_CACHE": "HF_HOME/hub",
    "HF_ASSETS_CACHE": "HUGGINGFACE_ASSETS_CACHE",
    "HUGGINGFACE_ASSETS_CACHE": "HF_HOME/assets",
    "HF_XET_CACHE": "HF_HOME/xet",
    "HF_TOKEN_PATH": "HF_HOME/token",
    "HF_MODULES_CACHE": "HF_HOME/modules",
    "HF_DATASETS_CACHE": "HF_HOME/datasets",
    "HF_DATASETS_DOWNLOADED_DATASETS_PATH": "HF_DATASETS_CACHE/downloads",
    "HF_DATASETS_EXTRACTED_DATASETS_PATH": "HF_DATASETS_CACHE/downloads/extracted",
}

# The default values of constants in the clients' modules that have no variable of the same name.
_CONSTANTS = {
    "HF_CACHE_HOME": "HF_HOME",
    "HF_STORED_TOKENS_PATH": "HF_TOKEN_PATH/../stored_tokens",
    "AGENT_HARNESSES_PATH": "HF_HOME/.agent_harnesses.json",
    "CHECK_FOR_UPDATE_DONE_PATH": "HF_HOME/.check_for_update_done",
    "CHECK_FOR_SKILL_UPDATE_DONE_PATH": "HF_HOME/.check_for_skill_update_done",
    "DEFAULT_HF_CACHE_HOME": "HF_HOME",
    "DEFAULT_HF_DATASETS_CACHE": "HF_HOME/datasets",
    "DEFAULT_HF_MODULES_CACHE": "HF_HOME/modules",
    "DEFAULT_DOWNLOADED_DATASETS_PATH": "HF_DATASETS_CACHE/downloads",
    "DEFAULT_EXTRACTED_DATASETS_PATH": "HF_DATASETS_CACHE/downloads/extracted",
    "DOWNLOADED_DATASETS_PATH": "HF_DATASETS_DOWNLOADED_DATASETS_PATH",
    "EXTRACTED_DATASETS_PATH": "HF_DATASETS_EXTRACTED_DATASETS_PATH",
}
_PLACES = {"HF_HOME": "", **_VARIABLES, **_CONSTANTS}


def variables(home: Path) -> dict[str, str]:
    """Return environment variables that make a client store all its files below `home`."""
    moved = {"HF_HOME": str(home)}
    return moved | {name: str(_place(name, moved)) for name in _VARIABLES}


def move_to(home: Path) -> Callable[[], None]:
    """Make the clients that are already imported store all their files below `home`.

    Returns
    -------
    callable
        Restores everything, including modules that were first imported in the meantime. Call it after you
        restore the environment.
    """
    before = {(module.__name__, name): value for module, name, value in _constants()}
    moved = {"HF_HOME": str(home)}
    for module, name, value in _constants():
        setattr(module, name, type(value)(_place(name, moved)))

    def restore() -> None:
        for module, name, value in _constants():
            if Path(value).is_relative_to(home):
                old = before.get((module.__name__, name)) or type(value)(_place(name, os.environ))
                setattr(module, name, old)
        sys.path[:] = [entry for entry in sys.path if not Path(entry).is_relative_to(home)]

    return restore


def _constants() -> Iterator[tuple[Any, str, str | Path]]:
    for module_name, module in sys.modules.copy().items():
        if module is not None and module_name.partition(".")[0] in CLIENTS:
            for name in _PLACES.keys() & vars(module).keys():
                yield module, name, getattr(module, name)


def _place(name: str, environment: Mapping[str, str]) -> Path:
    """Return the folder that the clients use with these environment variables."""
    if name in environment:
        return Path(environment[name]).expanduser()
    if name == "HF_HOME":
        return Path(environment.get("XDG_CACHE_HOME", "~/.cache"), "huggingface").expanduser()
    parent, _, below = _PLACES[name].partition("/")
    return Path(os.path.normpath(_place(parent, environment) / below))
