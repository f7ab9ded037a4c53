"""Work around costs and errors of Gradio 6.31, one file each. Import this package before Gradio.

A test in one of the files ``test_gradio_*.py`` fails once one of the workarounds is no longer needed.

``stubs`` must come first, because the others import Gradio.
"""

from space_app.gradio_fixes import stubs  # isort: skip
from space_app.gradio_fixes import addresses, checks, queues, sessions, unknown

__all__ = ["addresses", "checks", "queues", "sessions", "stubs", "unknown"]
