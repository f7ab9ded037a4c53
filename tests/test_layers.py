"""Imports go in one direction (docs/architecture.md): a module imports only from its own floor and from those below."""

import ast
import sys
from pathlib import Path

import pytest

from spacehub import parts
from spacehub.errors import SpaceHubError
from spacehub.space import MODULES
from tests.processes import ROOT

# Each floor may import from itself and from those before it.
FLOORS = [
    [
        "spacehub.errors",
        "spacehub.browser",
        "spacehub.collector",
        "spacehub.endpoint",
        "spacehub.folders",
        "spacehub.home",
        "spacehub.ports",
        "spacehub.network",
        "spacehub.localhub",
    ],
    ["spacehub.parts", "spacehub.progress", "spacehub.catalogue", "spacehub.serving"],
    ["spacehub.lab", "spacehub.data"],
    [
        "spacehub.models",
        "spacehub.cards",
        "spacehub.publish",
        "spacehub.verify",
        "spacehub.mission",
        "spacehub.challenge",
        "spacehub.course",
    ],
    ["space_app"],
    ["spacehub", "train_scripts"],  # the commands and the scripts
]


def floor(module: str) -> int:
    """Return the floor of a module: that of its longest known prefix."""
    names = {name: place for place, floor in enumerate(FLOORS) for name in floor}
    parts = module.split(".")
    return next(names[name] for end in range(len(parts), 0, -1) if (name := ".".join(parts[:end])) in names)


def imported(path: Path) -> set[str]:
    """Return our modules that a file imports, also inside its functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] in ("spacehub", "space_app", "train_scripts")}


FILES = [path for part in ("spacehub", "space_app") for path in sorted((ROOT / part).rglob("*.py"))]


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_no_import_goes_up():
    up = [
        f"{name_of(path)} imports {name}"
        for path in FILES
        for name in imported(path)
        if floor(name) > floor(name_of(path))
    ]
    assert up == []


def test_the_package_reaches_the_app_in_one_place():
    reaching = [
        name_of(path)
        for path in FILES
        if path.is_relative_to(ROOT / "spacehub")
        and any(name.startswith("space_app") for name in imported(path))
    ]
    assert reaching == []


def test_a_space_and_the_image_contain_what_the_app_imports():
    """The Dockerfile imports each module once, to compile it; what only some functions need may be missing there."""
    parts_of_a_space = {"spacehub." + Path(name).stem for name in MODULES} | {"spacehub.__init__"}
    missing = []
    for path in FILES:
        name = name_of(path)
        if not name.startswith("space_app") and ".".join(name.split(".")[:2]) not in parts_of_a_space:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in (one for one in tree.body if isinstance(one, ast.ImportFrom) and one.module):
            first, *rest = node.module.split(".")
            used = [f"spacehub.{rest[0]}"] if rest else [f"spacehub.{alias.name}" for alias in node.names]
            if first == "spacehub":
                missing += [f"{name} imports {module}" for module in used if module not in parts_of_a_space]
    assert missing == []


def test_a_command_says_which_requirement_of_the_app_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "gradio_client", None)
    monkeypatch.delitem(sys.modules, "space_app.known_answers", raising=False)
    with pytest.raises(SpaceHubError, match=r"needs the gradio_client package.*spacehub\[app\]"):
        parts.app("known_answers")
