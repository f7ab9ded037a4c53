"""Tokens and attention: how text is split into tokens, how words are weighted, and how attention works."""

from space_app.lab.frame import Experiment
from space_app.lab.tokens import bert, scale, tfidf, wordpiece, words

EXPERIMENT = Experiment(
    benches=[wordpiece.BENCH, tfidf.BENCH, scale.BENCH, words.BENCH, bert.BENCH],
)
