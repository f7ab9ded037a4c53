"""The lander: agents that put Gymnasium's LunarLander-v3 down on its pad, trained by reinforcement learning."""

from spacehub.models.lander.reproduce import is_current, prove

__all__ = ["is_current", "prove"]
