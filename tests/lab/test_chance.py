"""Chance and Bayes against SciPy, scikit-learn and enumeration of every case."""

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from spacehub.errors import SpaceHubError
from spacehub.lab import bayes, chance


@pytest.mark.parametrize(("n", "p"), [(1, 0.5), (10, 0.3), (500, 0.01), (20_000, 0.6), (7, 0), (7, 1)])
def test_binomial(n, p):
    ours = chance.binomial(n, p)
    np.testing.assert_allclose(ours, stats.binom.pmf(np.arange(n + 1), n, p), rtol=1e-8, atol=1e-300)
    assert ours.sum() == pytest.approx(1, abs=1e-9)


def test_gaussian():
    x = np.linspace(-5, 9, 50)
    np.testing.assert_allclose(chance.gaussian(x, 2, 1.5), stats.norm.pdf(x, 2, 1.5), rtol=1e-12)


@pytest.mark.parametrize(("dice", "sides"), [(1, 6), (2, 6), (4, 6), (3, 4)])
def test_dice_are_as_counting_every_case_says(dice, sides):
    cases = [sum(case) for case in itertools.product(range(1, sides + 1), repeat=dice)]
    counted = np.bincount(cases)[dice:] / sides**dice
    np.testing.assert_allclose(chance.dice_sum(dice, sides), counted, rtol=1e-12)


def test_rolled_dice_fit_the_exact_chances():
    rolls = chance.roll(2, 10_000, seed=1)
    seen = np.bincount(rolls, minlength=13)[2:]
    assert stats.chisquare(seen, 10_000 * chance.dice_sum(2)).pvalue > 0.001
    assert stats.chisquare(seen, 10_000 * np.full(11, 1 / 11)).pvalue < 1e-9


def test_the_mean_of_many_dice_is_gaussian_and_of_one_is_not():
    for dice, gaussian in (1, False), (30, True):
        sums = chance.roll(dice, 2000, seed=2)
        noise = np.random.default_rng(0).uniform(-0.5, 0.5, 2000)
        scaled = (sums + noise - 3.5 * dice) / math.sqrt(35 / 12 * dice + 1 / 12)
        assert (stats.kstest(scaled, "norm").pvalue > 0.01) == gaussian


def test_an_error_bar_is_as_wide_as_the_estimates_spread():
    found = [chance.throw_at_circle(1000, seed=seed)[1] for seed in range(400)]
    values, errors = np.array([one.value for one in found]), np.array([one.error for one in found])
    assert values.std() == pytest.approx(errors.mean(), rel=0.1)
    assert np.mean(np.abs(values - math.pi) < 1.96 * errors) == pytest.approx(0.95, abs=0.035)
    draws = np.random.default_rng(5).normal(size=50)
    assert chance.estimate(draws).error == pytest.approx(stats.sem(draws))
    np.testing.assert_allclose(chance.running_mean(draws)[[0, 9]], [draws[0], draws[:10].mean()])


@pytest.mark.parametrize(("size", "area", "years"), [("1 mm", 10, 1), ("1 cm", 100, 10), ("10 cm", 1000, 25)])
def test_hits_by_debris_are_poissons(size, area, years):
    flux = chance.debris_flux(size)
    exact = chance.chance_of_hit(flux, area, years)
    assert exact == pytest.approx(stats.poisson.sf(0, flux * area * years))
    found = chance.fly_satellites(flux, area, years, 100_000, seed=1)[1]
    assert abs(found.value - exact) < 4 * found.error


def test_the_flux_of_large_debris_is_of_the_known_order():
    # The catalogued population gives about 1e-5 per m² per year in the crowded orbits.
    assert 1e-6 < chance.debris_flux("10 cm") < 1e-4


def test_updates_one_by_one_are_the_joint_chance():
    prior, if_true, if_false = 0.05, 0.7, 0.2
    for seen in itertools.product([True, False], repeat=5):
        signal = prior * np.prod([if_true if peak else 1 - if_true for peak in seen])
        noise = (1 - prior) * np.prod([if_false if peak else 1 - if_false for peak in seen])
        chances = bayes.follow(prior, seen, if_true, if_false)
        assert chances[-1] == pytest.approx(signal / (signal + noise))
        assert len(chances) == 6


MESSAGES = [
    "claim your free trip to the moon",
    "telemetry of the launch looks good",
    "win win win",
    "zzz unknown",
]


@pytest.mark.parametrize("smoothing", [0.1, 1, 5])
@pytest.mark.parametrize("message", MESSAGES)
def test_the_spam_filter_is_scikit_learns(message, smoothing):
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.naive_bayes import MultinomialNB

    counter = CountVectorizer(token_pattern=bayes.WORD.pattern)
    counts = counter.fit_transform([*bayes.SPAM, *bayes.HAM])
    labels = [1] * len(bayes.SPAM) + [0] * len(bayes.HAM)
    theirs = (
        MultinomialNB(alpha=smoothing).fit(counts, labels).predict_proba(counter.transform([message]))[0, 1]
    )
    words, chances = bayes.learn(smoothing=smoothing).follow(message)
    assert chances[-1] == pytest.approx(theirs, rel=1e-9)
    assert len(chances) == len(words) + 1


def test_no_message_of_the_corpus_is_judged_wrong():
    learned = bayes.learn()
    for messages, spam in (bayes.SPAM, True), (bayes.HAM, False):
        assert [learned.follow(message)[1][-1] > 0.5 for message in messages] == [spam] * len(messages)


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda: chance.binomial(10, 1.5), "from 0 to 1"),
        (lambda: chance.binomial(0, 0.5), "trials"),
        (lambda: chance.dice_sum(0), "dice"),
        (lambda: chance.roll(2, 10**9, seed=1), "1,000,000"),
        (lambda: chance.debris_flux("1 km"), "10 cm"),
        (lambda: chance.chance_of_hit(1e-5, -1, 1), "m²"),
        (lambda: chance.chance_of_hit(1e-5, 1, float("nan")), "The time"),
        (lambda: bayes.update(0, 1, 0), "probability of 0 under both"),
        (lambda: bayes.update(2, 0.5, 0.5), "from 0 to 1"),
        (lambda: bayes.learn(smoothing=0), "above 0"),
    ],
)
def test_what_cannot_be_is_a_sentence(attempt, words):
    with pytest.raises(SpaceHubError, match=words):
        attempt()
