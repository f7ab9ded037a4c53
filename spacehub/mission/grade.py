"""Grade a published mission with only the Hub's data: its files, card, dataset, numbers and limitations."""

from collections.abc import Iterator
from pathlib import Path

from spacehub import endpoint
from spacehub.errors import SpaceHubError
from spacehub.mission import measure
from spacehub.mission.publish import card, table_of
from spacehub.mission.spec import Spec, check
from spacehub.models.proof import FAILED, OF_THE_RUN, OK, Finding, Unproven, compare
from spacehub.verify.folder import check_files, guarded, read_results
from spacehub.verify.hub import SHA

PUBLISH = "spacehub mission publish FOLDER --account NAME"
DECLARED = {"onnx/model.onnx"}
FEWEST_LIMITATIONS, SHORTEST_LIMITATION = 2, 30


def grade(folder: Path, repo_id: str) -> list[Finding]:
    """Return a finding for every claim of the mission in `folder`, as published under `repo_id`."""
    findings = list(check_files(folder, DECLARED, repo_id))
    if any(one.state == FAILED for one in findings):
        return findings
    return findings + list(guarded(_claims(folder, repo_id)))


def _claims(folder: Path, repo_id: str) -> Iterator[Finding]:
    results = read_results(folder)
    try:
        spec = check(results.get("mission"))
        same = (folder / "README.md").read_text(encoding="utf-8") == card(repo_id, results)
    except SpaceHubError as error:
        yield Finding("mission", FAILED, error.problem, error.fix)
        return
    detail = (
        "it matches its template and results.json"
        if same
        else "it was edited, or rendered from other results"
    )
    yield Finding("README.md", OK if same else FAILED, detail)
    yield from _honest(spec)
    commit = str(results.get("commit"))
    trouble = _missing(spec, commit)
    if trouble:
        yield Finding("dataset commit", FAILED, trouble)
        return
    yield Finding("dataset commit", OK, f"{spec.dataset} at {commit[:8]}")
    train, test = measure.split(spec, table_of(spec, commit))
    found = measure.predictions(spec, folder / "onnx" / "model.onnx", test.features)
    metrics = measure.scores(spec, train, test, found)
    yield from compare(
        results,
        {
            "mission": spec.as_json(),
            "commit": commit,
            "train": len(train.target),
            "test": len(test.target),
            "metrics": metrics,
            "versions": Unproven(OF_THE_RUN),
        },
        tolerances={"metrics.*": 1e-4},
    )
    yield Finding("baseline", OK, f"the card states correctly that the model {measure.verdict(metrics[0])}")


def _honest(spec: Spec) -> Iterator[Finding]:
    """Yield whether the target is among the features, and whether limitations are stated."""
    leaked = spec.target in spec.features
    detail = (
        f"the target {spec.target} is also a feature, which gives the answer away"
        if leaked
        else "the target is not a feature"
    )
    yield Finding("leakage", FAILED if leaked else OK, detail)
    stated = {one for one in spec.limitations if len(one) >= SHORTEST_LIMITATION and "TODO" not in one}
    enough = len(stated) >= FEWEST_LIMITATIONS and "TODO" not in spec.title + spec.question
    yield Finding(
        "limitations",
        OK if enough else FAILED,
        f"{len(stated)} stated" if enough else f"state at least {FEWEST_LIMITATIONS} limitations, one sentence each, and replace each TODO",
    )  # fmt: skip


def _missing(spec: Spec, commit: str) -> str:
    """Return why the dataset is not available at the commit, or an empty string."""
    import httpx2
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError

    if not SHA.fullmatch(commit):
        return f"{commit[:60]!r} is not a commit id of 40 hexadecimal digits"
    try:
        known = {past.commit_id for past in HfApi().list_repo_commits(spec.dataset, repo_type="dataset")}
    except (HfHubHTTPError, httpx2.HTTPError) as error:
        return endpoint.explain(error, spec.dataset).problem
    return "" if commit in known else f"the history of {spec.dataset} does not contain commit {commit[:8]}"
