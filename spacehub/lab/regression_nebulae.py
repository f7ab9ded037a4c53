"""Hubble's 24 nebulae of 1929: how far they are, as he took it, and how fast they leave.

E. Hubble, "A relation between distance and radial velocity among extra-galactic nebulae", PNAS 15 (1929) 168,
table 1. His distances were about seven times too short: his Cepheids were two kinds of star, and some of
his brightest stars clouds of glowing gas.
"""

import numpy as np

NAMES = (
    "Small Magellanic Cloud", "Large Magellanic Cloud", "NGC 6822", "NGC 598", "NGC 221", "NGC 224", "NGC 5457",
    "NGC 4736", "NGC 5194", "NGC 4449", "NGC 4214", "NGC 3031", "NGC 3627", "NGC 4826", "NGC 5236", "NGC 1068",
    "NGC 5055", "NGC 7331", "NGC 4258", "NGC 4151", "NGC 4382", "NGC 4472", "NGC 4486", "NGC 4649",
)  # fmt: skip
DISTANCE_MPC = np.array(
    [0.032, 0.034, 0.214, 0.263, 0.275, 0.275, 0.45, 0.5, 0.5, 0.63, 0.8, 0.9,
     0.9, 0.9, 0.9, 1.0, 1.1, 1.1, 1.4, 1.7, 2.0, 2.0, 2.0, 2.0]
)  # fmt: skip
VELOCITY_KM_S = np.array(
    [170, 290, -130, -70, -185, -220, 200, 290, 270, 200, 300, -30,
     650, 150, 500, 920, 450, 500, 500, 960, 500, 850, 800, 1090]
)  # fmt: skip
# The Hubble constant of today, km/s/Mpc: Planck 2018 results VI, table 2.
TODAY = 67.4
