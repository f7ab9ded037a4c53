"""The course's questions: enough of them, complete, no two alike, and their numbers worked out again."""

import math
import re
from itertools import combinations

import numpy as np
import pytest

from spacehub.errors import SpaceHubError
from spacehub.lab import bayes, kepler
from spacehub.lab.checkpoints import WEEKS, week
from spacehub.lab.constants import EARTH_RADIUS, GM_EARTH

QUESTIONS = {question.key: question for number in range(1, WEEKS + 1) for question in week(number).questions}

NUMBERS = {
    "circular-speed": math.sqrt(GM_EARTH / (EARTH_RADIUS + 400e3)) / 1e3,
    "kepler-third-law": 4**1.5,
    "rk4-order": 2**4,
    "central-order": 10**2,
    "matrix-product-cost": 2**3,
    "base-rate": 100 * bayes.update(0.01, 0.9, 0.05),
    "odds-factor": 0.7 / 0.2,
    "monte-carlo-error": (0.02 / 0.01) ** 2,
    "sum-of-dice": math.sqrt(30 * np.var([1, 2, 3, 4, 5, 6])),
    "ten-landings": 100 * 0.9**10,
    "poisson-hit": 100 * (1 - math.exp(-0.1 * 10)),
    "log-loss": -math.log(0.01),
    "gini": 1 - 2 * 0.5**2,
    "entropy-of-four": -4 * 0.25 * math.log2(0.25),
    "bootstrap-share": 100 * (1 - (1 - 1 / 10_000) ** 10_000),
    "jaccard": 100 * 50 / 150,
    "explained-variance": 100 * 4**2 / (4**2 + 2**2 + 2**2),
    "pca-numbers-kept": 64 + 8 * 64 + 256 * 8,
    "count-parameters": 64 * 64 + 64 + 64 * 10 + 10,
    "sigmoid-slope": 0.5 * (1 - 0.5),
    "loss-at-start": math.log(10),
    "steps-in-epoch": math.ceil(1348 / 32),
    "valid-size": np.convolve(np.ones(32), np.ones(5), "valid").size,
    "stride-size": (32 + 2 - 3) // 2 + 1,
    "conv-parameters": 32 * (3 * 3 * 16 + 1),
    "receptive-field": 1 + 3 * 2,
    "attention-cost": 2**2,
    "idf": math.log(1000 / 50),
    "epsilon-share": 100 * (0.9 + 0.1 / 5),
    "q-update": 0.5 + 0.1 * (0 + 0.9 * 1 - 0.5),
    "discount": 0.99**100,
    "interval": 100 * 1.96 * math.sqrt(0.9 * 0.1 / 100),
    "throughput": 2 / 0.050,
    "many-tests": 100 * (1 - 0.95**20),
    "escape-speed": 7.7 * 2**0.5,
    "second-law-speed": 35 / 0.5,
    "euler-order": 8 / 2,
    "evaluations-rk4": 8000 / 4,
    "rotation-determinant": 1,
    "list-comprehension": sum(n * n for n in range(5) if n % 2 == 0),
    "two-dice-seven": 100 * 6 / 36,
    "at-least-one-six": 100 * (1 - (5 / 6) ** 4),
    "ace-in-hand": 100 * 3 / 51,
    "standard-error": 2 * (100 / 400) ** 0.5,
    "mean-or-median": 10,
    "independent-detectors": 100 * 324 / 423,
    "permutation-count": 1 / 1000,
    "r2-value": 1 - 20 / 80,
    "r2-correlation": 0.8**2,
    "one-step-descent": 3 - 0.1 * 4,
    "standard-scaler": (15000 - 9000) / 6000,
    "one-hot-count": 11,
    "odds-to-chance": 50,
    "leave-one-out": 199,
    "gini-three-to-one": 1 - (0.75**2 + 0.25**2),
    "entropy-pure": 0,
    "leaves-of-depth": 2**5,
    "boosting-rate": 0.1 * 2,
    "roundness-square": 3.14159265 / 4,
    "dendrogram-cut": 3,
    "merges-count": 49,
    "silhouette-value": (8 - 2) / 8,
    "pca-uncorrelated": 0,
    "f1-from-both": 100 * 2 * 0.75 * 0.5 / 1.25,
    "false-alarm-rate": 0.05 * 200,
    "neuron-by-hand": max(0, 2 - 3 + 0.5),
    "weight-update": 0.5 - 0.5 * -0.06,
    "sigmoid-derivative": 0.8 * 0.2,
    "chain-rule": 3 * 0.2,
    "conv-by-hand": 2 - 7,
    "max-pool-value": max(3, 8, 1, 4),
    "same-padding": (7 - 1) // 2,
    "stride-field": 3 + 2 * 2,
    "channels-sum": 27,
    "depthwise": 64 * 9 + 64 * 64,
    "half-open-gate": 100 * 0.5**10,
    "lstm-cell-update": 0.9 * 2 - 0.5,
    "bits-per-character": 6,
    "softmax-two": 75,
    "tf-idf-everywhere": 0,
    "kappa-meaning": 0.2 / 0.4,
    "return-three": 1 + 0.25 * 4,
    "bellman": 1 + 0.9 * 10,
    "thompson-posterior": 100 * 4 / 6,
    "slip-probability": 100 / 27,
    "flaky-test": 100 * (1 - 0.95**10),
    "int8-size": 5,
    "quantise-value": 100,
    "psi-equal": 0,
    "roc-auc-pairs": 3 / 4,
    "brier-value": (0.01 + 0.16) / 2,
    "binary-search": 20,
}


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def shingles(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[k : k + 3]) for k in range(max(1, len(found) - 2))}


