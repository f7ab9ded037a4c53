"""A Bayes update.

Return how likely a hypothesis is after an observation, from its prior chance, the chance of the observation if it is true, and
that if it is false.
"""

from spacehub.course.checks import holds, returns

START = """
def bayes_update(prior, if_true, if_false):
    '''All chances from 0 to 1. Return the posterior chance.'''
"""
HINTS = (
    "Both: prior * if_true. The observation at all: that plus (1 - prior) * if_false.",
    "The posterior is the first over the second.",
)


def bayes_update(prior, if_true, if_false):
    both = prior * if_true
    return both / (both + (1 - prior) * if_false)


def wrong(prior, if_true, if_false):
    return prior * if_true


CHECKS = (
    returns("a rare signal", 0.009 / 0.0585, 0.01, 0.9, 0.05),
    returns("an uninformative observation", 0.3, 0.3, 0.4, 0.4),
    returns("a certain hypothesis stays certain", 1.0, 1.0, 0.2, 0.9),
    holds(
        "two updates in a row",
        lambda f: abs(f(f(0.01, 0.9, 0.05), 0.9, 0.05) - 0.7659574468) < 1e-9,
        "Twice gives 76.6 %.",
    ),
)
