"""Satisfy ZeroGPU, which free accounts get and which requires a function marked for a GPU; ours does nothing."""

import os


def announce() -> None:
    """Mark a function on ZeroGPU, and report that the app starts; elsewhere do nothing.

    Gradio's `launch` would report it, but the app does not use `launch` (see `server`).
    """
    if os.environ.get("SPACES_ZERO_GPU", "").lower() not in ("1", "t", "true"):
        return
    import spaces

    @spaces.GPU
    def nothing() -> None:
        """Use no GPU."""

    spaces.zero.startup()
