"""A sweep of value iteration.

Return the new values of all states after one sweep: the best over the actions of the expected reward plus the discounted value of the
next state. Use the old values for the whole sweep.
"""

from spacehub.course.checks import returns

START = """
def sweep(values, outcomes, discount):
    '''outcomes[s][a]: list of (chance, next state, reward). Return a list of new values.'''
"""
HINTS = (
    "The worth of an action is the sum of chance * (reward + discount * values[next]).",
    "Build a new list: a value that was already changed must not be used in the same sweep.",
)


def sweep(values, outcomes, discount):
    return [
        max(
            sum(chance * (reward + discount * values[state]) for chance, state, reward in ends)
            for ends in actions
        )
        for actions in outcomes
    ]


def wrong(values, outcomes, discount):
    values = list(values)
    for place, actions in enumerate(outcomes):
        values[place] = max(
            sum(chance * (reward + discount * values[state]) for chance, state, reward in ends)
            for ends in actions
        )
    return values


CHECKS = (
    returns("the best action", [2.0], [0.0], [[[(1.0, 0, 1.0)], [(1.0, 0, 2.0)]]], 0.9),
    returns("the chances weigh", [0.25], [0.0], [[[(0.25, 0, 1.0), (0.75, 0, 0.0)]]], 1.0),
    returns("the old values count", [1.0, 0.0], [0.0, 1.0], [[[(1.0, 1, 0.0)]], [[(1.0, 0, 0.0)]]], 1.0),
    returns("the discount", [0.5], [1.0], [[[(1.0, 0, 0.0)]]], 0.5),
)
