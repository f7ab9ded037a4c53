"""The katas, one per file, such as ``w04_01_gini.py`` for kata 4.1: task, start, hints, solution, wrong solution, and checks.

The docstring's first line is the title; the rest is the task. `START` is the code that a learner starts from. The function with the same
name as in `START` is the solution, `wrong` makes a typical mistake, and learners see only the names of the `CHECKS`.
"""
