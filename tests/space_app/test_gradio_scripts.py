"""Gradio's scripts that the app changes: what each change does, and that Gradio still needs it."""

import contextlib

import pytest

from space_app.gradio_fixes import scripts

# Counts the frames that a page asks for.
COUNT = """window.asked = 0;
const ask = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (draw) => { window.asked += 1; return ask(draw); };"""
# Whether it asks for none during half a second.
IDLE = """() => {
  const before = window.asked;
  return new Promise((done) => setTimeout(() => done(window.asked === before), 500));
}"""
# Delays what a slow connection would: the n-th job's number by n * `window.numbers` ms, and the end of a stream, if
# `window.late`, until 200 ms after the next job's number. `window.streams()` is the number of open streams.
SLOW = """const open = new Set();
window.streams = () => open.size;
const send = window.fetch.bind(window);
const mark = 'data: {"msg":"close_stream"';
let jobs = 0, end = () => {};
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
async function pass(chunk, stream) {
  const text = new TextDecoder().decode(chunk), at = text.indexOf(mark);
  if (!window.late || at < 0) { stream.enqueue(chunk); return; }
  stream.enqueue(new TextEncoder().encode(text.slice(0, at)));
  await new Promise((done) => { end = done; });
  stream.enqueue(new TextEncoder().encode(text.slice(at)));
}
window.fetch = async (input, options) => {
  const answer = await send(input, options), url = input.url ?? String(input);
  if (url.includes("/queue/join")) {
    if (window.numbers) await pause(window.numbers * ++jobs);
    setTimeout(end, 200);
  }
  if (!url.includes("/queue/data")) return answer;
  const stream = new Object();
  open.add(stream);
  const flush = () => open.delete(stream);
  input.signal.addEventListener("abort", flush);
  return new Response(answer.body.pipeThrough(new TransformStream({transform: pass, flush})), answer);
};"""


@contextlib.contextmanager
def opened(chromium, address: str, script: str, *, original: str | None):
    """Open a page that runs `script` first; the page gets the asset that `original` names as Gradio made it."""
    page = chromium.new_page()
    page.add_init_script(script)
    if original:
        [path] = scripts.ASSETS.glob(original)
        page.route(f"**/{path.name}", lambda route: route.fulfill(path=path, content_type="text/javascript"))
    page.goto(address)
    yield page
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("original", [None, "statustracker-*.js"])
def test_an_idle_page_asks_for_no_frames(original, app, chromium):
    with opened(chromium, f"{app.address}lab/orbits/", COUNT, original=original) as page:
        page.locator("#bench-orbit .lab-plot[data-drawn]").first.wait_for()
        if original is None:
            page.wait_for_function(IDLE)
        else:
            # The clock of the removed status tracker asks for sixty frames a second.
            page.wait_for_timeout(3000)
            assert not page.evaluate(IDLE), "Gradio no longer needs the fix of its clocks: remove it"


@pytest.mark.browser
@pytest.mark.parametrize("original", [None, "index-*.js"])
def test_a_job_that_is_sent_while_a_stream_closes_gets_its_answer(original, app, chromium):
    with opened(chromium, f"{app.address}lab/orbits/", SLOW, original=original) as page:
        bench = page.locator("#bench-orbit")
        steps, answer = bench.get_by_label("number input for Steps per orbit"), bench.locator(".lab-answer")
        answer.filter(has_text="Molniya").wait_for()
        page.wait_for_function("window.streams() === 0")
        page.evaluate("window.late = true")
        steps.fill("300")
        answer.filter(has_text="with 300 steps").wait_for()
        steps.fill("400")
        later = answer.filter(has_text="with 400 steps")
        if original is None:
            later.wait_for()
        else:
            page.wait_for_timeout(2000)
            assert later.count() == 0, "Gradio no longer needs the fix of its streams: remove it"


@pytest.mark.browser
@pytest.mark.parametrize("original", [None, "index-*.js"])
def test_an_answer_before_its_number_leaves_no_stream_open(original, app, chromium):
    with opened(chromium, f"{app.address}lab/orbits/", SLOW, original=original) as page:
        page.get_by_label("number input for From altitude").scroll_into_view_if_needed()
        for bench in "orbit", "hohmann":
            page.locator(f"#bench-{bench} .lab-plot[data-drawn]").first.wait_for()
        page.wait_for_function("window.streams() === 0")
        # The first job's number comes after one second and opens a stream; the second job's after two.
        page.evaluate("window.numbers = 1000")
        page.get_by_label("number input for From altitude").fill("400")
        page.get_by_label("number input for Steps per orbit").fill("300")
        page.locator("#bench-orbit .lab-answer", has_text="with 300 steps").wait_for()
        page.wait_for_timeout(500)
        streams = page.evaluate("window.streams()")
        assert streams == (0 if original is None else 1), "if none, Gradio no longer needs this: remove it"
