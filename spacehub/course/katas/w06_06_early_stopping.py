"""Early stopping.

From the validation losses of each epoch, return the epoch (counted from 0) whose weights to keep: the best one before training
stops, which it does after `patience` epochs in a row without a new best.
"""

from spacehub.course.checks import returns

START = """
def keep(losses, patience):
    '''losses: a list of numbers, not empty. Return the epoch of the best weights.'''
"""
HINTS = (
    "Remember the best loss and its epoch.",
    "Stop the loop when epoch - best_epoch reaches the patience: later losses were never seen.",
)


def keep(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best


def wrong(losses, patience):
    return losses.index(min(losses))


CHECKS = (
    returns("a loss that only falls", 3, [4, 3, 2, 1], 2),
    returns("it stops before a later best", 1, [5, 3, 4, 4, 1], 2),
    returns("with more patience it gets there", 4, [5, 3, 4, 4, 1], 3),
    returns("an equal loss is no new best", 0, [2, 2, 2, 2], 2),
)
