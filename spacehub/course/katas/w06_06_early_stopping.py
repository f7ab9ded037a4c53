"""Early stopping.

Training stops after `patience` epochs in a row without a new lowest validation loss. Given the validation loss of each epoch, return the
epoch with the lowest loss before training stops. Count the epochs from 0.
"""

from spacehub.course.checks import returns

START = """
def keep(losses, patience):
    '''losses: a list of numbers, not empty. Return the epoch of the best weights.'''
"""
HINTS = (
    "Store the best loss and its epoch.",
    "Stop the loop when `epoch - best_epoch` reaches the patience, because training never reaches the later epochs.",
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
    returns("training stops before a later, better epoch", 1, [5, 3, 4, 4, 1], 2),
    returns("more patience reaches the better epoch", 4, [5, 3, 4, 4, 1], 3),
    returns("an equal loss is not a new best", 0, [2, 2, 2, 2], 2),
)
