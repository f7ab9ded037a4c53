"""A kata a file, ``w04_02_gini.py`` for kata 4.2: its task, a start, hints, a solution, a wrong one, and checks.

The docstring's first line is the title; the rest is the task. `START` is what a learner begins with. The function of the same
name as the one in `START` is the solution, `wrong` is a typical mistake, and `CHECKS` are hidden, but named.
"""
