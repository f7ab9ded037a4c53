"""A fingerprint of settings.

Return a SHA-256 hex digest of a dictionary of settings. Equal settings must have the same digest, regardless of their order. If any value
differs, the digest must differ, too. Use JSON.
"""

import hashlib
import json

from spacehub.course.checks import holds

START = """
import hashlib
import json


def fingerprint(settings):
    '''settings: a dictionary that JSON can represent. Return 64 hex digits.'''
"""
HINTS = (
    "`json.dumps` has an option that sorts the keys at every depth.",
    "Hash the encoded text with `hashlib.sha256(text.encode()).hexdigest()`.",
)


def fingerprint(settings):
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


def wrong(settings):
    return hashlib.sha256(str(settings).encode()).hexdigest()


CHECKS = (
    holds(
        "the order does not matter",
        lambda f: f({"a": 1, "b": 2}) == f({"b": 2, "a": 1}),
        "Equal settings in a different order have a different fingerprint.",
    ),
    holds(
        "the order inside a value does not matter",
        lambda f: f({"x": {"a": 1, "b": 2}}) == f({"x": {"b": 2, "a": 1}}),
        "The order inside a value changes the fingerprint.",
    ),
    holds(
        "another value gives another digest",
        lambda f: f({"a": 1}) != f({"a": 2}),
        "Different settings have the same fingerprint.",
    ),
    holds(
        "a number and its text have different digests",
        lambda f: f({"a": 1}) != f({"a": "1"}),
        "1 and '1' are different settings.",
    ),
    holds("64 hex digits", lambda f: len(f({})) == 64 and int(f({}), 16) >= 0, "Return the hexdigest."),
)
