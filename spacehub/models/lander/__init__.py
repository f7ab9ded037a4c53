"""The lander: agents that land Gymnasium's LunarLander-v3 on its pad, trained by reinforcement learning."""

from spacehub.models.lander.proof import declared, prove
from spacehub.models.lander.reproduce import is_current

__all__ = ["declared", "is_current", "prove"]
