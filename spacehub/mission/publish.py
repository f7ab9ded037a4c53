"""Fit a mission's pipeline, measure it on the test rows, and publish model, results and card as one commit."""

import importlib.util
import json
import re
import tempfile
from pathlib import Path
from types import ModuleType

import jinja2
import numpy as np

from spacehub import cards, endpoint, folders
from spacehub.errors import SpaceHubError
from spacehub.mission import measure
from spacehub.mission.spec import KINDS, PREFIX, Spec, read
from spacehub.models import onnx_export, provenance
from spacehub.publish import push_folder

TEMPLATE = Path(__file__).with_name("template")
LIBRARIES = ["scikit-learn", "skl2onnx", "onnxruntime", "numpy", "pandas"]
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ACCOUNT = re.compile(r"[A-Za-z0-9][\w.-]{0,40}")


def new(folder: Path) -> None:
    """Write the template of a mission into a new folder.

    Raises
    ------
    SpaceHubError
        If the folder exists or cannot be written, or its name is not valid for a repository.
    """
    _require_name(folder)
    folders.create(folder, {name: (TEMPLATE / name).read_bytes() for name in ("mission.toml", "model.py")})


def publish(folder: Path, account: str) -> tuple[str, str]:
    """Publish the mission in `folder` as ``account/mission-<folder's name>``; return the repository and the commit.

    This runs the folder's ``model.py``.

    Raises
    ------
    SpaceHubError
        If the mission is not complete, its data is not available, its code fails, or the Hub refuses.
    """
    name = _require_name(folder)
    if not _ACCOUNT.fullmatch(account):
        raise SpaceHubError(f"{account!r} is not a valid account name.", "Use letters, digits and hyphens.")
    spec = read(folder)
    endpoint.require_reachable()
    endpoint.require_token(account)
    commit = endpoint.published_commit(spec.dataset, repo_type="dataset")
    if commit is None:
        raise SpaceHubError(
            f"The Hub has no dataset named {spec.dataset}.",
            "Publish the dataset, or name another dataset in mission.toml.",
        )
    train, test = measure.split(spec, table_of(spec, commit))
    model = _fitted(folder, spec, train)
    repo_id = f"{account}/{PREFIX}{name}"
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch)
        (fresh / "onnx").mkdir()
        path = fresh / "onnx" / "model.onnx"
        onnx_export.export(model, test.features, path)
        found = measure.predictions(spec, path, test.features)
        known = (
            model.predict_proba(test.features)[:, 1]
            if spec.kind == KINDS[0]
            else model.predict(test.features)
        )
        if not np.allclose(found, known, rtol=1e-3, atol=1e-3):
            raise SpaceHubError(
                f"The predictions of the exported model differ from those of the pipeline by up to {np.abs(found - known).max():.3g}.",
                "Use a simpler pipeline, for example one without a scaler before the trees.",
            )
        results = {
            "mission": spec.as_json(),
            "commit": commit,
            "train": len(train.target),
            "test": len(test.target),
            "metrics": measure.scores(spec, train, test, found),
            "versions": provenance.versions(LIBRARIES),
        }
        (fresh / "results.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
        (fresh / "README.md").write_text(card(repo_id, results), encoding="utf-8")
        return repo_id, push_folder(fresh, repo_id, repo_type="model", message=spec.title)


def table_of(spec: Spec, commit: str) -> Path:
    """Download the mission's table at a commit.

    Raises
    ------
    SpaceHubError
        If the dataset has no such file.
    """
    import httpx2
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError

    try:
        return Path(hf_hub_download(spec.dataset, spec.file, repo_type="dataset", revision=commit))
    except EntryNotFoundError as error:
        raise SpaceHubError(
            f"{spec.dataset} has no file named {spec.file}.", "Use a file that the dataset contains."
        ) from error
    except (HfHubHTTPError, httpx2.HTTPError) as error:
        raise endpoint.explain(error, spec.dataset) from error


def card(repo_id: str, results: dict) -> str:
    """Render the card of a mission from its results alone.

    Raises
    ------
    SpaceHubError
        If a fact is missing or the card breaks a rule of the Hub.
    """
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    environment.filters.update(cell=cards.cell, measured=cards.measured, number=cards.number)
    template = environment.from_string((TEMPLATE / "card.md").read_text(encoding="utf-8"))
    try:
        text = template.render(repo_id=repo_id, verdict=measure.verdict(results["metrics"][0]), **results)
    except (jinja2.UndefinedError, LookupError, TypeError, ValueError) as error:
        raise SpaceHubError(
            f"The results do not contain a value that the card needs: {error}.", "Publish the mission again."
        ) from error
    cards.check(text, repo_type="model")
    return cards.stamped(text)


def _require_name(folder: Path) -> str:
    name = folder.resolve().name
    if not _NAME.fullmatch(name) or len(name) > 60:
        raise SpaceHubError(
            f"The folder name {name!r} is not a valid repository name.",
            "Use lower-case letters, digits and hyphens, such as my-mission.",
        )
    return name


def _fitted(folder: Path, spec: Spec, train: measure.Part):
    target = train.target.astype(int) if spec.kind == KINDS[0] else train.target
    try:
        model = _module(folder / "model.py").build(list(spec.numbers), list(spec.words))
        return model.fit(train.features, target)
    except Exception as error:  # whatever the learner's own code raises
        raise SpaceHubError(
            f"model.py fails: {type(error).__name__}: {str(error).splitlines()[0][:300] if str(error) else ''}.",
            "Fix the build() function and publish again.",
        ) from error


def _module(path: Path) -> ModuleType:
    found = importlib.util.spec_from_file_location("mission_model", path)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module
