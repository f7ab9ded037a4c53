"""The screens on which pages are looked at: a desktop's, light, and a phone's, dark."""

import os

import pytest

DESKTOP, PHONE = (1280, False), (390, True)
BOTH = pytest.mark.parametrize(("width", "dark"), [DESKTOP, PHONE])
# Of pages that another test shows on both: that their parts work is seen on the phone, and in the full dose on both.
PHONE_FIRST = pytest.mark.parametrize(
    ("width", "dark"), [DESKTOP, PHONE] if os.environ.get("SPACEHUB_SOAK") else [PHONE]
)
