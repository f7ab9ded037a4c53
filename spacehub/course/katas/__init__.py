"""One kata per file, such as ``w04_01_gini.py`` for kata 4.1: its task, a start, hints, a solution, a wrong one, and checks.

The docstring's first line is the title; the rest is the task. `START` is what a learner begins with. The function of the same
name as the one in `START` is the solution, `wrong` is a typical mistake, and `CHECKS` are hidden, but named.
"""
