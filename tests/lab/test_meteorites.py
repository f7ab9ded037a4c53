"""Meteorites filtered, counted, clustered and tested, against pandas, scikit-learn and SciPy."""

import dataclasses
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.cluster import DBSCAN

from spacehub.data import meteorite_landings, sources
from spacehub.errors import SpaceHubError
from spacehub.lab.coastline import coastline
from spacehub.lab.meteorites import GROUPS, MISPLACED, Filter, read, select
from spacehub.lab.meteorites_clusters import EARTH_KM, dbscan, describe
from spacehub.lab.meteorites_look import look
from spacehub.lab.meteorites_permutation import permutation_test
from spacehub.lab.meteorites_summary import MASS_EDGES, completeness, summarise

STATISTICS = {"median": np.median, "mean": np.mean}


def made(folder, table):
    meteorite_landings.add_files(table, folder)
    return SimpleNamespace(ours=read(folder / "meteorites.csv"), table=table)


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    return made(tmp_path_factory.mktemp("simulated"), meteorite_landings.simulate(0)[0])


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPACEHUB_HOME", str(tmp_path_factory.mktemp("raw")))
        found = sources.find(meteorite_landings.FILES["default"])
    if found is None:
        pytest.skip("the real raw file is in no folder and cannot be downloaded")
    return made(tmp_path_factory.mktemp("real"), meteorite_landings.build(found, "default")[0])


@pytest.fixture(params=[pytest.param("real", marks=pytest.mark.real_data), "simulated"])
def either(request):
    return request.getfixturevalue(request.param)


def of_pandas(table: pd.DataFrame, wanted: Filter) -> pd.Series:
    kept = pd.Series(True, index=table.index)
    if wanted.year_from is not None or wanted.year_to is not None:
        kept &= table["year"].between(wanted.year_from or -9999, wanted.year_to or 9999).fillna(False)
    if wanted.mass_from_g is not None or wanted.mass_to_g is not None:
        kept &= table["mass_g"].between(wanted.mass_from_g or 0, wanted.mass_to_g or np.inf)
    if wanted.fall:
        kept &= table["fall"] == wanted.fall
    if wanted.groups:
        kept &= table["group"].isin(wanted.groups)
    return kept.astype(bool)


FILTERS = [
    Filter(),
    Filter(year_from=1900, year_to=1950),
    Filter(year_to=1899),
    Filter(mass_from_g=1000.0),
    Filter(mass_to_g=30.54, fall="Found"),
    Filter(year_from=1980, mass_from_g=10, mass_to_g=1e5, fall="Fell", groups=("H", "L", "Iron")),
    Filter(groups=("Lunar",)),
]


