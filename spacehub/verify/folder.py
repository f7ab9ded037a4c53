"""Check a model's folder against its dataset: files, card, and every value that the model's family can recompute."""

import importlib
import json
from collections.abc import Iterator
from pathlib import Path

from spacehub import cards, catalogue
from spacehub.errors import SpaceHubError, reason
from spacehub.models.proof import FAILED, OK, Finding

# Written by the Hub, or checked by every verification.
COMMON = {".gitattributes", "README.md", "results.json"}
LARGEST = 2 * 2**20  # bytes of results.json


def verify_folder(
    key: str, folder: Path, rows: Path | None, *, retrain: bool = False, repo_id: str | None = None
) -> list[Finding]:
    """Check a model's artefact folder; return a finding for every claim.

    Parameters
    ----------
    key : str
        The catalogue key of the model.
    rows : Path or None
        The dataset's folder at the commit that the results name; None for a model without a dataset.
    retrain : bool
        Also check out-of-fold claims, by refitting the folds.
    repo_id : str, optional
        The repository in the commands that fix a problem.
    """
    repo_id = repo_id or catalogue.MODELS[key].repo_id
    results = read_results(folder)
    family = importlib.import_module(f"spacehub.models.{catalogue.MODELS[key].module}")
    findings = [*check_files(folder, family.declared(results), repo_id), check_card(key, folder)]
    wrong_identity = check_identity(key, results)
    findings += wrong_identity
    if wrong_identity:
        return findings
    return findings + list(guarded(family.prove(key, folder, results, rows, retrain=retrain)))


def read_results(folder: Path) -> dict:
    """Read ``results.json``.

    Raises
    ------
    SpaceHubError
        If the file is missing, too large, or not a JSON object.
    """
    path = folder / "results.json"
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(f"The file is larger than {LARGEST} bytes.")
        results = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(results, dict):
            raise ValueError("The file does not contain a JSON object.")
        return results
    except (OSError, ValueError, RecursionError) as error:
        raise SpaceHubError(
            f"Cannot read {path.name}. {reason(error)}",
            "Publish the artefact folder of the training run again.",
        ) from error


def check_files(folder: Path, declared: set[str], repo_id: str) -> Iterator[Finding]:
    """Yield a failure for every file that does not belong to this kind of model, such as a pickle."""
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    drawn = {name for name in present if name.startswith("figures/") and name.endswith(".png")}
    foreign = sorted(present - declared - COMMON - drawn)
    for name in foreign:
        fix = f"Do not load it. To delete it, run: hf repos delete-files {repo_id} {name}"
        yield Finding(name, FAILED, "this file does not belong to this kind of model", fix)
    for name in sorted(declared - present):
        yield Finding(name, FAILED, "missing")
    if not foreign and declared <= present:
        yield Finding("files", OK, f"{len(present)} files, all of which belong to this kind of model")


def check_card(key: str, folder: Path) -> Finding:
    """Compare the card with the one rendered from the folder's results."""
    try:
        published, rendered = (
            (folder / "README.md").read_text(encoding="utf-8"),
            cards.render(key, folder),
        )
    except (OSError, UnicodeDecodeError, SpaceHubError) as error:
        return Finding("README.md", FAILED, str(error))
    if published == rendered:
        return Finding("README.md", OK, "the card matches its template and results.json")
    lines = cards.difference(published, rendered)
    changed = next((line for line in lines if line[:1] == "-" and line[:3] != "---"), "-")[1:].strip()
    detail = f"the card was edited, or rendered with another version of its template: “{changed[:100]}”"
    return Finding("README.md", FAILED, detail, f"spacehub publish {key} --overwrite")


def check_identity(key: str, results: dict) -> list[Finding]:
    """Return a failure if the results belong to another model or an unknown preset."""
    if results.get("key") != key:
        return [Finding("key", FAILED, f"the results are for {results.get('key')}, not for {key}")]
    if results.get("preset") not in ("full", "quick", "smoke"):
        return [Finding("preset", FAILED, f"{results.get('preset')!r} is not a preset")]
    return []


def guarded(findings: Iterator[Finding]) -> Iterator[Finding]:
    """Pass findings on; report a file or value that breaks a check as a failure."""
    try:
        yield from findings
    except Exception as error:  # any exception that a library raises for an untrusted, broken file
        text = " ".join(str(error).split()) or "no message"
        yield Finding("the remaining checks", FAILED, f"{type(error).__name__}: {text[:200]}")
