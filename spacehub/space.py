"""The app as a Space: its files in one folder, and that folder pushed."""

import re
import shutil
import tempfile
from pathlib import Path

from spacehub import catalogue, publish
from spacehub.errors import SpaceHubError

ROOT = Path(__file__).resolve().parents[1]
# Of the package the app needs these alone; the rest is for building, training and publishing.
MODULES = ("__init__.py", "catalogue.py", "errors.py", "lab", "ports.py", "serving")
ON_TOP = ("app.py", "README.md", "requirements.txt")


def bundle(folder: Path) -> Path:
    """Write what a Space holds into a new or empty `folder`, and return it.

    ``app.py``, ``README.md`` and ``requirements.txt`` lie on top, beside `space_app` and the part of
    `spacehub` that serves. The README names the repositories of our namespace.

    Raises
    ------
    SpaceHubError
        When the folder holds something or cannot be written.
    """
    ignore = shutil.ignore_patterns("__pycache__", *ON_TOP)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise SpaceHubError(f"{folder} is not empty.", "Name a folder that does not exist yet.")
        shutil.copytree(ROOT / "space_app", folder / "space_app", ignore=ignore)
        (folder / "spacehub").mkdir()
        for name in MODULES:
            source, target = ROOT / "spacehub" / name, folder / "spacehub" / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copyfile(source, target)
        for name in ON_TOP:
            shutil.copyfile(ROOT / "space_app" / name, folder / name)
        readme = folder / "README.md"
        readme.write_text(_with_our_repositories(readme.read_text(encoding="utf-8")), encoding="utf-8")
    except OSError as error:
        raise SpaceHubError(
            f"{folder} cannot be written: {error.strerror or error}.", "Name another folder."
        ) from error
    return folder


def push(repo_id: str) -> str:
    """Push the app to the Space `repo_id` as one commit, and return its sha.

    Raises
    ------
    SpaceHubError
        As `publish.push_folder`.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = bundle(Path(scratch) / "space")
        sha = publish.push_folder(folder, repo_id, repo_type="space", message="The app", space_sdk="gradio")
    publish.collect(repo_id)
    return sha


def _with_our_repositories(readme: str) -> str:
    """Name in the front matter the repositories of the namespace that we publish to."""
    models = "".join(f"- {entry.repo_id}\n" for entry in catalogue.MODELS.values())
    datasets = "".join(f"- {entry.repo_id}\n" for entry in catalogue.DATASETS.values())
    readme = re.sub(r"^models:\n(- .*\n)+", f"models:\n{models}", readme, count=1, flags=re.MULTILINE)
    return re.sub(r"^datasets:\n(- .*\n)+", f"datasets:\n{datasets}", readme, count=1, flags=re.MULTILINE)
