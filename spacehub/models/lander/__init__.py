"""The lander: agents that land Gymnasium's LunarLander-v3 on its pad, trained by reinforcement learning."""

from spacehub.models.lander.reproduce import is_current
from spacehub.models.on_demand import from_proof

__all__ = ["is_current"]
__getattr__ = from_proof(__name__)
