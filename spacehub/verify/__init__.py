"""Verify a published model with this package's code, the dataset at the named commit, and the weights.

The repository's own statements are what is checked; they never serve as the reference.
"""

from spacehub.verify.command import verify
from spacehub.verify.folder import verify_folder

__all__ = ["verify", "verify_folder"]