@pytest.mark.parametrize("wanted", FILTERS)
def test_a_filter_and_its_counts_are_those_of_pandas(either, wanted):
    kept = select(either.ours, wanted)
    expected = of_pandas(either.table, wanted)
    np.testing.assert_array_equal(kept, expected)
    rows, summary = either.table[expected], summarise(either.ours[kept])
    fell = rows["fall"] == "Fell"
    assert summary.counts == (fell.sum(), (~fell).sum())
    assert summary.placed == rows["latitude"].notna().sum()
    assert summary.without_mass == rows["mass_g"].isna().sum()
    assert summary.without_year == rows["year"].isna().sum()
    for kind, ours in zip((rows[fell], rows[~fell]), range(2), strict=True):
        assert summary.median_g[ours] == pytest.approx(kind["mass_g"].median(), nan_ok=True)
        bins = pd.cut(kind["mass_g"].dropna(), MASS_EDGES, right=False).value_counts(sort=False)
        np.testing.assert_array_equal(summary.masses[ours], bins)
        decades = (kind["year"].dropna().astype(int) // 10 * 10).value_counts()
        np.testing.assert_array_equal(summary.by_decade[ours], decades.reindex(summary.decades, fill_value=0))
        np.testing.assert_array_equal(
            summary.by_group[ours], kind["group"].value_counts().reindex(GROUPS, fill_value=0)
        )


def test_what_is_lacking_is_counted_as_by_pandas(either):
    rows = either.table
    misplaced = rows["flags"].map(lambda flags: bool(set(flags) & set(MISPLACED)))
    lacks = completeness(either.ours)
    assert lacks["no mass"] == rows["mass_g"].isna().sum()
    assert lacks["no year"] == rows["year"].isna().sum()
    assert lacks["no position"] == rows["latitude"].isna().sum()
    whole = rows[["mass_g", "year", "latitude"]].notna().all(axis=1) & ~misplaced
    assert lacks["whole"] == whole.sum()


@pytest.mark.real_data
def test_a_range_of_years_without_meteorites_is_a_sentence(real):
    with pytest.raises(SpaceHubError) as caught:
        select(real.ours, Filter(year_from=900, year_to=915))
    assert caught.value.problem == "The list contains no meteorite from 900 to 915."
    assert caught.value.fix == "The meteorites closest in time are from 861 and 921."


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (
            Filter(year_from=2050, year_to=2060),
            r"no meteorite from 2050 to 2060\. The meteorites closest in time are from 20",
        ),
        (Filter(year_from=1000, year_to=1000), r"no meteorite from 1000\. The meteorites closest in time"),
        (Filter(year_from=1950, year_to=1900), r"range of years ends before it starts: 1950 to 1900\. Enter"),
        (Filter(mass_from_g=10, mass_to_g=1), r"range of masses ends before it starts: 10 g to 1 g\. Enter"),
        (Filter(mass_from_g=1e12), r"No meteorite matches all of these filters\. Widen"),
        (Filter(fall="Flew"), r"Unknown kind of fall: 'Flew'\. Choose one of: Fell, Found"),
        (Filter(groups=("H", "Cheese")), r"Unknown group: 'Cheese'\. Choose one or more of: H; L; LL"),
    ],
)
def test_what_cannot_be_answered_is_a_sentence(simulated, wanted, words):
    with pytest.raises(SpaceHubError, match=words):
        select(simulated.ours, wanted)


@pytest.mark.parametrize(
    "text",
    ["a,b\n1,2\n", "", "name,group,mass_g,fall,year,latitude,longitude,flags\nA,Cheese,1,Fell,1900,0,0,\n"],
)
def test_another_file_is_a_sentence(tmp_path, text):
    (tmp_path / "meteorites.csv").write_text(text)
    with pytest.raises(SpaceHubError, match=r"meteorites\.csv is not a table of meteorites"):
        read(tmp_path / "meteorites.csv")


def of_sklearn(latitude, longitude, radius_km, least):
    radians = np.radians(np.column_stack([latitude, longitude]))
    model = DBSCAN(eps=radius_km / EARTH_KM, min_samples=least, metric="haversine", algorithm="brute")
    return model.fit_predict(radians)


@pytest.mark.parametrize(
    ("radius_km", "least"), [(50, 3), (200, 10), (400, 25), (1000, 40), (30000, 5), (1, 1)]
)
def test_clusters_of_falls_are_those_of_scikit_learn(either, radius_km, least):
    falls = either.ours[either.ours.fell & either.ours.placed & ~either.ours.misplaced]
    labels = dbscan(falls.latitude, falls.longitude, radius_km=radius_km, least=least)
    np.testing.assert_array_equal(labels, of_sklearn(falls.latitude, falls.longitude, radius_km, least))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([100, 700, 3000]), st.integers(1, 6), st.integers(0, 120))
