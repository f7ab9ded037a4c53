"""No value makes an endpoint heavy: each is within its bounds or refused by the parameter's name, on all pages.

Endpoints are those that the pages offer, found on the pages themselves, and called in process; some through HTTP.
"""

import functools
import importlib
import importlib.util
import inspect
import json
import math
import resource
import sys
import tracemalloc
from contextlib import suppress

import gradio as gr
import pytest

from space_app import page as front
from space_app import parameters
from space_app.lab import page as lab_page
from space_app.lab.bench import definitions
from space_app.lab.experiments import EXPERIMENTS
from space_app.parameters import MISSING, Checked, Choice, Choices, Definition, Flag, List, Number, Text
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from tests.processes import finish

MB = 2**20
# A JSON list this deep is more than Python's own recursion allows.
DEEP = functools.reduce(lambda inside, _: [inside], range(5000), 1)
VALUES = {
    "text": "nonsense",
    "empty text": "",
    "long text": "a " * MB,
    "list": [1, 2],
    "nested list": [[1], ["a"]],
    "empty list": [],
    "long list": [0.5] * MB,
    "deep list": DEEP,
    "mapping": {"path": "/etc/passwd"},
    "null": None,
    "true": True,
    "not a number": math.nan,
    "infinity": math.inf,
    "minus infinity": -math.inf,
    "10^18": 10**18,
    "-10^18": -(10**18),
    "10^18 with a fraction": 1e18,
    "10^400": 10**400,
    "10^-300": 1e-300,
    "missing": MISSING,
}
PAGES = {"front": None} | {listing.key: listing for listing in EXPERIMENTS}
every_page = pytest.mark.parametrize("key", PAGES)


@functools.cache
def build(key: str) -> tuple[list, list]:
    """Build a page; return its endpoints, as Gradio has them, and its experiment's questions."""
    watch = Watch({})
    watch._looked.set()
    if key == "front":
        blocks, benches = front.build(watch), []
    else:
        if not importlib.util.find_spec(PAGES[key].module).submodule_search_locations:
            pytest.skip(f"{key} is not a package yet")
        module = importlib.import_module(PAGES[key].module)
        blocks = lab_page.build(PAGES[key], watch)
        benches = module.EXPERIMENT.benches if hasattr(module, "EXPERIMENT") else []
    return [block for block in blocks.fns.values() if block.api_visibility == "public"], benches


def original(call):
    """Return the function of a module that an endpoint calls."""
    return getattr(sys.modules[call.__module__], call.__name__)


def within(kind: parameters.Parameter, value: object) -> bool:
    """Whether a value that a definition has let through is one that it promises."""
    match kind:
        case Number():
            proper = isinstance(value, int if kind.whole else int | float) and not isinstance(value, bool)
            return proper and math.isfinite(value) and kind.low <= value <= kind.high
        case Choice():
            return value in list(kind.options)
        case Choices():
            few = kind.schema["minItems"]
            return few <= len(value) == len(set(value)) and set(value) <= set(kind.options)
        case Flag():
            return isinstance(value, bool)
        case Text():
            return isinstance(value, str) and len(value) <= kind.longest
        case List():
            return kind.fewest <= len(value) <= kind.most and all(within(kind.each, one) for one in value)
        case Checked():
            return True
    return False


def accepts(one: Definition, value: object) -> bool:
    """Whether a definition lets a value through; one that it lets through or refuses otherwise fails the test."""
    try:
        kept = one.check(value)
    except SpaceHubError as error:
        refusal = str(error)
    else:
        assert (kept is None and one.optional) or within(one.kind, kept), (one.name, kept)
        return True
    assert f"The parameter {one.name} " in refusal
    assert len(refusal) < 700, refusal
    return False


def end(kind: parameters.Parameter, high: bool) -> object:
    """Return the least or the most that a definition allows; None for what only a published model bounds."""
    match kind:
        case Number():
            near = 1 if kind.whole else 1e-6 * (kind.high - kind.low)
            value = kind.high - near * kind.below if high else kind.low + near * kind.above
            return int(value) if kind.whole else value
        case Choice():
            return list(kind.options)[-1 if high else 0]
        case Choices():
            return list(kind.options) if high else list(kind.options)[:1]
        case Flag():
            return high
        case Text():
            return ("moon " * kind.longest)[: kind.longest] if high else "a"
        case List():
            return [end(kind.each, high)] * (kind.most if high else kind.fewest)
    return None


