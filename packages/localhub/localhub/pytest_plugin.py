"""pytest fixtures: a new embedded Hub for each test (``local_hub``) or one for all tests (``local_hub_session``)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from localhub.server import LocalHub


@pytest.fixture
def local_hub() -> "Iterator[LocalHub]":
    """Provide a new `LocalHub` for this test: ``local_hub.endpoint``, ``.token`` and ``.account``."""
    from localhub.server import LocalHub

    with LocalHub() as hub:
        yield hub


@pytest.fixture(scope="session")
def local_hub_session() -> "Iterator[LocalHub]":
    """Provide one `LocalHub` for all tests that request it; its repositories stay until the last test is done."""
    from localhub.server import LocalHub

    with LocalHub() as hub:
        yield hub
