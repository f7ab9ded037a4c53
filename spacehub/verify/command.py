"""The verify command: pull a model and its dataset, check every claim, and print the findings."""

from collections import Counter

from spacehub import cards, catalogue, endpoint
from spacehub.errors import SpaceHubError
from spacehub.mission.spec import is_mission
from spacehub.models.proof import FAILED, OK, UNVERIFIED, Finding
from spacehub.verify import hub
from spacehub.verify.folder import check_card, check_files, read_results, verify_folder

MISSION = "mission"


def verify(repos: list[str], *, every: bool = False, retrain: bool = False) -> None:
    """Verify models by key or ``NAMESPACE/NAME``, or every model on the Hub, if any; print all findings.

    Raises
    ------
    SpaceHubError
        If the Hub cannot be reached, a name does not belong to a model, or a claim does not hold.
    """
    wanted = [(MISSION, repo) if is_mission(repo) else hub.find(repo) for repo in repos]
    endpoint.require_reachable()
    if every:
        wanted = [hub.find(key) for key in hub.published_models()]
        if not wanted:  # so that the first release can publish
            print(f"{catalogue.namespace()} has not published a model yet.")
            return
    if not wanted:
        raise SpaceHubError(
            "There is no model to verify.",
            "Enter the key of a published model. To publish a model, run: spacehub publish",
        )
    broken = [repo_id for key, repo_id in wanted if not _verify(key, repo_id, retrain=retrain)]
    if broken:
        raise SpaceHubError(
            f"{'The card of' if len(broken) == 1 else 'The cards of'} {', '.join(broken)} "
            f"{'is' if len(broken) == 1 else 'are'} not correct.",
            "See the lines marked FAIL above. To fix a problem, run the command below the line.",
        )


def _verify(key: str, repo_id: str, *, retrain: bool) -> bool:
    if key == MISSION:
        return _report(repo_id, *_graded(repo_id))
    build = cards.build_line(key)
    folder, commit = hub.pull_model(repo_id, fix=build)
    print(f"{repo_id} at {commit[:8]}", flush=True)
    findings: list[Finding] = []
    rows = None
    if catalogue.MODELS[key].dataset is not None:
        named = read_results(folder).get("dataset")
        rows, findings = hub.pull_dataset(key, named if isinstance(named, dict) else {})
    if rows is None and findings:
        findings += _without_data(key, folder, repo_id)
    else:
        findings += verify_folder(key, folder, rows, retrain=retrain, repo_id=repo_id)
    return _report(repo_id, findings, restore(key, build))


def _graded(repo_id: str) -> tuple[list[Finding], str]:
    """Return the findings on a mission, and the command that fixes most of them."""
    from spacehub.mission.grade import PUBLISH, grade

    folder, commit = hub.pull_model(repo_id, fix=PUBLISH)
    print(f"{repo_id} at {commit[:8]}", flush=True)
    return grade(folder, repo_id), PUBLISH


def _report(repo_id: str, findings: list[Finding], fix: str) -> bool:
    """Print the findings, with `fix` for each failure that names no command; return whether the card is correct."""
    for finding in findings:
        print(f"  {finding.state:<12}  {finding.name}: {finding.detail}")
        if finding.state == FAILED:
            print(f"  {'':<12}  → {finding.fix or fix}")
    counts = Counter(finding.state for finding in findings)
    verdict = "is not correct" if counts[FAILED] else "is correct"
    print(
        f"The card of {repo_id} {verdict}: {counts[OK]} {'check' if counts[OK] == 1 else 'checks'} passed, "
        f"{counts[FAILED]} failed, {counts[UNVERIFIED]} {'claim' if counts[UNVERIFIED] == 1 else 'claims'} could not be "
        "verified.",
        flush=True,
    )
    return not counts[FAILED]


def restore(key: str, build: str) -> str:
    """Return how to restore files that pass verification: an earlier commit, or a new training run."""
    return f"spacehub rollback {key} COMMIT (to a commit that passes verification), or retrain: {build}"


def _without_data(key: str, folder, repo_id: str) -> list[Finding]:
    """Return the findings that need no dataset, and an unverified finding for everything else."""
    import importlib

    family = importlib.import_module(f"spacehub.models.{catalogue.MODELS[key].module}")
    findings = [*check_files(folder, family.declared(read_results(folder)), repo_id), check_card(key, folder)]
    return [
        *findings,
        Finding("every number and figure", UNVERIFIED, "these cannot be recomputed without the dataset"),
    ]