def extremes(known: dict[str, Definition], call) -> None:
    """Call with every parameter at its least, then at its most; where together they are too much, one by one."""
    low, high = ({name: end(one.kind, most) for name, one in known.items()} for most in (False, True))
    usual = {name: low[name] if one.default is MISSING else one.default for name, one in known.items()}
    bounded = [name for name in known if high[name] is not None]
    if any(low[name] is None and known[name].default is MISSING for name in known):
        return
    for ends in low, high:
        try:
            call(usual | {name: ends[name] for name in bounded})
        except (gr.Error, SpaceHubError):
            for name in bounded:
                with suppress(gr.Error, SpaceHubError):
                    call(usual | {name: ends[name]})


def most_memory() -> int:
    """Return the most bytes that this process has ever had."""
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def call(function, given: dict):
    answer = function(*given.values())
    return finish(answer) if inspect.iscoroutine(answer) else answer


@every_page
def test_a_value_is_within_bounds_or_refused_by_name(key):
    endpoints, benches = build(key)
    controls = [definitions(bench).values() for bench in benches]
    known = [parameters.of(original(block.fn)).values() for block in endpoints]
    checked = [one for some in [*known, *controls] for one in some]
    assert checked or key == "checkpoints"
    tracemalloc.start()
    for one in checked:
        for value in VALUES.values():
            accepts(one, value)
        assert not isinstance(one.kind, Number) or not accepts(one, one.kind.high + 1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50 * MB


@every_page
def test_an_endpoint_checks_before_it_computes(key):
    for block in build(key)[0]:
        known = parameters.of(original(block.fn))
        if any(end(one.kind, False) is None for one in known.values()):
            continue
        for name, one in known.items():
            for value in VALUES.values():
                if value is MISSING or accepts(one, value):
                    continue
                given = {other: end(two.kind, False) for other, two in known.items()} | {name: value}
                with pytest.raises(gr.Error, match=f"The parameter {name} "):
                    call(block.fn, given)


@every_page
@pytest.mark.timeout(240)
def test_no_accepted_value_is_heavy(key):
    endpoints, benches = build(key)
    before = most_memory()
    for block in endpoints:
        # What waits in the queue may take its time; what reads the Hub is called through HTTP below.
        function = original(block.fn)
        if not block.queue and "watch" not in inspect.signature(function).parameters:
            extremes(parameters.of(function), lambda given, block=block: block.fn(*given.values()))
    for bench in benches:
        if "watch" not in inspect.signature(bench.view).parameters:
            extremes(definitions(bench), lambda given, bench=bench: [*map(str, bench.view(**given).figures)])
    assert most_memory() - before < 300 * MB


@every_page
@pytest.mark.timeout(240)
def test_no_accepted_value_is_heavy_over_published_data(app, key):
    page = "" if key == "front" else f"lab/{key}/"
    for block in build(key)[0]:
        function = original(block.fn)
        if block.queue or "watch" not in inspect.signature(function).parameters:
            continue

        def call(given, name=function.__name__):
            answer = app.call(name, *given.values(), page=page)
            if answer.startswith("event: error"):
                raise SpaceHubError(json.loads(answer.split("data: ", 1)[1])["error"], "")

        extremes(parameters.of(function), call)


HTTP = [
    ("lab/orbits/", "lab_orbit", "steps_per_orbit", ["ISS", "RK4", ..., 4]),
    ("lab/chance/", "lab_pi", "points", [..., 1]),
    ("lab/bayes/", "lab_signal", "looks", [...]),
    ("lab/regression/", "lab_payload", "features", ["LEO", "KSC LC-39A", ...]),
    ("lab/trees/", "lab_tree", "values", [["year"], 3, "gini", 1, ...]),
    ("", "fly_lander", "seed", ["heuristic", ...]),
    ("", "predict_landing", "booster_flight", ["ASDS", "LEO", "CCSFS SLC-40", ..., 5]),
]


@pytest.mark.parametrize(("page", "name", "parameter", "given"), HTTP, ids=[row[1] for row in HTTP])
def test_bad_values_over_http(app, page, name, parameter, given):
    for value in ("nonsense", [[1], ["a"]], math.nan, math.inf, 10**18, -(10**18), {}):
        answer = app.call(name, *(value if one is ... else one for one in given), page=page)
        assert answer.startswith("event: error"), (value, answer[:200])
        assert parameter in answer, (value, answer)
