"""The satellite model: classify the land use that an aerial image shows."""


def __getattr__(name: str) -> object:
    """Return `declared` or `prove`, without which the processes that train the folds start faster."""
    if name in ("declared", "prove"):
        from spacehub.models.satellite import proof

        return getattr(proof, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
