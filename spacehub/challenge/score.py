"""The organiser's side: score the submissions that are on time and within the limit, and publish the leaderboard."""

import io
import json
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from spacehub import endpoint
from spacehub.challenge import hub, submission
from spacehub.challenge.split import PRIVATE, PUBLIC, TARGET
from spacehub.errors import SpaceHubError
from spacehub.models.intervals import bootstrap_weights, percentile
from spacehub.serving.challenge import leaderboard, rules
from spacehub.serving.challenge.leaderboard import Board, Row, Score
from spacehub.serving.challenge.rules import Rules

RESAMPLES = 1000
LARGEST_STATE = 16 * 2**20  # bytes
MOST = 500  # submissions in one run


@dataclass(frozen=True, kw_only=True)
class Scored:
    """A pull request that was judged: its two scores, or the `problem` that excludes it."""

    number: int
    account: str
    at: datetime
    public: Score | None = None
    private: Score | None = None
    problem: str = ""


class Judge:
    """The labels of a round, and the baseline on them."""

    def __init__(self, labels: pd.DataFrame, share: float):
        """Take the labels, as `split.draw` makes them, and the train rows' share of boosters that came back."""
        self.ids = list(labels["id"])
        self._labels = labels
        self._share = share

    def score(self, chances: dict[str, float], part: str) -> Score:
        """Return the score on a part, `PUBLIC` or `PRIVATE`, with a bootstrap interval over its rows."""
        rows = self._labels[self._labels["part"] == part]
        came_back = rows[TARGET].to_numpy(float)
        losses = (np.array([chances[name] for name in rows["id"]]) - came_back) ** 2
        weights = bootstrap_weights(len(rows), resamples=RESAMPLES, seed=0) / len(rows)
        low, high = percentile(weights @ losses)
        gain_low, _ = percentile(weights @ ((self._share - came_back) ** 2 - losses))
        return Score(value=float(losses.mean()), low=low, high=high, gain_low=gain_low, n=len(rows))

    def both(self, chances: dict[str, float]) -> dict[str, Score]:
        """Return the scores on both parts by name."""
        return {part: self.score(chances, part) for part in (PUBLIC, PRIVATE)}

    def baseline(self) -> dict[str, Score]:
        """Return the scores of the baseline, which predicts the train rows' share for every row."""
        return self.both(dict.fromkeys(self.ids, self._share))


def score(moment: datetime) -> Board:
    """Judge the new submissions, publish the leaderboard, and answer and close each pull request.

    The next run completes an interrupted run.

    Raises
    ------
    SpaceHubError
        If the Hub has no challenge, its labels cannot be read with this token, or the Hub refuses.
    """
    import httpx2
    from huggingface_hub.errors import HfHubHTTPError

    known = hub.require_rules()
    endpoint.require_token(rules.repo_id().split("/")[0])
    judge, past, commit = _private(known)
    try:
        waiting = _open()
        fresh = _judged(
            [one for one in waiting if one.num not in {each.number for each in past}], past, known, judge
        )
        together = [*past, *fresh]
        board = standings(together, judge, known, moment)
        published = hub.board()
        if fresh or published is None or published.final != board.final or published.round != known.round:
            _keep(together, known, commit)
            _push(
                rules.repo_id(),
                rules.BOARD,
                board.as_json(),
                f"Leaderboard after {len(together)} submissions",
            )
        for one in waiting:
            _answer(next(each for each in together if each.number == one.num), known)
    except (HfHubHTTPError, httpx2.HTTPError) as error:
        raise endpoint.explain(error, rules.repo_id()) from error
    return board


def standings(scored: list[Scored], judge: Judge, known: Rules, moment: datetime) -> Board:
    """Return the leaderboard: each account's best submission by the public score; with private scores once the challenge is closed."""
    final = moment >= known.closes
    valid = [one for one in scored if not one.problem]
    counts = Counter(one.account for one in valid)
    best: dict[str, Scored] = {}
    for one in valid:
        if one.account not in best or one.public.value < best[one.account].public.value:
            best[one.account] = one
    rows = [
        Row(
            account=name,
            count=counts[name],
            at=one.at,
            public=one.public,
            private=one.private if final else None,
        )
        for name, one in best.items()
    ]
    rows = sorted(rows, key=lambda row: (row.ranking, row.at))[: leaderboard.MOST]
    base = judge.baseline()
    baseline = Row(
        account="baseline",
        count=0,
        at=known.opens,
        public=base[PUBLIC],
        private=base[PRIVATE] if final else None,
    )
    return Board(round=known.round, updated=moment, baseline=baseline, rows=tuple(rows))