def test_clusters_of_any_points_are_those_of_scikit_learn(seed, radius_km, least, count):
    """Among them points at the poles and on both sides of the date line."""
    rng = np.random.default_rng(seed)
    latitude = rng.choice([-90, -89, 0, 40, 89], count) + rng.normal(0, 3, count)
    longitude = rng.choice([-180, 0, 179], count) + rng.normal(0, 3, count)
    latitude = latitude.clip(-90, 90)
    labels = dbscan(latitude, longitude, radius_km=radius_km, least=least)
    if count:
        np.testing.assert_array_equal(labels, of_sklearn(latitude, longitude, radius_km, least))
    assert [cluster.points for cluster in describe(latitude, longitude, labels)] == [
        (labels == label).sum() for label in range(labels.max(initial=-1) + 1)
    ]


def test_the_middle_and_reach_of_a_cluster():
    """Two points on the equator, a degree either side of the date line."""
    [cluster] = describe(np.zeros(2), np.array([179.0, -179.0]), np.zeros(2, dtype=int))
    assert abs(cluster.longitude) == pytest.approx(180)
    assert cluster.latitude == pytest.approx(0)
    assert cluster.reach_km == pytest.approx(np.radians(1) * EARTH_KM)


@pytest.mark.parametrize(
    ("radius_km", "least", "said"),
    [
        (0, 5, "The radius"),
        (-3, 5, "The radius"),
        (float("nan"), 5, "The radius"),
        (100, 0, r"The number of points \(0\)"),
    ],
)
def test_a_cluster_of_no_size_is_a_sentence(radius_km, least, said):
    with pytest.raises(SpaceHubError, match=said):
        dbscan(np.zeros(3), np.zeros(3), radius_km=radius_km, least=least)


def test_too_many_points_are_a_sentence():
    with pytest.raises(SpaceHubError, match=r"too many points \(4,001\)"):
        dbscan(np.zeros(4001), np.zeros(4001), radius_km=1, least=1)


@pytest.mark.parametrize("statistic", STATISTICS)
@pytest.mark.parametrize(("first", "second"), [(3, 5), (6, 4), (5, 5), (2, 9)])
def test_all_relabellings_of_a_few_are_those_of_scipy(statistic, first, second):
    rng = np.random.default_rng(first)
    a, b = rng.normal(1, 1, first), rng.normal(0, 1, second)
    of = STATISTICS[statistic]
    theirs = stats.permutation_test((a, b), lambda x, y: of(x) - of(y), n_resamples=np.inf)
    ours = permutation_test(a, b, statistic=statistic, permutations=1000)
    assert ours.exact
    assert ours.standard_error == 0
    assert ours.difference == pytest.approx(theirs.statistic)
    assert ours.p_value == pytest.approx(theirs.pvalue)
    np.testing.assert_allclose(np.sort(ours.null), np.sort(theirs.null_distribution), atol=1e-12)


@pytest.mark.parametrize("statistic", STATISTICS)
@pytest.mark.parametrize(("first", "second"), [(40, 55), (61, 30), (30, 30)])
def test_many_relabellings_agree_with_those_of_scipy(statistic, first, second):
    """The same p within both Monte Carlo errors, and the same spread of what chance gives."""
    rng = np.random.default_rng(first)
    a, b = rng.lognormal(0.35, 1, first), rng.lognormal(0, 1, second)
    of = STATISTICS[statistic]
    theirs = stats.permutation_test(
        (a, b),
        lambda x, y, axis: of(x, axis=axis) - of(y, axis=axis),
        vectorized=True,
        n_resamples=6000,
        rng=np.random.default_rng(1),
    )
    ours = permutation_test(a, b, statistic=statistic, permutations=6000)
    assert not ours.exact
    assert ours.difference == pytest.approx(theirs.statistic)
    assert abs(ours.p_value - theirs.pvalue) < 4 * np.sqrt(2) * ours.standard_error
    assert stats.ks_2samp(ours.null, theirs.null_distribution).pvalue > 1e-4


