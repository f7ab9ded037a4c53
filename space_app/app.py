"""Start the app, in a Space or on your own machine.

python -m space_app.app
"""

import contextlib
import ctypes
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
# The folder that holds space_app and spacehub: the same folder in a Space, the parent in the checkout.
sys.path.insert(0, str(HERE.parent if HERE.name == "space_app" else HERE))

from spacehub import ports  # noqa: E402
from spacehub.collector import collect_rarely  # noqa: E402
from spacehub.errors import SpaceHubError  # noqa: E402

PORT = "SPACEHUB_APP_PORT"


def main() -> None:
    """Serve the app until the process is asked to stop; for a user's mistake, print the error and exit with code 1."""
    try:
        # Gradio's own variables say where a container or a proxy expects the app. A Space is reached from
        # outside its container; any other app is reachable from this machine only.
        host = os.environ.get("GRADIO_SERVER_NAME") or (
            "0.0.0.0" if os.environ.get("SPACE_ID") else "127.0.0.1"
        )
        port = ports.read(PORT, ports.read("GRADIO_SERVER_PORT", 7860))
        ports.require_free(PORT, host, port)
        serve(host, port)
    except SpaceHubError as error:
        sys.exit(f"spacehub: {error.problem}\n          {error.fix}")
    except KeyboardInterrupt:
        sys.exit(130)


def serve(host: str, port: int) -> None:
    """Serve until the process is asked to stop."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    # Otherwise Gradio summarises its last 10,000 calls in pandas after each call, which takes a fifth of
    # the processor's time.
    os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "1")
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(sys.maxsize))
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    _share_memory()
    collect_rarely()
    # A computing thread yields five times as often as usual, so that many small answers wait less for
    # each other.
    sys.setswitchinterval(0.001)
    # On SIGTERM the server shuts down in order and then raises the signal again.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # Visitors' files stay here for an hour, or until the app ends.
    uploads = os.environ["GRADIO_TEMP_DIR"] = tempfile.mkdtemp(prefix="app-", dir=_writable())
    try:
        from space_app.rollout.trial import Trials

        trials = Trials()
        trials.begin()
        from space_app import gradio_fixes, zero_gpu  # noqa: F401  # the fixes, before Gradio
        from space_app.server import serve as listen
        from space_app.site import site

        zero_gpu.announce()
        listen(site(trials), host, port)
    finally:
        shutil.rmtree(uploads, ignore_errors=True)


def _share_memory() -> None:
    """Limit glibc to two memory arenas: by default it creates up to eight per core, a sixth of the app's memory."""
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")  # For the processes that the app starts.
    with contextlib.suppress(OSError, AttributeError):  # Other C libraries have no such option.
        ctypes.CDLL("libc.so.6").mallopt(-8, int(os.environ["MALLOC_ARENA_MAX"]))  # M_ARENA_MAX


def _writable() -> str | None:
    """Return the folder for the files that the app writes: under SPACEHUB_HOME, or the system's temporary folder."""
    chosen = os.environ.get("SPACEHUB_HOME", "").strip()
    if not chosen:
        return None
    try:
        folder = Path(chosen).expanduser().resolve() / "uploads"
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SpaceHubError(
            f"The app cannot write to {chosen}: {error.strerror or error}.",
            "Choose another folder: SPACEHUB_HOME=/path/to/folder",
        ) from error
    return str(folder)


if __name__ == "__main__":
    main()
