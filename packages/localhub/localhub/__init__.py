"""An embedded Hugging Face Hub: a server on loopback that the official clients use in the same way as huggingface.co."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from localhub.errors import LocalHubError
    from localhub.server import LocalHub

__all__ = ["LocalHub", "LocalHubError"]


def __getattr__(name: str):
    """Import on first use, so that importing a module of this package costs nothing."""
    if name == "LocalHub":
        from localhub.server import LocalHub

        return LocalHub
    if name == "LocalHubError":
        from localhub.errors import LocalHubError

        return LocalHubError
    raise AttributeError(name)
