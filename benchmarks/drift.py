"""Measure how often the population stability index is high by chance, although nothing has drifted.

    python -m benchmarks.drift

The benchmark draws all answers from the reference distribution. It uses eight inputs, as many as the Titles tab has,
with eight equal bins each.
"""

import numpy as np

from spacehub.serving.drift import BINS, FEWEST, Reference, index

INPUTS, SAMPLES, TRAINED_ON = 8, 1_000, 3_000
LITTLE, MUCH = 0.1, 0.25


def main() -> None:
    """Print, for several numbers of answers, the share of samples in which at least one input has a high index."""
    draw = np.random.default_rng(0)
    reference = Reference.of_counts(range(BINS - 1), [TRAINED_ON] * BINS + [0])
    print(f"{'answers':>8} {'PSI > ' + str(LITTLE):>11} {'PSI > ' + str(MUCH):>11}")
    for answers in (50, 100, FEWEST, 500):
        counts = draw.multinomial(answers, reference.shares, size=(SAMPLES, INPUTS))
        highest = np.array([max(index(reference, counted) for counted in sample) for sample in counts])
        shares = [f"{100 * (highest > limit).mean():.1f} %" for limit in (LITTLE, MUCH)]
        print(f"{answers:>8} {shares[0]:>11} {shares[1]:>11}")


if __name__ == "__main__":
    main()
