"""Check within seconds whether an address can be reached."""

import queue
import threading
import urllib.error
import urllib.request

PROBE_SECONDS = 4.0


def trouble(url: str) -> str | None:
    """Request `url`; return None if the server responds within `PROBE_SECONDS`, and the reason otherwise.

    The request runs in a thread because name resolution has no timeout.
    """
    answers: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def probe() -> None:
        try:
            with urllib.request.urlopen(url, timeout=PROBE_SECONDS):
                answers.put(None)
        except urllib.error.HTTPError:
            answers.put(None)
        except (OSError, ValueError) as error:
            answers.put(str(getattr(error, "reason", error)))

    threading.Thread(target=probe, daemon=True).start()
    try:
        return answers.get(timeout=PROBE_SECONDS)
    except queue.Empty:
        return f"no response within {PROBE_SECONDS:.0f} s"
