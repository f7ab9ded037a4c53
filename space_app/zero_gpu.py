"""ZeroGPU, which free accounts get: it wants a function that is marked for a GPU. The app needs none, so ours does nothing."""

import os


def announce() -> None:
    """On ZeroGPU, mark a function and report that the app starts; elsewhere do nothing.

    Gradio's `launch` would report it, and the app does not use that (`server`).
    """
    if os.environ.get("SPACES_ZERO_GPU", "").lower() not in ("1", "t", "true"):
        return
    import spaces

    @spaces.GPU
    def nothing() -> None:
        """Use no GPU."""

    spaces.zero.startup()
