"""Search hyperparameters with Optuna, one trial after the other; a killed search continues with the same trials.

Only finished trials are kept, in an Optuna journal. The sampler of each trial is seeded by the search's seed and the
trial's number, and sees the finished trials alone. So the same trials follow from the same results, whether or not
the search was interrupted.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.models.figures import GREY, GRID, RED, TEAL, figure, save, title
from spacehub.models.process import Process

RANDOM = 5  # trials before the sampler (TPE) learns from the earlier ones
DIGITS = 3  # of a proposed number
MOST = 500  # trials
NAME = "sweep"
FIGURE = "sweep.png"


@dataclass(frozen=True, kw_only=True)
class Range:
    """The numbers from `low` to `high`; only whole numbers if both ends are whole. `log` means a logarithmic scale."""

    low: float
    high: float
    log: bool = False

    def words(self) -> str:
        """Return the range as text."""
        return f"{self.low:g} to {self.high:g}{' (log)' if self.log else ''}"


Space = Mapping[str, Range]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """The hyperparameters of a finished trial, and its score; lower is better."""

    params: dict[str, float]
    value: float


def search(
    objective: Callable[[dict[str, float], int], float],
    *,
    space: Space,
    first: Mapping[str, float],
    trials: int,
    seed: int,
    journal: Path | None = None,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> list[Trial]:
    """Return the finished trials in their order.

    Parameters
    ----------
    objective : callable
        Takes hyperparameters and the trial's number; returns the finite score to minimise.
    space : mapping of str to Range
        The hyperparameters to search.
    first : mapping of str to float
        The hyperparameters of the first trial, with which all others compete.
    journal : Path
        Where finished trials are kept; None keeps none. Use another file for another search.
    report : callable
        Is called with the number of finished trials and of all.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(storage=_opened(journal), study_name=NAME, load_if_exists=True)
    distributions = {name: _distribution(one) for name, one in space.items()}
    while len(done := study.get_trials(deepcopy=False)) < trials:
        report(len(done), trials)
        params = _propose(done, space, distributions, _mixed(seed, len(done))) if done else dict(first)
        value = objective(params, len(done))
        made = optuna.trial.create_trial(params=params, distributions=distributions, value=value)
        study.add_trial(made)
    report(trials, trials)
    return [
        Trial(params={name: one.params[name] for name in space}, value=one.value) for one in done[:trials]
    ]


def require_possible(trials: int) -> None:
    """Check the number of trials; 0 means no search.

    Raises
    ------
    SpaceHubError
        If it is not from 0 to `MOST`, or several processes train together.
    """
    if not 0 <= trials <= MOST:
        raise SpaceHubError(
            f"--sweep {trials} is out of range.", f"Choose a whole number of trials from 0 to {MOST}."
        )
    if trials and Process.of_environment().count > 1:
        raise SpaceHubError(
            "A hyperparameter search runs in a single process.",
            "Run the script without torchrun, or omit --sweep.",
        )


def best(found: list[Trial]) -> int:
    """Return the number of the trial with the lowest score, the earliest of several."""
    return min(range(len(found)), key=lambda place: found[place].value)


def journal_of(folder: Path, *facts: object) -> Path:
    """Return the journal in `folder` of the search that depends on `facts`, which JSON can write."""
    text = json.dumps(facts, sort_keys=True, default=str)
    return folder / f"{NAME}-{hashlib.sha256(text.encode()).hexdigest()[:12]}.log"


def results(found: list[Trial], *, space: Space, score: str) -> dict:
    """Return a search in the form of ``results.json``, for a card; `score` says in words what was minimised."""
    return {
        "score": score,
        "space": {name: one.words() for name, one in space.items()},
        "trials": [{"params": one.params, "value": one.value} for one in found],
        "best": best(found),
    }


def draw(searched: dict, folder: Path) -> None:
    """Draw the score of each trial, and the best so far, into ``sweep.png``."""
    values = [trial["value"] for trial in searched["trials"]]
    drawing, [axes] = figure(width=7.0, height=3.6)
    numbers = range(1, len(values) + 1)
    axes.step(numbers, np.minimum.accumulate(values), where="post", color=TEAL, label="best so far")
    axes.scatter(numbers, values, color=GREY, s=18, label="trial", zorder=3)
    axes.scatter(
        [searched["best"] + 1], [values[searched["best"]]], color=RED, s=30, label="chosen", zorder=4
    )
    axes.set_xlabel("trial")
    axes.set_ylabel(searched["score"])
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.grid(color=GRID)
    axes.legend(frameon=False, fontsize=9)
    title(axes, "Hyperparameter search (lower is better)")
    save(drawing, folder / FIGURE)


def _opened(journal: Path | None):
    """Open a journal as Optuna's storage, without what a kill may have left: half a line, and the lock."""
    if journal is None:
        return None
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    journal.parent.mkdir(parents=True, exist_ok=True)
    journal.with_name(f"{journal.name}.lock").unlink(missing_ok=True)
    if journal.exists():
        with journal.open("r+b") as file:
            file.truncate(file.read().rfind(b"\n") + 1)
    return JournalStorage(JournalFileBackend(str(journal)))


def _propose(done: list, space: Space, distributions: dict, seed: int) -> dict[str, float]:
    import optuna

    sampler = optuna.samplers.TPESampler(n_startup_trials=RANDOM, seed=seed)
    study = optuna.create_study(sampler=sampler)
    study.add_trials(done)
    proposed = study.ask(distributions).params
    return {name: _rounded(proposed[name], one) for name, one in space.items()}


def _rounded(value: float, allowed: Range) -> float:
    if isinstance(value, int):
        return value
    return min(max(float(f"{value:.{DIGITS}g}"), allowed.low), allowed.high)


def _distribution(one: Range):
    from optuna.distributions import FloatDistribution, IntDistribution

    whole = isinstance(one.low, int) and isinstance(one.high, int)
    return (IntDistribution if whole else FloatDistribution)(one.low, one.high, log=one.log)


def _mixed(*numbers: int) -> int:
    return int(np.random.SeedSequence(numbers).generate_state(1)[0])
