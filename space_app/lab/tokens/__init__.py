"""Tokens and attention: a text cut into pieces, its words weighted, and how they attend to each other."""

from space_app.lab.frame import Experiment
from space_app.lab.tokens import bert, scale, tfidf, wordpiece, words

EXPERIMENT = Experiment(
    benches=[wordpiece.BENCH, tfidf.BENCH, scale.BENCH, words.BENCH, bert.BENCH],
)
