"""The lander: agents that land Gymnasium's LunarLander-v3 on its pad, trained by reinforcement learning."""

from spacehub.models.lander.reproduce import is_current

__all__ = ["is_current"]


def __getattr__(name: str) -> object:
    """Return `declared` or `prove`, which need PyTorch, unlike `is_current`."""
    if name in ("declared", "prove"):
        from spacehub.models.lander import proof

        return getattr(proof, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
