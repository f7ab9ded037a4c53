"""Assign seeds to purposes: the flights that a card counts share no seeds with training or selection."""

TEST = range(1_000)
VALIDATION = range(10_000, 10_200)
# Landers in flight restart from these seeds at every stint; in between, an environment continues with its
# own generator.
_FIRST_TRAINING, _PER_RUN, PER_STINT = 1_000_000, 1_000_000, 1_000


def training(run: int, stint: int) -> int:
    """Return the first of the `PER_STINT` seeds that a stint (0 to 999) of training run `run` may use."""
    return _FIRST_TRAINING + _PER_RUN * run + PER_STINT * stint
