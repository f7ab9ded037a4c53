"""TF-IDF with logistic regression, and with naive Bayes: words and pairs of words, each with a weight.

The logistic regression is published as ``linear/model.json``: every term with its inverse document
frequency and its coefficient, which `spacehub.serving.titles.linear.Linear` reads without scikit-learn.
"""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from spacehub.models.titles import evaluation
from spacehub.models.titles.titles import Titles
from spacehub.serving.titles.linear import TOKEN, Linear

TERMS = 60_000
STRENGTHS = (1.0, 2.0, 4.0, 8.0, 16.0)
SMOOTHINGS = (0.03, 0.1, 0.3, 1.0)
FOLDS = 5
CROSS_VALIDATED = 4.0  # inverse regularisation strengths; the middle one is the default
DIGITS = 6


def fit(titles: Titles, *, seed: int) -> tuple[Linear, float]:
    """Fit the logistic regression.

    Return it and its inverse regularisation strength, chosen on the validation split.
    """
    train, held_out = titles.rows("train"), titles.rows("validation")
    vectors = _vectors()
    seen = vectors.fit_transform(titles.texts[train])
    held_out_vectors, labels = vectors.transform(titles.texts[held_out]), titles.labels[held_out]
    fitted = [_regression(strength, seed).fit(seen, titles.labels[train]) for strength in STRENGTHS]
    margins = [regression.decision_function(held_out_vectors) for regression in fitted]
    best = int(np.argmax([evaluation.average_precision(margin, labels) for margin in margins]))
    temperature = evaluation.temperature(margins[best], labels)
    terms = {
        term: (_rounded(vectors.idf_[place]), _rounded(fitted[best].coef_[0, place]))
        for term, place in sorted(vectors.vocabulary_.items())
    }
    intercept = _rounded(fitted[best].intercept_[0])
    linear = Linear(terms, re.compile(TOKEN), intercept, temperature, 0.5)
    threshold = evaluation.threshold(linear.chances(titles.texts[held_out]), labels)
    return replace(linear, threshold=threshold), STRENGTHS[best]


def write(linear: Linear, path: Path) -> None:
    """Write ``linear/model.json``."""
    facts = {
        "token": linear.token.pattern,
        "ngrams": [1, 2],
        "temperature": linear.temperature,
        "threshold": linear.threshold,
        "intercept": linear.intercept,
        "terms": linear.terms,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(facts, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def naive_bayes(titles: Titles) -> tuple[dict[str, np.ndarray], float]:
    """Fit naive Bayes on the same terms.

    Return its log odds by split, and its smoothing, chosen on the validation split.
    """
    from sklearn.naive_bayes import MultinomialNB

    vectors = _vectors()
    seen = vectors.fit_transform(titles.texts[titles.rows("train")])
    vectors_by_split = {
        split: vectors.transform(titles.texts[titles.rows(split)])
        for split in ("validation", "test", "later")
    }
    candidates = []
    for smoothing in SMOOTHINGS:
        fitted = MultinomialNB(alpha=smoothing).fit(seen, titles.labels[titles.rows("train")])
        candidates.append(
            {
                split: np.diff(fitted.predict_joint_log_proba(part), axis=1)[:, 0]
                for split, part in vectors_by_split.items()
            }
        )
    labels = titles.labels[titles.rows("validation")]
    best = int(
        np.argmax([evaluation.average_precision(candidate["validation"], labels) for candidate in candidates])
    )
    return candidates[best], SMOOTHINGS[best]


def cross_validated(texts: np.ndarray, labels: np.ndarray, *, seed: int) -> np.ndarray:
    """Return each text's probability of *space* (n,), from a regression that did not see it."""
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    model = make_pipeline(_vectors(), _regression(CROSS_VALIDATED, seed))
    return cross_val_predict(model, texts, labels, cv=folds, method="predict_proba")[:, 1]


def _vectors():
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(
        ngram_range=(1, 2), min_df=2, max_features=TERMS, sublinear_tf=True, token_pattern=TOKEN
    )


def _regression(strength: float, seed: int):
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=strength, max_iter=1000, random_state=seed)


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
