"""The screens on which pages are looked at: a desktop's, light, and a phone's, dark."""

import pytest

from tests.doses import SOAK

DESKTOP, PHONE = (1280, False), (390, True)
# What a phone of that width shows at once; whether all that a selector names is in sight, or its start well above the end.
PHONE_SIZE = {"width": PHONE[0], "height": 664}
IN_SIGHT = """name => {
  const {top, bottom} = document.querySelector(name).getBoundingClientRect();
  return top > -1 && (bottom <= innerHeight || top < innerHeight * 0.75);
}"""
BOTH = pytest.mark.parametrize(("width", "dark"), [DESKTOP, PHONE])
# That every tab fits both is seen in any dose; that its parts work, in the small one on the phone alone.
PHONE_FIRST = pytest.mark.parametrize(("width", "dark"), [DESKTOP, PHONE] if SOAK else [PHONE])
