"""The satellite model: classify the land use that an aerial image shows."""

from spacehub.models.on_demand import from_proof

__getattr__ = from_proof(__name__)
