"""Check that a static Space serves the pushed files, can read its models, and agrees with this machine."""

import hashlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from spacehub import parts
from spacehub.browser import chromium
from spacehub.errors import SpaceHubError

if TYPE_CHECKING:
    from httpx2 import Client

WAIT_SECONDS = 10 * 60
POLL_SECONDS = 2.0
TIMEOUT_SECONDS = 60
LIST, PAGE, WORKER, SPACE = "files.json", "index.html", "sw.js", "space.json"
ASK = "async ([key, call, given]) => (await import('./web/models.js')).ask(key, call, given)"
# The page passes images to its worker as files.
SHOW = """async (path) => {
  const file = await (await fetch(path)).blob();
  return (await import('./web/models.js')).ask('satellite', 'classify', [file]);
}"""


def wait(repo_id: str, commit: str) -> str | None:
    """Wait until the static Space serves `commit`.

    Return the Space's address, which ends with a slash, or None if the Space does not serve the commit in time.

    Raises
    ------
    SpaceHubError
        If the Hub does not serve static Spaces.
    """
    import httpx2
    from huggingface_hub import HfApi

    host = HfApi().space_info(repo_id).host
    if host is None:
        raise SpaceHubError(
            f"The page was pushed to {repo_id} at commit {commit[:8]} but was not checked, because this Hub does not serve Spaces.",
            "To serve Spaces, start the Hub with: spacehub hub --run-spaces",
        )
    address = f"{host.rstrip('/')}/"
    wanted = _file(repo_id, commit, LIST)
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        try:
            answer = httpx2.get(address + LIST, follow_redirects=True, timeout=TIMEOUT_SECONDS)
            if answer.status_code == 200 and answer.content == wanted:
                return address
        except httpx2.HTTPError:  # a new Space has no address for a while
            pass
        time.sleep(POLL_SECONDS)
    return None


def check(repo_id: str, commit: str, address: str, *, say: Callable[[str], None]) -> list[str]:
    """Fetch the page's files and the start of each model file; query the page in Chromium if it is installed.

    Returns
    -------
    list of str
        One sentence for each error.
    """
    import httpx2

    listed = json.loads(_file(repo_id, commit, LIST))
    files = listed["files"] | {WORKER: listed["worker"]}
    space = json.loads(_file(repo_id, commit, SPACE))
    with httpx2.Client(follow_redirects=True, timeout=TIMEOUT_SECONDS) as client:
        problems = [
            _page_differs(client, address + path, _file(repo_id, commit, path))
            if path.endswith(".html")
            else _differs(client, address + path, digest)
            for path, digest in files.items()
        ]
        wrong = list(filter(None, problems))
        say(f"Files: {len(files) - len(wrong)} of {len(files)} are identical to the pushed files")
        for model in space["models"].values():
            problems = [_unreadable(client, file["url"], address) for file in model["files"].values()]
            wrong += (unreadable := list(filter(None, problems)))
            say(
                f"{model['title']}: {unreadable[0] if unreadable else f'the page can read its {len(problems)} files'}"
            )
    if wrong:
        return wrong
    return _ask(address, say)


def _file(repo_id: str, commit: str, name: str) -> bytes:
    from huggingface_hub import hf_hub_download

    return Path(hf_hub_download(repo_id, name, repo_type="space", revision=commit)).read_bytes()


def _differs(client: "Client", address: str, digest: str) -> str:
    """Return why the file at an address does not match a SHA-256 hash, or an empty string if it matches."""
    import httpx2

    served = hashlib.sha256()
    try:
        with client.stream("GET", address) as answer:
            if answer.status_code != 200:
                return f"{address} returned status {answer.status_code}."
            for part in answer.iter_bytes():
                served.update(part)
    except httpx2.HTTPError as error:
        return f"Cannot fetch {address}: {error}."
    return "" if served.hexdigest() == digest else f"{address} differs from the pushed file."


def _page_differs(client: "Client", address: str, pushed: bytes) -> str:
    """Return why a page does not match the pushed page, or an empty string if it matches."""
    import httpx2

    try:
        answer = client.get(address)
    except httpx2.HTTPError as error:
        return f"Cannot fetch {address}: {error}."
    if answer.status_code != 200:
        return f"{address} returned status {answer.status_code}."
    return "" if same_page(answer.content, pushed) else f"{address} differs from the pushed page."


def same_page(served: bytes, pushed: bytes) -> bool:
    """Return whether a served page equals the pushed page, except for one piece that the host may have inserted.

    huggingface.co inserts the variables of a static Space as ``window.huggingface.variables``
    (https://huggingface.co/docs/hub/spaces-overview).
    """
    more = len(served) - len(pushed)
    same = next((at for at, (a, b) in enumerate(zip(served, pushed, strict=False)) if a != b), len(pushed))
    return more >= 0 and served[same + more :] == pushed[same:]


def _unreadable(client: "Client", address: str, page: str) -> str:
    """Return why a page cannot read a file on the Hub, or an empty string if it can."""
    import httpx2

    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page))
    headers = {"Origin": origin, "Range": "bytes=0-0"}
    try:
        with client.stream("GET", address, headers=headers) as answer:
            status, allowed = answer.status_code, answer.headers.get("access-control-allow-origin")
    except httpx2.HTTPError as error:
        return f"Cannot fetch {address}: {error}."
    if status not in (200, 206):
        return f"{address} returned status {status} without a token. Make its repository public."
    return "" if allowed in ("*", origin) else f"Pages from {origin} are not allowed to read {address}."


def _ask(address: str, say: Callable[[str], None]) -> list[str]:
    """Query each model once in a browser; return a sentence for each answer that differs from this machine's answer."""
    executable = chromium()
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        executable = None
    if executable is None:
        say("Answers: not checked, because this machine does not have Chromium and Playwright")
        return []
    # Chromium's sandbox does not work for root.
    arguments = ["--disable-gpu", *(["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else [])]
    right, wrong = parts.app("static_space.expected").answers(), []
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=arguments)
            page = browser.new_page()
            page.set_default_timeout(1000 * WAIT_SECONDS)
            page.goto(address)
            for key, (call, given, expected, tolerance) in right.items():
                call_arguments = [SHOW, given] if key == "satellite" else [ASK, [key, call, [given]]]
                chances = _chances(page.evaluate(*call_arguments))
                far = max(abs(chances.get(name, 9.0) - chance) for name, chance in expected.items())
                problem = f"{key}: the answer in the browser differs by {far:.6f}" if far > tolerance else ""
                say(problem or f"{key}: correct")
                wrong += [f"{problem}."] if problem else []
            browser.close()
    except Error as error:
        wrong.append(f"The page fails in a browser: {str(error)[:300]}")
    return wrong


def _chances(answer: dict[str, Any]) -> dict[str, float]:
    if "classes" in answer:
        return {item["key"]: item["chance"] for item in answer["classes"]}
    return {"chance": answer["chance"]}
