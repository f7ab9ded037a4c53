"""The landing model: predict, from data known before the flight, whether a Falcon 9 booster will land."""

from spacehub.models.landing.candidates import build
from spacehub.models.landing.evaluation import evaluate
from spacehub.models.landing.export import export
from spacehub.models.landing.features import make_flights
from spacehub.models.landing.proof import declared, prove
from spacehub.models.landing.storage import load

__all__ = ["build", "declared", "evaluate", "export", "load", "make_flights", "prove"]
