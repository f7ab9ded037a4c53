"""A canary: a new commit gives one answer in N next to the model that serves, and takes over once enough of them agree.

A visitor's answer is always that of the model that serves, and waits for nothing: its question is put aside, and the
process with limits that runs the trials asks the new commit later. Questions are kept in memory alone, and few of them.
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

MOST_SECONDS = 24 * 3600  # then the answers so far decide, however few
MOST_WAITING, BATCH = 64, 16


@dataclass(frozen=True, kw_only=True)
class Count:
    """How far a commit's canary has come: `agreed` of the `compared` answers, since the time `began`; `problem` ended it."""

    commit: str
    began: float
    compared: int = 0
    agreed: int = 0
    problem: str = ""

    @property
    def usable(self) -> bool:
        """Whether it is what we wrote."""
        numbers = self.began, self.compared, self.agreed
        return all(isinstance(one, int | float) for one in numbers) and 0 <= self.agreed <= self.compared


class Canary:
    """A commit that passed its trial and is compared with the one that serves.

    Parameters
    ----------
    rules : Rules
        How often it is asked, and when it takes over.
    folder : Path
        Its files.
    good : Good
        What its trial found.
    count : Count
        The count so far.
    """

    def __init__(self, rules: Rules, *, folder: Path, good: Good, count: Count):
        self.rules, self.folder, self.good, self.count = rules, folder, good, count
        self._waiting: deque = deque()
        self._lock = threading.Lock()

    @property
    def commit(self) -> str:
        """Its sha."""
        return self.good.commit

    @property
    def progress(self) -> str:
        """How far it has come, for Mission control."""
        return (
            f"Canary: commit {self.commit[:7]} agrees on {self.count.agreed:,} of {self.count.compared:,} answers. "
            f"It takes over after {self.rules.answers:,} if at least {100 * self.rules.agreement:g} % agree."
        )

    @property
    def why(self) -> str:
        """Why it is rejected."""
        return self.count.problem or (
            f"As a canary it agreed on {self.count.agreed:,} of {self.count.compared:,} answers; "
            f"at least {100 * self.rules.agreement:g} % must agree."
        )

    @property
    def verdict(self) -> bool | None:
        """Whether it takes over (True) or is rejected (False); None while more answers are needed."""
        count, rules = self.count, self.rules
        if count.problem:
            return False
        if count.compared >= rules.answers or time.time() - count.began > MOST_SECONDS:
            return count.agreed >= rules.agreement * count.compared - 1e-9
        # As soon as the rest cannot make up for it.
        may_differ = math.floor((1 - rules.agreement) * rules.answers + 1e-9)
        return False if count.compared - count.agreed > may_differ else None

    def offer(self, question: object, answer: object) -> None:
        """Put one question in `every` aside, with the answer of the model that serves; drop it when many wait."""
        if random.randrange(self.rules.every) == 0:
            with self._lock:
                if len(self._waiting) < MOST_WAITING:
                    self._waiting.append((question, answer))

    def compare(self, trials: Trials, load: Callable[[Path], object]) -> None:
        """Ask the new commit the questions that wait, and count; one that ends its process or takes too long is rejected."""
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
    """The canaries of one app; their counts are in ``serving/canaries.json`` under SPACEHUB_HOME.

    Parameters
    ----------
    rules : Rules
        For all of them.
    """

    def __init__(self, rules: Rules):
        self._rules, self._kept = rules, Kept(home() / "serving" / "canaries.json")

    @classmethod
    def of_environment(cls) -> "Canaries | None":
        """Return those that SPACEHUB_CANARY asks for; raises as `canary_rules.read`."""
        rules = canary_rules.read()
        return cls(rules) if rules else None

    def begin(self, entry: catalogue.Entry, *, folder: Path, good: Good) -> Canary:
        """Return the canary of a commit; one that a restart interrupted goes on."""
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
        """Compare what waits; return the verdict."""
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