def test_the_middle_of_what_is_left_is_its_median():
    """Every way to draw 3 of 8, one by one, with values that occur twice."""
    values = np.array([1.0, 1, 2, 3, 3, 5, 8, 13])
    ours = permutation_test(values[:3], values[3:], permutations=100).null
    expected = [
        np.median(values[list(drawn)]) - np.median(np.delete(values, drawn))
        for drawn in combinations(range(8), 3)
    ]
    np.testing.assert_allclose(ours, expected)


def test_no_difference_is_seen_where_there_is_none():
    """Of 200 pairs of samples of one law about 5 % have p <= 0.05, by chance (at most 22, in all but 1 of 10,000)."""
    rng = np.random.default_rng(0)
    tests = [permutation_test(*rng.normal(size=(2, 30)), permutations=199, seed=seed) for seed in range(200)]
    assert sum(test.p_value <= 0.05 for test in tests) <= 22


@pytest.mark.parametrize(
    ("sizes", "options", "words"),
    [
        ((1, 5), {}, "but the two groups have 1 and 5 values"),
        ((5, 0), {}, "the two groups have 5 and 0 values"),
        ((5, 5), {"statistic": "mode"}, "Unknown statistic: 'mode'. Choose one of: median, mean"),
        ((50, 50), {"permutations": 0}, r"permutations \(0\) is out of range"),
        ((50, 50), {"permutations": 10**9}, r"permutations \(1,000,000,000\) is out of range"),
    ],
)
def test_a_test_that_makes_no_sense_is_a_sentence(sizes, options, words):
    with pytest.raises(SpaceHubError, match=words):
        permutation_test(*(np.arange(float(size)) for size in sizes), **options)


@pytest.mark.real_data
def test_those_seen_to_fall_are_the_heavier(real):
    found = look(real.ours, Filter())
    masses = real.table.groupby("fall")["mass_g"].median()
    assert found.summary.median_g == (masses["Fell"], masses["Found"]) == (2800.0, 30.54)
    assert found.test.difference == pytest.approx(np.log10(2800 / 30.54))
    assert found.test.beyond == 0
    assert found.test.p_value == pytest.approx(2 / 1000)
    assert len(found.falls) == 1096
    assert max(cluster.points for cluster in found.clusters) == 165


def test_without_both_kinds_there_is_no_test(simulated):
    found = look(simulated.ours, Filter(fall="Found"))
    assert found.test is None
    assert "The selection has 0 falls and 2,5" in found.no_test
    assert found.clusters == []
    assert len(found.labels) == 0
    assert look(simulated.ours, Filter(fall="Fell", year_from=1900)).clusters


def test_the_groups_of_the_clusters(simulated):
    found = look(simulated.ours, Filter(), radius_km=300, least=5)
    assert found.clusters
    for label, (group, count) in enumerate(found.groups):
        names = [GROUPS[place] for place in found.falls.group[found.labels == label]]
        assert count == names.count(group) == max(map(names.count, names))
    assert sum(cluster.points for cluster in found.clusters) + (found.labels < 0).sum() == len(found.falls)


def test_the_coastline_is_on_the_map_and_crosses_it_nowhere():
    longitude, latitude = coastline()
    np.testing.assert_array_equal(np.isnan(longitude), np.isnan(latitude))
    assert np.isnan(longitude).sum() > 100
    assert np.nanmax(np.abs(longitude)) <= 180
    assert np.nanmax(np.abs(latitude)) <= 90
    assert np.nanmax(np.abs(np.diff(longitude))) < 10
    # Land's End, the Cape of Good Hope and Cape Horn.
    for north, east in ((50.1, -5.7), (-34.4, 18.5), (-56.0, -67.3)):
        assert np.nanmin(np.hypot(latitude - north, longitude - east)) < 1.5


def test_rows_keep_together(simulated):
    some = simulated.ours[select(simulated.ours, Filter(fall="Fell"))]
    assert len({len(column) for column in dataclasses.asdict(some).values()}) == 1
    assert some.fell.all()
