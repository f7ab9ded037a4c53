"""pytest fixture ``local_hub``: a fresh, empty Hub for each test that asks for it; the clients point at it."""

from collections.abc import Iterator

import pytest


@pytest.fixture
def local_hub() -> "Iterator[LocalHub]":  # noqa: F821
    """A running `LocalHub` on a temporary folder: ``local_hub.endpoint``, ``.token`` and ``.account``."""
    from spacehub.localhub.server import LocalHub

    with LocalHub() as hub:
        yield hub
