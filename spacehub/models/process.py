"""Which of how many processes of a distributed run this is."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Process:
    """Which of how many processes this is."""

    rank: int = 0
    count: int = 1

    @classmethod
    def of_environment(cls) -> "Process":
        """What torchrun says; alone without it."""
        return cls(int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1")))
