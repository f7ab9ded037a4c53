"""Each workaround for Gradio: what it does, and that Gradio still needs it."""

import json
import subprocess
import sys

import pytest

from tests.processes import ROOT

# Prints what a page of forty parts costs a session, and what importing Gradio opens.
PROBE = """
import json, sys
opened = []
sys.addaudithook(lambda event, found: event == "open" and opened.append(str(found[0])))
if sys.argv[1] == "fixed":
    from space_app import gradio_fixes
import gradio
from gradio.state_holder import SessionState
stubs = sum(name.endswith(".pyi") for name in opened)
with gradio.Blocks(analytics_enabled=False) as page:
    for number in range(40):
        gradio.HTML(str(number))
session = SessionState(page)
kept = len(session.config_values)
listed = len(list(session.components))
from gradio.state_holder import StateHolder
page.state_session_capacity = 10
holder = StateHolder()
holder.set_blocks(page)
for number in range(100):
    page._queue.pending_event_ids_session[str(number)] = set()
    holder[str(number)]
sets = len(page._queue.pending_event_ids_session)
print(json.dumps({"stubs": stubs, "kept": kept, "listed": listed, "sets": sets}))
"""


@pytest.fixture(scope="module")
def cost():
    def measure(which: str) -> dict:
        command = [sys.executable, "-c", PROBE, which]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        return json.loads(run.stdout.splitlines()[-1])

    return {which: measure(which) for which in ("fixed", "as it is")}


def test_the_fixes_do_what_they_say(cost):
    assert cost["fixed"] == {"stubs": 0, "kept": 0, "listed": 40, "sets": 10}


@pytest.mark.parametrize(("what", "least"), [("stubs", 1), ("kept", 40), ("sets", 100)])
def test_gradio_still_needs_each_fix(cost, what, least):
    assert cost["as it is"][what] >= least, f"Gradio no longer needs the fix for {what}: remove it"
