"""The utils.py that the datasets suite does not carry: marks for its tests, as far as its tests of a Hub need them."""

import importlib.util

import pytest


def _requires(module: str):
    return pytest.mark.skipif(importlib.util.find_spec(module) is None, reason=f"needs {module}")


require_pil = _requires("PIL")
require_torchcodec = _requires("torchcodec")


def for_all_test_methods(*decorators):
    """A Hub at hand has no bad days: no test is excused."""

    def unchanged(cls):
        return cls

    return unchanged


def xfail_if_500_502_http_error(function):
    return function
