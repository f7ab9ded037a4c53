"""Launches with a known rule, for tests that need the table of landings."""

import numpy as np
import pandas as pd


def launches(count=400):
    """Return launches whose booster lands at sea when heavy, with some of every trap: gaps, text, other outcomes."""
    draw = np.random.default_rng(0)
    mass = draw.uniform(500, 16_000, count)
    at_sea = draw.random(count) < 1 / (1 + np.exp(-(mass - 6000) / 1000))
    return pd.DataFrame(
        {
            "date_utc": pd.date_range("2018-01-01", periods=count, freq="4D").astype(str),
            "payload_mass_kg": np.where(draw.random(count) < 0.05, np.nan, mass),
            "booster_flight": draw.integers(1, 10, count),
            "orbit": draw.choice(["LEO", "GTO", None], count),
            "launch_site": draw.choice(["a", "b"], count),
            "landed": draw.random(count) < 0.9,
            "landing_type": np.where(draw.random(count) < 0.05, "Ocean", np.where(at_sea, "ASDS", "RTLS")),
        }
    )
