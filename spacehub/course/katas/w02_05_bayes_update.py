"""A Bayes update.

Return the probability of a hypothesis after an observation. The arguments are the prior probability, the probability of the observation if
the hypothesis is true, and the probability of the observation if the hypothesis is false.
"""

from spacehub.course.checks import holds, returns

START = """
def bayes_update(prior, if_true, if_false):
    '''All probabilities are from 0 to 1. Return the posterior probability.'''
"""
HINTS = (
    "The probability of the hypothesis together with the observation is `prior * if_true`. The total probability of the observation is `prior * if_true + (1 - prior) * if_false`.",
    "The posterior is `prior * if_true` divided by the total probability of the observation.",
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
        "Two updates should give 76.6 %.",
    ),
)
