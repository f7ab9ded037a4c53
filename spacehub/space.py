"""Bundle the app as a Space: write its files to a folder, and push the folder."""

import fnmatch
import shutil
import tempfile
from pathlib import Path
from typing import Any

import yaml

from spacehub import catalogue, parts, publish
from spacehub.errors import SpaceHubError
from spacehub.parts import PACKAGE, PARTS

ROOT = PARTS
# The app needs only these parts of the package; the rest is for building, training and publishing.
MODULES = (
    "__init__.py",
    "catalogue.py",
    "collector.py",
    "errors.py",
    "home.py",
    "lab",
    "ports.py",
    "serving",
)
ON_TOP = ("app.py", "README.md", "requirements.txt", "thumbnail.png")
ZERO_GPU = "zero-a10g"
ZERO_GPU_PYTHON = "3.12.12"  # https://huggingface.co/docs/hub/spaces-zerogpu
DOCKER_PORT = 7860
DOCKERFILE = "Dockerfile"
STATIC = "static_space"  # folder in space_app that only a static Space needs


def bundle(folder: Path, facts: dict[str, Any] | None = None, *, sdk: str = "gradio") -> Path:
    """Write the files of a Space to a new or empty `folder`, and return the folder.

    ``app.py``, ``README.md`` and ``requirements.txt`` are at the top level, next to `space_app` and the modules of
    `spacehub` that the app needs. In a Docker Space, ``app.py`` and ``requirements.txt`` stay in `space_app`, where the
    ``Dockerfile`` reads them. A static Space contains a page that needs neither package (see `space_app.static_space`).

    Parameters
    ----------
    facts : dict, optional
        Front matter to add to the README or to replace. The front matter always names our repositories.
    sdk : str
        "gradio", "docker" or "static".

    Raises
    ------
    SpaceHubError
        If the folder is not empty or not writable, the Dockerfile is missing, or a model for a static Space
        is not published.
    """
    docker = sdk == "docker"
    if docker and not (ROOT / DOCKERFILE).is_file():
        raise SpaceHubError(
            "This installation does not include a Dockerfile.", "Run the command in a checkout of SpaceHub."
        )
    ignore = shutil.ignore_patterns("__pycache__", STATIC, *(() if docker else ON_TOP))
    on_top = ("README.md", "thumbnail.png") if docker else ON_TOP
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise SpaceHubError(f"{folder} is not empty.", "Choose a new or empty folder.")
        if sdk == "static":
            return _static_bundle(folder, facts or {})
        shutil.copytree(ROOT / "space_app", folder / "space_app", ignore=ignore)
        (folder / "spacehub").mkdir()
        for name in MODULES:
            source, target = PACKAGE / name, folder / "spacehub" / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copyfile(source, target)
        for name in on_top:
            shutil.copyfile(ROOT / "space_app" / name, folder / name)
        if docker:
            shutil.copyfile(ROOT / DOCKERFILE, folder / DOCKERFILE)
            shutil.copytree(ROOT / ".docker", folder / ".docker", ignore=ignore)
            facts = {"sdk": "docker", "app_port": DOCKER_PORT, **(facts or {})}
        readme = folder / "README.md"
        readme.write_text(_with_facts(readme.read_text(encoding="utf-8"), facts or {}), encoding="utf-8")
    except OSError as error:
        raise SpaceHubError(
            f"Cannot write to {folder}: {error.strerror or error}.", "Choose another folder."
        ) from error
    return folder


def push(repo_id: str, facts: dict[str, Any] | None = None, *, sdk: str = "gradio") -> str:
    """Push the app to the Space `repo_id` as one commit, and return the SHA of the commit.

    `bundle` describes `facts` and `sdk`.

    Raises
    ------
    SpaceHubError
        If the Space cannot be bundled, or the Hub cannot be reached or rejects the commit.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = bundle(Path(scratch) / "space", facts, sdk=sdk)
        sha = publish.push_folder(folder, repo_id, repo_type="space", message="The app", space_sdk=sdk)
    publish.collect(repo_id)
    return sha


def facts(repo_id: str, *, hardware: str | None = None) -> dict[str, Any]:
    """Return the front matter that depends on the Hub: pinned models to preload, hardware and thumbnail.

    ``preload_from_hub`` accepts only models (https://github.com/huggingface/hub-docs/issues/1536); the app
    downloads the datasets when it starts.
    """
    from huggingface_hub import HfApi, constants
    from huggingface_hub.errors import RepositoryNotFoundError

    served_files = parts.app("page").SERVED
    preload, api = [], HfApi()
    for key, model in catalogue.MODELS.items():
        served = served_files.get(key)
        wanted = ["results.json", *(served.files if served else ())]
        try:
            info = api.model_info(model.repo_id)
        except RepositoryNotFoundError:
            continue
        names = sorted(sibling.rfilename for sibling in info.siblings)
        files = [name for name in names if any(fnmatch.fnmatch(name, pattern) for pattern in wanted)]
        preload.append(f"{model.repo_id} {','.join(files)} {info.sha}")
    front_matter: dict[str, Any] = {
        "suggested_hardware": hardware or "cpu-basic",
        "thumbnail": f"{constants.ENDPOINT}/spaces/{repo_id}/resolve/main/thumbnail.png",
    }
    if preload:
        front_matter["preload_from_hub"] = preload
    if hardware == ZERO_GPU:
        front_matter["python_version"] = ZERO_GPU_PYTHON
    return front_matter


def _static_bundle(folder: Path, facts: dict[str, Any]) -> Path:
    read = parts.app("static_space.build").write(folder)
    shutil.copyfile(ROOT / "space_app" / "thumbnail.png", folder / "thumbnail.png")
    readme = (ROOT / "space_app" / STATIC / "README.md").read_text(encoding="utf-8")
    (folder / "README.md").write_text(_with_facts(readme, read | facts), encoding="utf-8")
    return folder


def _with_facts(readme: str, facts: dict[str, Any]) -> str:
    """Return the README with `facts` and the names of our repositories in its front matter."""
    _, front, text = readme.split("---\n", 2)
    ours = {
        "models": [entry.repo_id for entry in catalogue.MODELS.values()],
        "datasets": [entry.repo_id for entry in catalogue.DATASETS.values()],
    }
    known = yaml.safe_load(front) | ours | facts
    if known["sdk"] != "gradio":
        for name in ("sdk_version", "python_version", "app_file", "preload_from_hub"):
            known.pop(name, None)
    front = yaml.safe_dump(known, sort_keys=False, allow_unicode=True, width=10_000)
    return f"---\n{front}---\n{text}"
