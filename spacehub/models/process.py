"""Find out which process of a distributed run this is."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Process:
    """The number of this process, and the number of processes."""

    rank: int = 0
    count: int = 1

    @classmethod
    def of_environment(cls) -> "Process":
        """Read torchrun's variables; without them, there is one process."""
        return cls(int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1")))
