"""Regions of like colour against scikit-learn and scikit-image, and the water on a scene against a rule on its bands."""

import numpy as np
import pytest
from skimage.color import rgb2lab
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_samples

from spacehub.data import sources
from spacehub.errors import SpaceHubError
from spacehub.lab import segmentation_kmeans
from spacehub.lab import segmentation_others as others
from spacehub.lab.segmentation import NOTHING, look, recolour, regions, segment
from spacehub.lab.segmentation_choice import choose, elbow, silhouettes
from spacehub.lab.segmentation_colour import CHROMATICITY, LAB, RGB, SPACES, cielab, colours
from spacehub.lab.segmentation_kmeans import best_of, first_centres, k_means, nearest
from spacehub.lab.segmentation_water import CLOUD, LAND, WATER, by_bands, compare

COLOURS = np.array([(200, 40, 40), (40, 160, 60), (30, 60, 220), (230, 230, 230)], np.uint8)


def blobs(count: int = 600, k: int = 4, spread: float = 1.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Points about k middles that are 10 and more apart, and whose each is."""
    draw = np.random.default_rng(seed)
    middles = 10 * np.array([(i % 2, i // 2, i % 3) for i in range(k)], dtype=float)
    labels = np.arange(count) % k
    return middles[labels] + draw.normal(0, spread, (count, 3)), labels


def patchwork(noise: float = 4, side: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """A picture of four coloured fields, 1/2, 1/4, 1/8 and 1/8 of it, and whose each pixel is."""
    truth = np.zeros((side, side), int)
    truth[:, side // 2 :] = 1
    truth[side // 2 :, side // 2 :] = 2
    truth[side // 2 :, 3 * side // 4 :] = 3
    draw = np.random.default_rng(0)
    return np.clip(COLOURS[truth] + draw.normal(0, noise, (side, side, 3)), 1, 255).astype(np.uint8), truth


def test_lab_is_that_of_scikit_image():
    every = np.stack(np.meshgrid(*[np.arange(0, 256, 15)] * 3), axis=-1).astype(np.uint8)
    np.testing.assert_allclose(cielab(every), rgb2lab(every), atol=2e-4)  # which rounds constants


def test_chromaticity_has_no_brightness():
    colour = np.array([60, 90, 120], np.uint8)
    dark, bright = colours(colour // 3, CHROMATICITY), colours(colour * 2, CHROMATICITY)
    np.testing.assert_allclose(dark, bright, rtol=0.02)


@pytest.mark.parametrize("spread", [1.0, 8.0])
@pytest.mark.parametrize("k", [1, 2, 5, 9])
def test_k_means_from_the_same_start_ends_where_that_of_scikit_learn_does(k, spread):
    points, _ = blobs(spread=spread)
    start = first_centres(points, k, seed=3)
    ours = k_means(points, k, centres=start)
    theirs = KMeans(k, init=start, n_init=1, tol=0, algorithm="lloyd").fit(points)
    np.testing.assert_allclose(ours.centres, theirs.cluster_centers_, atol=1e-9)
    np.testing.assert_array_equal(ours.labels, theirs.labels_)
    assert ours.inertia == pytest.approx(theirs.inertia_)
    assert (np.diff(ours.history) <= 1e-9).all(), "no step makes it worse"


def test_a_centre_without_points_is_given_one():
    points, _ = blobs(40)
    start = np.array([points[0], points[0] + 1e6])
    assert set(k_means(points, 2, centres=start).labels) == {0, 1}


def test_k_means_plus_plus_starts_in_every_blob():
    """With blobs ten deviations apart a start that draws by squared distance hits each, one that does not, seldom."""
    hits = 0
    for seed in range(40):
        points, labels = blobs(400, spread=0.3, seed=seed)
        start = first_centres(points, 4, seed=seed)
        hits += len(set(labels[nearest(start, points)])) == 4
    assert hits >= 38


def test_k_means_of_scikit_learn_beside_ours_finds_the_same_blobs():
    points, truth = blobs()
    centres, inertia = others.k_means_of_sklearn(points, 4, starts=3, seed=1)
    ours = best_of(3, points, 4, seed=1)
    assert inertia == pytest.approx(ours.inertia)
    assert others.agreement(nearest(points, centres), ours.labels) == 1
    assert others.agreement(truth, ours.labels) == 1


@pytest.mark.parametrize("k", [2, 3, 4, 7])
def test_silhouettes_are_those_of_scikit_learn(k):
    points, _ = blobs(150, spread=4)
    labels = k_means(points, k).labels
    labels[0] = 99  # one alone
    np.testing.assert_allclose(silhouettes(points, labels), silhouette_samples(points, labels), atol=1e-9)


def test_elbow_and_silhouette_find_four_blobs():
    points, _ = blobs(800)
    found = choose(np.random.default_rng(0).permutation(points))
    assert (found.elbow, found.best) == (4, 4)
    expected = [KMeans(k, n_init=10, random_state=0).fit(points[:1000]).inertia_ for k in found.counts[:4]]
    np.testing.assert_allclose(found.inertias[[0, 3]], np.array(expected)[[0, 3]])
    assert (found.inertias[:4] >= np.array(expected) * (1 - 1e-9)).all(), (
        "no better than the best of ten starts"
    )


def test_the_elbow_is_where_the_curve_is_farthest_below_its_chord():
    assert elbow([1, 2, 3, 4, 5], np.array([100.0, 60, 12, 10, 8])) == 3


def test_fewer_colours_than_numbers_to_try():
    found = choose(np.repeat(COLOURS[:3].astype(float), 20, axis=0))
    assert found.counts == [1, 2, 3]
    assert found.inertias[-1] == 0
    assert found.best == 3
    assert choose(np.zeros((9, 3))).best is None


@pytest.mark.parametrize("space", SPACES)
def test_the_fields_of_a_picture_are_found_with_their_areas(space):
    picture, truth = patchwork()
    pixels = look(picture, space)
    assert pixels.step == 1
    labels, _ = segment(pixels, 4)
    assert others.agreement(truth.ravel(), labels) > 0.98
    found = regions(pixels, labels, metres_a_pixel=100.0)
    shares = [region.share for region in found]
    assert shares == sorted(shares, reverse=True)
    assert shares == pytest.approx([0.5, 0.25, 0.125, 0.125], abs=0.01)
    assert found[0].km2 == pytest.approx(found[0].share * 36)
    painted = recolour(pixels, labels, {region.label: region.colour for region in found})
    assert np.abs(painted.astype(int) - COLOURS[truth]).mean() < 3


def test_a_large_picture_is_thinned_and_black_is_nothing_seen():
    picture, _ = patchwork(side=600)
    picture[:100] = 0
    pixels = look(picture, RGB)
    assert (pixels.step, pixels.rgb.shape) == (3, (200, 200, 3))
    assert len(pixels.points) == pixels.seen.sum()
    assert not pixels.seen[:33].any()
    assert len(pixels.sample) == 3000
    labels, _ = segment(pixels, 4)
    assert (pixels.spread(labels)[:33] == NOTHING).all()
    assert sum(region.share for region in regions(pixels, labels)) == pytest.approx(1)
    assert sum(region.km2 for region in regions(pixels, labels, metres_a_pixel=10)) == pytest.approx(
        pixels.seen.sum() * 900 / 1e6
    )


def test_other_clusterings_find_the_blobs_and_reach_all_points():
    points, truth = blobs(2000)
    sample = np.random.default_rng(0).choice(2000, 800, replace=False)
    for labels, radius in (
        (others.by_density(points[sample], radius=2, least=6), 2),
        (others.bottom_up(points[sample], 4, linkage="ward"), None),
    ):
        extended = others.extend(points, points[sample], labels, radius=radius)
        known = extended != others.NOISE
        assert known.mean() > 0.95
        assert others.agreement(truth[known], extended[known]) == 1
    lone = others.extend(np.array([[1e4, 0, 0]]), points[sample], np.zeros(800, int), radius=2)
    assert lone.tolist() == [others.NOISE]


def test_bands_tell_water_land_and_cloud():
    """Colours read off the Landsat scene: deep, over a bank, over sand; forest, a ridge; the middle of a cloud."""
    seen = [(24, 26, 32), (14, 88, 114), (88, 184, 255), (34, 35, 25), (89, 105, 74), (255, 255, 255)]
    assert by_bands(np.array(seen, np.uint8)).tolist() == [WATER, WATER, WATER, LAND, LAND, CLOUD]


def test_the_rule_and_regions_are_compared_pixel_by_pixel():
    water, land, cloud = (20, 60, 90), (60, 60, 40), (250, 250, 250)
    rgb = np.array([water] * 6 + [land] * 2 + [cloud] * 2, np.uint8)
    labels = np.array([0] * 6 + [0] + [1] + [2] * 2)
    found, kinds = compare(rgb, labels)
    assert kinds.tolist() == [WATER] * 7 + [LAND] + [CLOUD] * 2
    assert found.by_rule == pytest.approx(6 / 8)
    assert found.by_regions == pytest.approx(7 / 8)
    assert found.agree == pytest.approx(7 / 8)
    assert found.overlap == pytest.approx(6 / 7)
    assert found.cloud == pytest.approx(0.2)


@pytest.mark.real_data
def test_the_water_of_the_landsat_scene(tmp_path, monkeypatch):
    """The mask was looked at: Andros and what lies off it are land, all else water or cloud."""
    from PIL import Image

    monkeypatch.setenv("SPACEHUB_HOME", str(tmp_path))
    found = sources.find(("images/landsat_bahamas_RGB.byte.tif",))
    if found is None:
        pytest.skip("the scene is in no folder and cannot be downloaded")
    scene = np.asarray(Image.open(found["images/landsat_bahamas_RGB.byte.tif"]))
    mask = by_bands(scene)
    seen = scene.max(axis=2) > 0
    share = (mask[seen] == WATER).sum() / (mask[seen] != CLOUD).sum()
    assert share == pytest.approx(0.854, abs=0.002)
    places = {"the strait": (500, 500, WATER), "the bank": (120, 300, WATER), "a lagoon": (320, 452, WATER)}
    places |= {"Andros": (300, 250, LAND), "its east coast": (389, 305, LAND), "a cloud": (450, 100, CLOUD)}
    for place, (x, y, kind) in places.items():
        assert (mask[y - 3 : y + 4, x - 3 : x + 4] == kind).mean() > 0.6, place
    overlaps = {}
    for space in SPACES:
        pixels = look(scene, space)
        overlaps[space] = compare(pixels.rgb[pixels.seen], segment(pixels, 6, seed=1)[0])[0].overlap
    assert overlaps[CHROMATICITY] > 0.9 > max(overlaps[RGB], overlaps[LAB]), overlaps


PICTURE, _ = patchwork()


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda: look(np.zeros((9, 9, 3), np.uint8), RGB), "completely black"),
        (lambda: look(PICTURE, "CMYK"), "Unknown colour space: 'CMYK'"),
        (lambda: segment(look(PICTURE, RGB), 0), r"regions \(0\) is out of range"),
        (
            lambda: segment(look(PICTURE, RGB), 21),
            r"regions \(21\) is out of range\. Choose a whole number from 1 to 20",
        ),
        (
            lambda: segment(look(PICTURE[:1, :1], RGB), 2),
            "1 pixels with 1 different colours cannot form 2 regions",
        ),
        (
            lambda: silhouettes(np.ones((3, 3)), np.zeros(3)),
            "silhouette score is undefined for 3 points in 1 clusters",
        ),
        (lambda: others.by_density(np.ones((9, 3)), radius=0, least=3), r"The radius \(0\)"),
        (lambda: others.by_density(np.ones((9, 3)), radius=1, least=0), r"number of points \(0\)"),
        (lambda: others.bottom_up(np.eye(3), 2, linkage="rope"), "Unknown linkage method: 'rope'"),
        (lambda: others.bottom_up(np.eye(3), 4, linkage="ward"), "3 pixels cannot form 4 regions"),
        (lambda: others.bottom_up(np.ones((1001, 3)), 1, linkage="ward"), "all pairs of 1,001 points"),
        (
            lambda: compare(np.full((4, 3), 255, np.uint8), np.zeros(4, int)),
            "The image shows only clouds",
        ),
    ],
)
def test_what_makes_no_sense_is_a_sentence(act, words):
    with pytest.raises(SpaceHubError, match=words):
        act()


def test_k_means_that_has_not_converged_says_so(monkeypatch):
    monkeypatch.setattr(segmentation_kmeans, "MOST_STEPS", 2)
    points = np.random.default_rng(0).normal(size=(500, 2))
    with pytest.raises(SpaceHubError, match="5 regions did not converge after 2 steps"):
        k_means(points, 5)
