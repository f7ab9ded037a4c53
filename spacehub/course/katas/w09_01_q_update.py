"""A Q-learning update.

Return the new value of Q(s, a) after one move. The value moves by a fraction `rate` towards the target ``reward + discount * max Q(s', b)``.
If the move ends the episode, the target is the reward alone.
"""

from spacehub.course.checks import returns

START = """
def q_update(value, reward, following, over, rate, discount):
    '''following: list of the Q values of the next state. Return the new value.'''
"""
HINTS = (
    "The target is `reward` if the episode is over, and `reward + discount * max(following)` otherwise.",
    "The new value is `value + rate * (target - value)`.",
)


def q_update(value, reward, following, over, rate, discount):
    target = reward if over else reward + discount * max(following)
    return value + rate * (target - value)


def wrong(value, reward, following, over, rate, discount):
    return value + rate * (reward + discount * max(following) - value)


CHECKS = (
    returns("a move during the episode", 0.54, 0.5, 0.0, [1.0, 0.2], False, 0.1, 0.9),
    returns("the end of an episode", 0.6, 0.5, 1.0, [9.0], True, 0.2, 0.9),
    returns("a rate of 1 forgets the old value", 2.0, 7.0, 1.0, [0.0, 2.0], False, 1.0, 0.5),
    returns("negative values", -0.9, 0.0, -1.0, [-2.0, -4.0], False, 0.3, 1.0),
)
