"""How much of a scene from above is water: by a rule on its bands, and by regions that k-means found."""

from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError

LAND, WATER, CLOUD = 0, 1, 2
# Found by eye on the Landsat scene: clouds are this bright or brighter in all three bands.
CLOUD_LEVEL = 140
RULE = f"A pixel is cloud if all bands are above {CLOUD_LEVEL}; else water if it is more blue than red; else land."


@dataclass(frozen=True, kw_only=True)
class Water:
    """What a rule and a clustering say of the same pixels: shares of what is no cloud by the rule.

    `agree` is the share on which both say the same, water or not; `overlap` what both call water of what either does
    (Jaccard 1912). Calling everything water would have an overlap of `by_rule`.
    """

    by_rule: float
    by_regions: float
    cloud: float
    agree: float
    overlap: float


def by_bands(rgb: np.ndarray) -> np.ndarray:
    """Tell land, water and cloud apart by the bands, uint8 [..., 3], red first: int8 [...].

    Water swallows red light more than blue (Pope and Fry, Applied Optics 36, 1997), and land does not; `RULE` says how.
    """
    red, blue = rgb[..., 0], rgb[..., 2]
    cloud = rgb.min(axis=-1) > CLOUD_LEVEL
    return np.where(cloud, CLOUD, np.where(blue > red, WATER, LAND)).astype(np.int8)


def compare(rgb: np.ndarray, labels: np.ndarray) -> tuple[Water, np.ndarray]:
    """Compare the rule, pixel by pixel, with regions, of which each is what the rule says of its mean colour.

    Parameters
    ----------
    rgb : array of uint8, [N, 3]
        The pixels that were seen.
    labels : array of int, [N]
        The region of each.

    Returns
    -------
    found : Water
    kinds : array of int8, [N]
        Land, water or cloud, by region.

    Raises
    ------
    SpaceHubError
        When all of it is cloud.
    """
    rule = by_bands(rgb)
    clear = rule != CLOUD
    if not clear.any():
        raise SpaceHubError("All that is to be seen is cloud.", "Choose a scene with water or land in sight.")
    kinds = np.empty(len(labels), np.int8)
    for label in np.unique(labels):
        mine = labels == label
        kinds[mine] = by_bands(np.rint(rgb[mine].mean(axis=0)).astype(np.uint8))
    one, other = rule[clear] == WATER, kinds[clear] == WATER
    either = (one | other).sum()
    return Water(
        by_rule=float(one.mean()),
        by_regions=float(other.mean()),
        cloud=float(1 - clear.mean()),
        agree=float((one == other).mean()),
        overlap=float((one & other).sum() / either) if either else 1.0,
    ), kinds
