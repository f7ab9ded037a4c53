"""One known question per tab of a running app, and whether it gives the answers that this machine computes.

The same endpoint runs here, over the same repositories at the same commits, so a wrong answer means a wrong deployment.
"""

import inspect
import math
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spacehub import catalogue

START_SECONDS = 300
FLIGHT = {
    "landing_type": "ASDS",
    "orbit": "LEO",
    "launch_site": "CCSFS SLC-40",
    "booster_flight": 3,
    "block": 5,
    "payload_mass_kg": 12_000,
}
TITLE = "Falcon 9 launches a lunar lander and its booster returns to the drone ship"
SEED = 7
# Quantised models round differently on other processors.
FLOAT, QUANTISED = 1e-4, 0.02


@dataclass(frozen=True, kw_only=True)
class Question:
    """What to ask in one tab.

    Parameters
    ----------
    tab : str
        The tab's title.
    function : callable
        The endpoint, named as it is; computes the right answer when called here.
    arguments : dict
        What it is asked.
    compare : tuple of str
        The fields of the answer that must agree.
    needs : str, optional
        The catalogue's key of what must be published for the tab to answer.
    tolerance : float
        By how much numbers may differ.
    page : str
        Path of the page that has the endpoint.
    answer : callable, optional
        Computes the right answer from the watch, where calling `function` here would start processes.
    """

    tab: str
    function: Callable
    arguments: dict[str, Any] = field(default_factory=dict)
    compare: tuple[str, ...]
    needs: str | None = None
    tolerance: float = FLOAT
    page: str = ""
    answer: Callable[[Any], dict] | None = None


def questions(picture: Path) -> list[Question]:
    """Return one question per tab; writes the picture to ask about to `picture`."""
    from space_app.cards.tab import read_card
    from space_app.lab.orbits.hohmann import lab_hohmann
    from space_app.lander.api import fly_lander
    from space_app.landing.api import predict_landing
    from space_app.satellite.api import classify_picture
    from space_app.titles.api import classify_title

    _draw(picture)
    card = next(iter(catalogue.DATASETS.values())).repo_id
    return [
        Question(
            tab="Landing",
            function=predict_landing,
            arguments=FLIGHT,
            compare=("probability", "commit"),
            needs="landing",
        ),
        Question(
            tab="Satellite",
            function=classify_picture,
            arguments={"file": picture},
            compare=("label", "chances", "commit"),
            needs="satellite",
            tolerance=QUANTISED,
        ),
        Question(
            tab="Titles",
            function=classify_title,
            arguments={"text": TITLE},
            compare=("label", "chance", "commit"),
            needs="titles",
            tolerance=QUANTISED,
        ),
        Question(
            tab="Lander",
            function=fly_lander,
            arguments={"agent": "heuristic", "seed": SEED},
            compare=("outcome", "total_reward"),
            answer=_fly,
        ),
        Question(tab="Lab", function=lab_hohmann, compare=("delta_v_m_s", "time_s"), page="lab/orbits/"),
        Question(
            tab="Cards",
            function=read_card,
            arguments={"repo": f"datasets/{card}"},
            compare=("commit", "text"),
            needs=next(iter(catalogue.DATASETS)),
        ),
    ]


def check(address: str, *, token: str | None, say: Callable[[str], None]) -> list[str]:
    """Ask the app at `address` one question per tab; return what is wrong, one sentence each.

    Parameters
    ----------
    address : str
        Of the running app, with a slash at its end.
    token : str, optional
        Opens a private Space.
    say : callable
        Called with a line per tab.
    """
    from gradio_client import Client

    from space_app import page
    from space_app.watch import Watch

    watch = Watch(page.SERVED)
    watch.look()
    wrong = []
    with tempfile.TemporaryDirectory() as scratch:
        clients: dict[str, Client] = {}

        def ask(question: Question) -> Any:
            if question.page not in clients:
                clients[question.page] = Client(f"{address}{question.page}", token=token, verbose=False)
            given = {name: _sent(value) for name, value in question.arguments.items()}
            return clients[question.page].predict(**given, api_name=f"/{question.function.__name__}")

        front = Question(tab="Mission control", function=_mission_control(), compare=())
        problem = _until_up_to_date(watch, lambda: ask(front))
        say(f"{front.tab}: {problem or 'every published repository is served at its newest commit'}")
        wrong += [f"{front.tab}: {problem}"] if problem else []
        for question in questions(Path(scratch) / "picture.png"):
            if question.needs and watch.status(question.needs).commit is None:
                say(f"{question.tab}: not asked, as {question.needs} is not published")
                continue
            try:
                problem = _difference(question, expected(question, watch), ask(question))
            except Exception as error:  # whatever the deployed app does, it is the answer
                problem = f"it cannot be asked: {error}"
            say(f"{question.tab}: {problem or 'right'}")
            wrong += [f"{question.tab}: {problem}"] if problem else []
    return wrong


def expected(question: Question, watch) -> Any:
    """Return the answer of `question` as this machine computes it."""
    from space_app import parameters

    if question.answer is not None:
        return question.answer(watch)
    given = {name: _sent(value) for name, value in question.arguments.items()}
    values = parameters.checked(question.function, given)
    if "watch" in inspect.signature(question.function).parameters:
        values["watch"] = watch
    return question.function(**values)


def _fly(watch) -> dict:
    from space_app.served import flights
    from space_app.served.pilots import aboard
    from spacehub.serving.lander.conditions import Conditions

    flight = flights.fly(aboard(watch, "heuristic"), seed=SEED, conditions=Conditions()).flight
    return {"outcome": flight.outcome, "total_reward": flight.total_reward}


def _mission_control() -> Callable:
    from space_app.mission_control.tab import mission_control

    return mission_control


def _until_up_to_date(watch, ask: Callable[[], list[dict]]) -> str:
    """Wait until the app serves what the Hub has; return what is missing after `START_SECONDS`, or nothing."""
    wanted = {key: watch.status(key).commit for key in (*catalogue.MODELS, *catalogue.DATASETS)}
    deadline, problem = time.monotonic() + START_SECONDS, ""
    while True:
        try:
            shown = {row["key"]: row for row in ask()}
            late = [key for key, commit in wanted.items() if commit and shown[key]["commit"] != commit]
            broken = [shown[key]["note"] for key in late if shown[key]["state"] == "problem"]
            problem = f"not served: {', '.join(late)}. {' '.join(broken)}".rstrip() if late else ""
            if not late or broken:
                return problem
        except Exception as error:  # it has just started
            problem = f"it cannot be asked: {error}"
        if time.monotonic() > deadline:
            return problem
        time.sleep(1)


def _sent(value: Any) -> Any:
    from gradio_client import handle_file

    return handle_file(value) if isinstance(value, Path) else value


def _difference(question: Question, right: dict, given: Any) -> str:
    """Return how an answer differs from the right one, or nothing."""
    if not isinstance(given, dict):
        return f"the answer has another form: {str(given)[:100]}"
    for name in question.compare:
        if not _agree(right[name], given.get(name), question.tolerance):
            return f"{name} is {str(given.get(name))[:100]}, and should be {str(right[name])[:100]}"
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


def _draw(path: Path) -> None:
    """Draw fields of two greens next to a grey road, which look the same on every machine."""
    from PIL import Image

    picture = Image.new("RGB", (64, 64), (86, 110, 60))
    picture.paste((120, 130, 70), (0, 0, 64, 30))
    picture.paste((125, 125, 125), (30, 0, 34, 64))
    picture.save(path)
