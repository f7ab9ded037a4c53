"""The screens on which pages are looked at: a desktop's, light, and a phone's, dark."""

import os

import pytest

DESKTOP, PHONE = (1280, False), (390, True)
BOTH = pytest.mark.parametrize(("width", "dark"), [DESKTOP, PHONE])
# That every tab fits both is seen in any dose; that its parts work, in the small one on the phone alone.
PHONE_FIRST = pytest.mark.parametrize(
    ("width", "dark"), [DESKTOP, PHONE] if os.environ.get("SPACEHUB_SOAK") else [PHONE]
)
