"""The titles model: classify a title as about space or not."""


def __getattr__(name: str) -> object:
    """Return `declared` or `prove`, without which commands that need neither start without PyTorch."""
    if name in ("declared", "prove"):
        from spacehub.models.titles import proof

        return getattr(proof, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
