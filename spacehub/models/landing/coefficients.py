"""Put the weights of a linear candidate on one scale, so that they can be compared."""

from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

from spacehub.models.landing.candidates import COUNTS


def coefficients(model: Pipeline) -> list[dict]:
    """Return how much each input moves the log-odds of landing; empty if the model is not linear.

    A row has `feature`, `category` (None for a number), `weight` and `per`, the unit of the weight: one standard
    deviation (of the logarithm if the model uses the logarithm of the feature), or membership of the category.
    """
    if not hasattr(model["model"], "coef_"):
        return []
    prepare, (weights,) = model["prepare"], model["model"].coef_
    scales = prepare.transformer_weights or {}
    inputs = [
        (feature, category, scales.get(name, 1.0))
        for name, step, columns in prepare.transformers_
        for place, feature in enumerate(columns)
        for category in (step.categories_[place] if isinstance(step, OneHotEncoder) else [None])
    ]
    return [
        {
            "feature": feature,
            "category": category,
            "per": _unit(feature, category),
            "weight": scale * float(weight),
        }
        for (feature, category, scale), weight in zip(inputs, weights, strict=True)
    ]


def _unit(feature: str, category: str | None) -> str:
    if category is not None:
        return "category"
    return "standard deviation of the feature's logarithm" if feature in COUNTS else "standard deviation"
