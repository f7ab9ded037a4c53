"""How much of an aerial scene is water, by a rule on its bands and by the regions that k-means found."""

from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError

LAND, WATER, CLOUD = 0, 1, 2
# Chosen by eye on the Landsat scene: clouds are at least this bright in all three bands.
CLOUD_LEVEL = 140
RULE = f"A pixel is cloud if all bands are above {CLOUD_LEVEL}; otherwise water if it is more blue than red; otherwise land."


@dataclass(frozen=True, kw_only=True)
class Water:
    """The results of a rule and a clustering, as fractions of the pixels that the rule does not classify as cloud.

    `agree` is the fraction on which both agree, water or not. `overlap` is the area that both call water, divided
    by the area that at least one of them calls water (Jaccard 1912). Calling everything water would have an overlap
    of `by_rule`.
    """

    by_rule: float
    by_regions: float
    cloud: float
    agree: float
    overlap: float


def by_bands(rgb: np.ndarray) -> np.ndarray:
    """Classify pixels (uint8 [..., 3], red first) as land, water or cloud by their bands: int8 [...].

    Water absorbs red light more than blue (Pope and Fry, Applied Optics 36, 1997), and land does not; see `RULE`.
    """
    red, blue = rgb[..., 0], rgb[..., 2]
    cloud = rgb.min(axis=-1) > CLOUD_LEVEL
    return np.where(cloud, CLOUD, np.where(blue > red, WATER, LAND)).astype(np.int8)


def compare(rgb: np.ndarray, labels: np.ndarray) -> tuple[Water, np.ndarray]:
    """Compare the rule, pixel by pixel, with regions that are each classified by their mean colour.

    Parameters
    ----------
    rgb : array of uint8, [N, 3]
        The seen pixels.
    labels : array of int, [N]
        The region of each pixel.

    Returns
    -------
    found : Water
    kinds : array of int8, [N]
        Land, water or cloud, by region.

    Raises
    ------
    SpaceHubError
        If the rule classifies all pixels as cloud.
    """
    rule = by_bands(rgb)
    clear = rule != CLOUD
    if not clear.any():
        raise SpaceHubError("The image shows only clouds.", "Choose a scene with visible water or land.")
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
