"""Verifying a published model from outside: this package's code, the dataset at the named commit, and the weights.

What the repository says of itself is only what is checked, never what it is checked against.
"""

from spacehub.verify.command import verify
from spacehub.verify.folder import verify_folder

__all__ = ["verify", "verify_folder"]
