"""pytest fixtures: a new Hub for each test (``local_hub``) or one for all tests (``local_hub_session``)."""

from collections.abc import Iterator

import pytest


@pytest.fixture
def local_hub() -> "Iterator[LocalHub]":  # noqa: F821
    """A new `LocalHub` for this test: ``local_hub.endpoint``, ``.token`` and ``.account``."""
    from localhub.server import LocalHub

    with LocalHub() as hub:
        yield hub


@pytest.fixture(scope="session")
def local_hub_session() -> "Iterator[LocalHub]":  # noqa: F821
    """One `LocalHub` for all tests that request it; its repositories stay until the last test is done."""
    from localhub.server import LocalHub

    with LocalHub() as hub:
        yield hub