def test_there_are_enough_in_every_week_under_names_of_their_own():
    counts = [len(week(number).questions) for number in range(1, WEEKS + 1)]
    assert min(counts) >= 10
    assert sum(counts) == len(QUESTIONS) >= 300
    assert len({week(number).title for number in range(1, WEEKS + 1)}) == WEEKS


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_question_is_complete(question):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", question.key)
    texts = (question.question, question.answer, question.why, *question.wrong)
    for text in texts:
        assert text == text.strip() != ""
        assert text.count("`") % 2 == 0
    assert question.question.endswith(("?", ".", ")"))
    assert "?" in question.question
    assert question.why.endswith((".", ")"))
    assert bool(question.bench) != bool(question.tab)
    assert len(question.wrong) in (0, 3)
    assert (
        len({" ".join(text.lower().split()) for text in texts[3:]} | {question.answer.lower()})
        == len(question.wrong) + 1
    )


def test_no_two_are_the_same():
    assert len({" ".join(words(question.question)) for question in QUESTIONS.values()}) == len(QUESTIONS)
    alike = [
        (one, other)
        for (one, first), (other, second) in combinations(
            ((key, shingles(question.question)) for key, question in QUESTIONS.items()), 2
        )
        if len(first & second) > 0.3 * len(first | second)
    ]
    assert alike == []
    assert len({question.why for question in QUESTIONS.values()}) == len(QUESTIONS)


def test_the_right_answer_is_not_told_by_its_length():
    chosen = [question for question in QUESTIONS.values() if question.wrong]
    longest, shortest = (
        sum(sign * len(q.answer) > max(sign * len(text) for text in q.wrong) for q in chosen)
        for sign in (1, -1)
    )
    # By chance it would be a quarter of them.
    assert longest < len(chosen) / 3
    assert shortest < len(chosen) / 3


@pytest.mark.parametrize(("key", "value"), NUMBERS.items(), ids=NUMBERS)
def test_a_number_is_right_and_no_other_choice_is_as_near(key, value):
    question = QUESTIONS[key]
    stated, *others = (
        float(re.search(r"-?[\d,]*\.?\d+", text.replace("−", "-")).group().replace(",", ""))
        if re.search(r"\d", text)
        else math.inf
        for text in (question.answer, *question.wrong)
    )
    assert stated == pytest.approx(value, rel=0.05)
    assert all(abs(other - value) > 2 * abs(stated - value) for other in others)


def test_the_height_of_the_geostationary_orbit():
    height = (kepler.ORBITS["Geostationary"].axis - EARTH_RADIUS) / 1e3
    assert f"{height:,.0f} km" in QUESTIONS["geostationary-equator"].why


@pytest.mark.parametrize("number", [0, 13, -1, 1.5, "3", None, [1]])
def test_another_week_is_a_sentence(number):
    with pytest.raises(SpaceHubError, match="from 1 to 12"):
        week(number)
