"""The titles model: classify a title as about space or not."""

from spacehub.models.on_demand import from_proof

__getattr__ = from_proof(__name__)