def _private(known: Rules) -> tuple[Judge, list[Scored], str]:
    """Return the labels, what was judged in this round, and the commit of both."""
    repo_id = rules.labels_repo_id()
    commit = endpoint.published_commit(repo_id, repo_type="dataset")
    labels = commit and hub.file(repo_id, rules.LABELS, revision=commit, largest=hub.LARGEST_TABLE)
    if not labels:
        raise SpaceHubError(
            f"Cannot read the labels in {repo_id}.", "To score submissions, use the organiser's token."
        )
    train = pd.read_csv(io.BytesIO(hub.file(rules.repo_id(), rules.TRAIN, largest=hub.LARGEST_TABLE) or b""))
    judge = Judge(pd.read_csv(io.BytesIO(labels)), float(train[TARGET].mean()))
    kept = json.loads(hub.file(repo_id, rules.STATE, revision=commit, largest=LARGEST_STATE) or b"[]")
    past = [
        Scored(**one | {"at": rules.moment(one["at"])} | {part: one[part] and Score(**one[part]) for part in (PUBLIC, PRIVATE)})
        for one in kept
    ]  # fmt: skip
    return judge, past, commit


def _open() -> list:
    """Return the open pull requests, oldest first."""
    from huggingface_hub import HfApi

    listed = HfApi().get_repo_discussions(
        rules.repo_id(), repo_type="dataset", discussion_type="pull_request", discussion_status="open"
    )
    return sorted(listed, key=lambda one: one.num)[:MOST]


def _judged(waiting: list, past: list[Scored], known: Rules, judge: Judge) -> list[Scored]:
    # A file that is not a valid submission does not count towards the daily limit.
    used = Counter((one.account, one.at.date()) for one in past if not one.problem)
    judged = []
    for one in waiting:
        found = _judge(one, used, known, judge)
        used[found.account, found.at.date()] += not found.problem
        judged.append(found)
    return judged


def _judge(waiting, used: Counter, known: Rules, judge: Judge) -> Scored:
    """Judge a pull request at its newest commit. Times and accounts are the Hub's, never the commit's."""
    from huggingface_hub import HfApi

    details = HfApi().get_discussion_details(rules.repo_id(), waiting.num, repo_type="dataset")
    commits = [event for event in details.events if event.type == "commit"]
    at = max([details.created_at, *(event.created_at for event in commits)])
    base = {"number": waiting.num, "account": details.author, "at": at}
    if not known.is_open(details.created_at) or not known.is_open(at):
        return Scored(**base, problem="The submission was not made while the challenge was open.")
    if used[details.author, at.date()] >= known.daily:
        return Scored(**base, problem=f"The limit is {known.daily} submissions per day (UTC).")
    try:
        content = commits and hub.file(
            rules.repo_id(), rules.SUBMISSION, revision=commits[-1].oid, largest=submission.LARGEST
        )
        if not content:
            raise SpaceHubError(
                f"The submission does not contain the file {rules.SUBMISSION}.", submission.FIX
            )
        return Scored(**base, **judge.both(submission.read(content, judge.ids)))
    except SpaceHubError as error:
        return Scored(**base, problem=f"{error.problem} {error.fix}")


def _keep(scored: list[Scored], known: Rules, commit: str) -> None:
    """Write what was judged to the private dataset, unless another run did so meanwhile."""
    text = json.dumps([asdict(one) for one in scored], default=lambda value: value.isoformat())
    _push(
        rules.labels_repo_id(), rules.STATE, text, f"Round {known.round}: {len(scored)} judged", parent=commit
    )


def _push(repo_id: str, name: str, text: str, message: str, parent: str | None = None) -> None:
    from huggingface_hub import HfApi

    HfApi().upload_file(
        path_or_fileobj=text.encode(),
        path_in_repo=name,
        repo_id=repo_id,
        repo_type="dataset",
        commit_message=message,
        parent_commit=parent,
    )


def _answer(one: Scored, known: Rules) -> None:
    """Comment on a pull request with its public score, or with the reason why it does not count, and close it."""
    from huggingface_hub import HfApi

    said = one.problem or (
        f"Public score (Brier, {one.public.n} rows): {one.public.value:.4f}, "
        f"interval {one.public.low:.4f} to {one.public.high:.4f}. The private score decides the ranking after {known.closes:%Y-%m-%d %H:%M} UTC."
    )
    HfApi().change_discussion_status(rules.repo_id(), one.number, "closed", repo_type="dataset", comment=said)
