"""What is found on pictures that were drawn, so that every corner, blob and place on them is known."""

import cv2
import numpy as np
import pytest
from scipy import ndimage

from spacehub.errors import SpaceHubError
from spacehub.lab import imaging, imaging_galaxies, imaging_template

FINE = 8


def drawn(inside, *, size=(120, 160), dark=40, bright=200) -> np.ndarray:
    """Draw what `inside(x, y)` says, each pixel the mean of 8 x 8 places in it."""
    y, x = (np.mgrid[: size[0] * FINE, : size[1] * FINE] + 0.5) / FINE - 0.5
    share = inside(x, y).reshape(size[0], FINE, size[1], FINE).mean(axis=(1, 3))
    return np.round(dark + (bright - dark) * share).astype(np.uint8)


def disc(x0, y0, radius):
    return lambda x, y: np.hypot(x - x0, y - y0) < radius


def nearest(found: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return how far each wanted place is from the nearest that was found."""
    return np.hypot(*(found[:, None, :2] - wanted[None]).transpose(2, 0, 1)).min(axis=0)


def test_grey_is_the_luma_of_bt_601():
    rgb = np.random.default_rng(0).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    assert np.abs(imaging.grey(rgb) - rgb @ [0.299, 0.587, 0.114]).max() <= 0.51


@pytest.mark.parametrize("angle", [0, 17, 45])
def test_corners_of_a_turned_chessboard(angle):
    cos, sin, side = np.cos(np.radians(angle)), np.sin(np.radians(angle)), 20.3

    def board(x, y):
        u, v = cos * (x - 80) + sin * (y - 60), cos * (y - 60) - sin * (x - 80)
        inside = np.maximum(abs(u), abs(v)) < 2 * side
        return inside & ((np.floor(u / side) + np.floor(v / side)) % 2 == 0)

    steps = side * np.arange(-1, 2)
    u, v = (grid.ravel() for grid in np.meshgrid(steps, steps))
    wanted = np.stack([80 + cos * u - sin * v, 60 + sin * u + cos * v], axis=1)
    found = imaging.corners(drawn(board), most=60, quality=0.1)
    assert nearest(found, wanted).max() < 0.15


def test_corners_are_at_most_as_many_and_no_nearer_than_told():
    noise = np.random.default_rng(1).integers(0, 256, (100, 100), dtype=np.uint8)
    found = imaging.corners(noise, most=12, apart=15, window=1)
    assert len(found) == 12
    apart = np.hypot(*(found[:, None] - found).transpose(2, 0, 1)) + 99 * np.eye(12)
    assert apart.min() > 15 - 3  # each may then move by a part of a pixel or two
    assert len(imaging.corners(np.full((50, 50), 9, np.uint8))) == 0


@pytest.mark.parametrize("radius", [3.0, 5.5, 9.0, 16.0])
@pytest.mark.parametrize("dark", [False, True])
def test_a_blob_has_its_place_radius_and_contrast(radius, dark):
    picture = drawn(disc(70.3, 55.8, radius), dark=160 if dark else 60, bright=60 if dark else 160)
    x, y, size, contrast = imaging.blobs(picture, smallest=2, largest=24, dark=dark)[0]
    assert np.hypot(x - 70.3, y - 55.8) < 0.75
    assert size == pytest.approx(radius, rel=0.15)
    assert contrast == pytest.approx(100, rel=0.12)


def test_blobs_are_those_of_scikit_image():
    feature = pytest.importorskip("skimage.feature")
    rng = np.random.default_rng(3)
    places = np.array([(30, 30), (90, 28), (130, 80), (40, 90), (85, 70)]) + rng.uniform(-1, 1, (5, 2))
    radii = np.array([4, 6, 8, 5, 10])
    picture = drawn(
        lambda x, y: np.any([disc(*place, r)(x, y) for place, r in zip(places, radii, strict=True)], axis=0)
    )
    ours = imaging.blobs(picture, smallest=3, largest=14, contrast=80)
    sigmas = {"min_sigma": 3 / np.sqrt(2), "max_sigma": 14 / np.sqrt(2), "num_sigma": 12}
    theirs = feature.blob_log(picture / 255.0, threshold=0.3, **sigmas)
    assert len(ours) == len(theirs) == 5
    order = np.hypot(*(ours[:, None, :2] - theirs[None, :, 1::-1]).transpose(2, 0, 1)).argmin(axis=1)
    assert np.abs(ours[:, :2] - theirs[order, 1::-1]).max() <= 1
    np.testing.assert_allclose(ours[:, 2], theirs[order, 2] * np.sqrt(2), rtol=0.2)


def test_nothing_of_low_contrast_is_a_blob_and_radii_must_be_a_range():
    assert len(imaging.blobs(drawn(disc(80, 60, 6), dark=100, bright=110), contrast=20)) == 0
    with pytest.raises(SpaceHubError, match="not a valid range of radii"):
        imaging.blobs(np.zeros((30, 30), np.uint8), smallest=9, largest=3)


def test_the_edge_of_a_disc_is_its_circle():
    y, x = np.nonzero(imaging.edges(drawn(disc(80.2, 59.7, 35)), sigma=1))
    away = np.hypot(x - 80.2, y - 59.7)
    assert np.abs(away - 35).max() < 1.2
    assert abs(away.mean() - 35) < 0.3
    # Every direction has an edge.
    assert len(np.unique(np.round(np.degrees(np.arctan2(y - 59.7, x - 80.2)) / 5))) == 73


@pytest.mark.parametrize(("factor", "found"), [(0.85, True), (1.15, False)])
def test_thresholds_are_the_slope_in_grey_levels_a_pixel(factor, found):
    # A step of 120 blurred by sigma is steepest at 120 / (sigma √(2π)); Sobel takes its mean over some pixels.
    picture, sigma = drawn(lambda x, y: x > 80, dark=60, bright=180), 3.0
    slope = 120 / (sigma * np.sqrt(2 * np.pi))
    assert imaging.edges(picture, sigma=sigma, low=0.5, high=factor * slope).any() == found


def test_a_lower_threshold_above_the_upper_is_a_sentence():
    with pytest.raises(SpaceHubError, match=r"lower threshold .9. is above the upper threshold .5."):
        imaging.edges(np.zeros((30, 30), np.uint8), low=9, high=5)


def test_regions_have_area_middle_and_roundness():
    picture = drawn(lambda x, y: disc(45, 60, 30)(x, y) | ((abs(x - 120) < 20.5) & (abs(y - 60) < 10.5)))
    round_one, box = imaging.regions(picture)
    assert round_one.middle == pytest.approx((45, 60), abs=0.1)
    assert round_one.diameter == pytest.approx(60 - 1, rel=0.01)
    assert box.middle == pytest.approx((120, 60), abs=0.1)
    assert box.area == pytest.approx(40 * 20)
    # A staircase of pixels is longer than the circle that it represents.
    assert round_one.roundness == pytest.approx(imaging.PIXEL_CIRCLE, abs=0.02)
    assert box.roundness == pytest.approx(4 * np.pi * 800 / 120**2)
    assert 40 < imaging.otsu(picture) < 200


def test_a_large_disc_is_as_round_as_pixels_allow():
    [disc_of_pixels] = imaging.regions(drawn(disc(150, 150, 140), size=(300, 300)))
    assert disc_of_pixels.roundness == pytest.approx(imaging.PIXEL_CIRCLE, abs=0.006)


def test_a_region_may_touch_the_edge_of_the_picture():
    [one] = imaging.regions(drawn(lambda x, y: x < 49.5), smallest=10)
    assert one.area == pytest.approx(49 * 119)
    assert one.outline.min() == 0


@pytest.fixture(scope="module")
def texture():
    """A picture with something everywhere, and no two places alike."""
    rng = np.random.default_rng(7)
    field = sum(ndimage.gaussian_filter(rng.normal(size=(300, 360)), s) * s for s in (2, 5, 12))
    return np.clip(128 + 55 * field / field.std(), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("angle", [0, 31, 90, 200])
@pytest.mark.parametrize("scale", [0.7, 1.0, 1.45])
def test_a_template_is_found_turned_and_scaled(texture, angle, scale):
    x, y, half = 130, 110, 32
    template = texture[y - half : y + half, x - half : x + half]
    picture = imaging_template.turn_picture(texture, scale=scale, angle=angle)
    noisy = np.clip(picture + np.random.default_rng(0).normal(0, 8, picture.shape), 0, 255).astype(np.uint8)
    wanted = imaging_template.carried(texture.shape, x - 0.5, y - 0.5, scale=scale, angle=angle)
    found = imaging_template.find(noisy, template)
    assert np.hypot(found.x - wanted[0], found.y - wanted[1]) < 0.7
    assert found.scale == pytest.approx(scale, rel=0.03)
    assert abs((found.angle - angle + 180) % 360 - 180) < 2
    assert found.score > 0.85


def test_an_upright_template_is_where_opencv_finds_it(texture):
    template = texture[60:124, 200:264]
    found = imaging_template.find(texture, template, scales=(1, 1.0001), turns=False)
    assert (found.x, found.y) == pytest.approx((231.5, 91.5), abs=0.5)
    _, best, _, _ = cv2.minMaxLoc(cv2.matchTemplate(texture, template, cv2.TM_CCOEFF_NORMED))
    assert found.score == pytest.approx(best, abs=0.01)


def test_turning_a_picture_carries_its_places():
    picture = drawn(disc(100, 30, 3), size=(90, 140))
    turned = imaging_template.turn_picture(picture, scale=1.3, angle=55)
    [spot] = imaging.regions(turned, level=120, smallest=5)
    assert spot.middle == pytest.approx(
        imaging_template.carried(picture.shape, 100, 30, scale=1.3, angle=55), abs=0.2
    )


@pytest.mark.parametrize(
    ("template", "words"),
    [
        (np.zeros((40, 40), np.uint8), "almost no contrast"),
        (np.eye(9, dtype=np.uint8) * 200, "9 pixels per side is too small"),
        (np.eye(600, dtype=np.uint8) * 200, "larger than the image"),
    ],
)
def test_a_template_that_cannot_be_found_is_a_sentence(texture, template, words):
    with pytest.raises(SpaceHubError, match=words):
        imaging_template.find(texture, template)


def sky(places, heights, *, noise=3.0, size=(300, 400), width=2.0) -> np.ndarray:
    y, x = np.mgrid[: size[0], : size[1]].astype(float)
    light = np.full(size, 20.0)
    for (x0, y0), height in zip(places, heights, strict=True):
        light += height * np.exp(-((x - x0) ** 2 + (y - y0) ** 2) / (2 * width**2))
    return np.clip(light + np.random.default_rng(5).normal(0, noise, size), 0, 255).round().astype(np.uint8)


def test_galaxies_are_counted_one_by_one():
    places = [(x + 0.3, y - 0.4) for x in range(20, 400, 40) for y in range(20, 300, 40)]
    heights = np.geomspace(25, 200, len(places))
    counted = imaging_galaxies.count(sky(places, heights))
    assert len(counted.found) == len(places) == 70
    assert nearest(counted.found.place, np.array(places)).max() < 0.6
    assert counted.found.background == pytest.approx(20, abs=0.5)
    # White noise of 3, blurred by sigma: 3 / (2 √π sigma). The galaxies' rims raise the median a little.
    assert counted.found.noise == pytest.approx(3 / (2 * np.sqrt(np.pi) * imaging_galaxies.SIGMA), rel=0.15)
    assert counted.false == 0
    assert counted.lower <= 70 <= counted.upper
    assert counted.recovered / counted.injected > 0.6  # the others fell on a galaxy
    assert (np.diff(counted.found.peak) <= 0).all()


def test_a_crowded_sky_loses_more_of_what_is_put_in():
    rng = np.random.default_rng(2)
    shares = []
    for many in (40, 900):
        places = rng.uniform((5, 5), (395, 295), (many, 2))
        counted = imaging_galaxies.count(sky(places, np.full(many, 80.0)))
        shares.append(counted.recovered / counted.injected)
        assert len(counted.found) <= many
    assert shares[0] > shares[1] + 0.2


def test_noise_alone_holds_next_to_no_galaxy_and_as_few_upside_down():
    counted = imaging_galaxies.count(sky([], []), threshold=5)
    assert len(counted.found) <= 2
    assert counted.false <= 2
    loose = imaging_galaxies.count(sky([], []), threshold=2, least=3)
    assert 0.7 < len(loose.found) / loose.false < 1.4


@pytest.mark.parametrize(
    ("picture", "options", "words"),
    [
        (np.zeros((50, 50), np.uint8), {}, "noise of the image cannot be estimated"),
        (sky([], []), {"threshold": 0}, "out of range"),
        (sky([], []), {"least": 0}, "out of range"),
    ],
)
def test_a_count_that_cannot_be_made_is_a_sentence(picture, options, words):
    with pytest.raises(SpaceHubError, match=words):
        imaging_galaxies.count(picture, **options)
