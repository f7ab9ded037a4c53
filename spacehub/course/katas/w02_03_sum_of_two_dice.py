"""The distribution of two dice.

Return the probabilities of the sums 2 to 12 of two fair dice, as a dictionary.
"""

from spacehub.course.checks import holds

START = """
def sum_of_two_dice():
    '''Return {2: probability, …, 12: probability}.'''
"""
HINTS = (
    "Two dice have 36 equally likely outcomes.",
    "Count the outcomes with each sum in two nested loops, and divide the counts by 36.",
)


def sum_of_two_dice():
    chances = dict.fromkeys(range(2, 13), 0.0)
    for first in range(1, 7):
        for second in range(1, 7):
            chances[first + second] += 1 / 36
    return chances


def wrong():
    return {total: 1 / 11 for total in range(2, 13)}


CHECKS = (
    holds(
        "the probabilities add up to 1",
        lambda f: abs(sum(f().values()) - 1) < 1e-9,
        "The probabilities do not add up to 1.",
    ),
    holds(
        "seven is the most likely sum, 6/36",
        lambda f: abs(f()[7] - 1 / 6) < 1e-9,
        "The probability of 7 is 6/36.",
    ),
    holds("twelve is 1/36", lambda f: abs(f()[12] - 1 / 36) < 1e-9, "The probability of 12 is 1/36."),
    holds("the sums are 2 to 12", lambda f: sorted(f()) == list(range(2, 13)), "The keys should be 2 to 12."),
)
