"""Ask a running app one known question per tab, and compare the answers with this machine's.

The same endpoint runs on this machine, with the same repositories at the same commits, so a wrong answer
means a wrong deployment.
"""

import inspect
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gradio_client import Client, handle_file

from space_app import page, parameters
from space_app.mission_control.tab import TAB as FRONT
from space_app.mission_control.tab import mission_control
from space_app.tabs import Question
from space_app.watch import Watch
from spacehub import catalogue

START_SECONDS = 300
ANSWER_SECONDS = 120  # the first visitor of a Lab page waits until it is built


def check(address: str, *, token: str | None, say: Callable[[str], None]) -> list[str]:
    """Ask the app at `address` one question per tab; return the errors, one sentence each.

    Parameters
    ----------
    address : str
        The running app's address, ending in a slash.
    token : str, optional
        Gives access to a private Space.
    say : callable
        Called with a line per tab.
    """
    watch = Watch(page.SERVED)
    watch.look()
    wrong: list[str] = []
    canaries: list[str] = []
    clients: dict[str, Client] = {}

    def ask(question: Question) -> Any:
        if question.page not in clients:
            clients[question.page] = Client(
                f"{address}{question.page}",
                token=token,
                verbose=False,
                httpx_kwargs={"timeout": ANSWER_SECONDS},
            )
        given = {name: _request_value(value) for name, value in question.arguments.items()}
        return clients[question.page].predict(**given, api_name=f"/{question.function.__name__}")

    def conclude(title: str, problem: str, right: str = "correct") -> None:
        say(f"{title}: {problem or right}")
        if problem:
            wrong.append(f"{title}: {problem}")

    board = Question(function=mission_control, compare=())
    problem = _until_up_to_date(watch, lambda: ask(board), canaries)
    conclude(FRONT.title, problem, "the app uses the newest commit of every published repository")
    for tab in page.TABS:
        question = tab.question
        if question is None:
            continue
        if question.needs and watch.status(question.needs).commit is None:
            say(f"{tab.title}: skipped, because {question.needs} is not published")
            continue
        if question.needs in canaries:
            say(f"{tab.title}: skipped, because the newest commit of {question.needs} is still a canary")
            continue
        try:
            problem = _difference(question, expected(question, watch), ask(question))
        except Exception as error:  # any response of the deployed app counts as its answer
            problem = f"the request failed: {error}"
        conclude(tab.title, problem)
    return wrong


def expected(question: Question, watch: Watch) -> Any:
    """Return this machine's answer to `question`."""
    if question.answer is not None:
        return question.answer(watch)
    given = {name: _request_value(value) for name, value in question.arguments.items()}
    values = parameters.checked(question.function, given)
    if "watch" in inspect.signature(question.function).parameters:
        values["watch"] = watch
    return question.function(**values)


def _until_up_to_date(watch: Watch, ask: Callable[[], list[dict]], canaries: list[str]) -> str:
    """Wait until the app serves what the Hub has; return what is missing after `START_SECONDS`, or nothing.

    The keys of commits that are still compared with those that serve are added to `canaries`.
    """
    wanted = {key: watch.status(key).commit for key in (*catalogue.MODELS, *catalogue.DATASETS)}
    deadline, problem = time.monotonic() + START_SECONDS, ""
    while True:
        try:
            shown = {row["key"]: row for row in ask()}
            late = [key for key, commit in wanted.items() if commit and commit not in _answering(shown[key])]
            broken = [shown[key]["note"] for key in late if shown[key]["state"] == "problem"]
            problem = (
                f"the app does not use the newest commit of {', '.join(late)}. {' '.join(broken)}".rstrip()
                if late
                else ""
            )
            if not late or broken:
                canaries += [key for key, row in shown.items() if row.get("canary")]
                return problem
        except Exception as error:  # it has just started
            problem = f"the request failed: {error}"
        if time.monotonic() > deadline:
            return problem
        time.sleep(1)


def _answering(row: dict) -> tuple[str | None, str | None]:
    """Return the commit that is served, and the one that a canary compares with it."""
    return row["commit"], row.get("canary")


def _request_value(value: Any) -> Any:
    return handle_file(value) if isinstance(value, Path) else value


def _difference(question: Question, right: dict, given: Any) -> str:
    """Return how an answer differs from the right one, or nothing."""
    if not isinstance(given, dict):
        return f"the answer has an unexpected structure: {str(given)[:100]}"
    for name in question.compare:
        if not _agree(right[name], given.get(name), question.tolerance):
            return f"{name} is {str(given.get(name))[:100]}; expected {str(right[name])[:100]}"
    return ""


def _agree(right: Any, given: Any, tolerance: float) -> bool:
    if isinstance(right, dict):
        same = isinstance(given, dict) and right.keys() == given.keys()
        return same and all(_agree(value, given[name], tolerance) for name, value in right.items())
    if isinstance(right, float):
        return isinstance(given, int | float) and math.isclose(
            right, given, rel_tol=tolerance, abs_tol=tolerance
        )
    return right == given
