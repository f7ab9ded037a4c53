"""Names of classes as people write them."""

import re


def spoken(name: str) -> str:
    """Write a class as people do: ``AnnualCrop`` as annual crop."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("-", " ").replace("_", " ").lower()
