"""Compare a new commit with the current one on one answer in N. The new commit takes over when enough answers agree.

Visitors always get the answer of the current model and never wait for the comparison. Their question is queued.
Later, the process that runs the trials queries the new commit, with limits. The queue is short and kept only in
memory.
"""

import math
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from space_app.monitoring import requests
from space_app.rollout import canary_rules
from space_app.rollout.canary_rules import Rules
from space_app.rollout.kept import Kept
from space_app.rollout.last_good import Good
from space_app.rollout.trial import NotBegunError, Trials
from spacehub import catalogue
from spacehub.errors import SpaceHubError
from spacehub.home import home

MOST_SECONDS = 24 * 3600  # after this time, the answers so far decide
MOST_WAITING, BATCH = 64, 16


@dataclass(frozen=True, kw_only=True)
class Count:
    """The count of a canary: `agreed` of the `compared` answers since the time `began`. A `problem` ended it."""

    commit: str
    began: float
    compared: int = 0
    agreed: int = 0
    problem: str = ""

    @property
    def usable(self) -> bool:
        """Whether the values are valid: the file may have been changed."""
        numbers = self.began, self.compared, self.agreed
        return all(isinstance(one, int | float) for one in numbers) and 0 <= self.agreed <= self.compared


class Canary:
    """A commit that passed its trial and is compared with the current one.

    Parameters
    ----------
    rules : Rules
        How often the commit is queried, and when it takes over.
    folder : Path
        The files of the commit.
    good : Good
        The result of its trial.
    count : Count
        The count so far.
    """

    def __init__(self, rules: Rules, *, folder: Path, good: Good, count: Count):
        self.rules, self.folder, self.good, self.count = rules, folder, good, count
        self._waiting: deque = deque()
        self._lock = threading.Lock()

    @property
    def commit(self) -> str:
        """The sha of the commit."""
        return self.good.commit

    @property
    def progress(self) -> str:
        """The progress, as Mission control shows it."""
        return (
            f"Canary: commit {self.commit[:7]} agrees with the current commit on {self.count.agreed:,} of "
            f"{self.count.compared:,} answers. The new commit replaces the current one after "
            f"{self.rules.answers:,} answers if at least {100 * self.rules.agreement:g} % of them agree with the "
            "current commit's answers."
        )

    @property
    def why(self) -> str:
        """Why the commit is rejected."""
        return self.count.problem or (
            f"The new commit's answers agreed with the current commit's answers for {self.count.agreed:,} of "
            f"{self.count.compared:,} queries. At least {100 * self.rules.agreement:g} % of the answers must agree."
        )

    @property
    def verdict(self) -> bool | None:
        """True if the commit takes over, False if it is rejected, None while it needs more answers."""
        count, rules = self.count, self.rules
        if count.problem:
            return False
        if count.compared >= rules.answers or time.time() - count.began > MOST_SECONDS:
            return count.agreed >= rules.agreement * count.compared - 1e-9
        # Reject as soon as the remaining answers cannot reach the limit.
        may_differ = math.floor((1 - rules.agreement) * rules.answers + 1e-9)
        return False if count.compared - count.agreed > may_differ else None

    def offer(self, question: object, answer: object) -> None:
        """Queue one question in `every`, with the answer of the current model. Drop it if the queue is full."""
        if random.randrange(self.rules.every) == 0:
            with self._lock:
                if len(self._waiting) < MOST_WAITING:
                    self._waiting.append((question, answer))

    def compare(self, trials: Trials, load: Callable[[Path], object]) -> None:
        """Send the queued questions to the new commit, and count. Reject it if its process ends or takes too long."""
        try:
            while self.verdict is None and (batch := self._take()):
                agree = trials.agree(load, self.folder, batch)
                compared, agreed = self.count.compared + len(agree), self.count.agreed + sum(agree)
                self.count = replace(self.count, compared=compared, agreed=agreed)
        except NotBegunError:
            return
        except SpaceHubError as error:
            self.count = replace(self.count, problem=error.problem)

    def _take(self) -> list[tuple[object, object]]:
        with self._lock:
            taken = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
        return [(_plain(question), answer) for question, answer in taken]


def _plain(question: object) -> object:
    return question.tolist() if isinstance(question, np.ndarray) else question


class Canaries:
    """The canaries of one app. The counts are in ``serving/canaries.json`` in SPACEHUB_HOME.

    Parameters
    ----------
    rules : Rules
        The rules of all canaries.
    """

    def __init__(self, rules: Rules):
        self._rules, self._kept = rules, Kept(home() / "serving" / "canaries.json")

    @classmethod
    def of_environment(cls) -> "Canaries | None":
        """Return canaries with the rules in the environment, or None if SPACEHUB_CANARY is not set."""
        rules = canary_rules.read()
        return cls(rules) if rules else None

    def begin(self, entry: catalogue.Entry, *, folder: Path, good: Good) -> Canary:
        """Return the canary of a commit. Continue a canary that a restart interrupted."""
        try:
            count = Count(**self._kept.read(entry))
        except TypeError:
            count = None
        if count is None or count.commit != good.commit or not count.usable:
            count = Count(commit=good.commit, began=time.time())
            self._keep(entry, count, "began")
        return Canary(self._rules, folder=folder, good=good, count=count)

    def compare(
        self, entry: catalogue.Entry, canary: Canary, trials: Trials, load: Callable[[Path], object]
    ) -> bool | None:
        """Compare the queued questions, and return the verdict."""
        before = canary.count
        canary.compare(trials, load)
        verdict = canary.verdict
        if canary.count != before or verdict is not None:
            said = {True: "took over", False: "rejected", None: ""}[verdict]
            self._keep(entry, canary.count, said)
        return verdict

    def _keep(self, entry: catalogue.Entry, count: Count, said: str) -> None:
        self._kept.write(entry, asdict(count))
        if said:
            numbers = {"compared": count.compared, "agreed": count.agreed}
            requests.note(event=f"canary {said}", models={entry.key: count.commit}, **numbers)
