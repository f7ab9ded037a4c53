"""A sweep of value iteration.

Return the new values of all states after one sweep of value iteration. The value of an action is the expected sum of the reward and the
discounted value of the next state. The new value of a state is the value of its best action. Use the old values throughout the sweep.
"""

from spacehub.course.checks import returns

START = """
def sweep(values, outcomes, discount):
    '''outcomes[s][a]: list of (probability, next state, reward). Return a list of new values.'''
"""
HINTS = (
    "The value of an action is the sum of `probability * (reward + discount * values[next])`.",
    "Store the new values in a new list, because the sweep must not use values that it has already changed.",
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
    returns(
        "outcomes are weighted by their probability", [0.25], [0.0], [[[(0.25, 0, 1.0), (0.75, 0, 0.0)]]], 1.0
    ),
    returns(
        "the sweep uses the old values", [1.0, 0.0], [0.0, 1.0], [[[(1.0, 1, 0.0)]], [[(1.0, 0, 0.0)]]], 1.0
    ),
    returns("the discount", [0.5], [1.0], [[[(1.0, 0, 0.0)]]], 0.5),
)
