"""Interview: brackets.

Return whether the brackets ()[]{} of a text are closed in the right order. Other characters do not matter.
"""

from spacehub.course.checks import returns

START = """
def balanced(text):
    '''Return True or False.'''
"""
HINTS = (
    "Keep a list of the brackets that are open: append and pop.",
    "A closing bracket must match the last open one; at the end nothing may be open.",
)


def balanced(text):
    pairs, still_open = {")": "(", "]": "[", "}": "{"}, []
    for sign in text:
        if sign in "([{":
            still_open.append(sign)
        elif sign in pairs and (not still_open or still_open.pop() != pairs[sign]):
            return False
    return not still_open


def wrong(text):
    return all(text.count(a) == text.count(b) for a, b in ("()", "[]", "{}"))


CHECKS = (
    returns("nested", True, "f(a[1], {2})"),
    returns("crossed", False, "([)]"),
    returns("closed before it is open", False, ")("),
    returns("left open", False, "(("),
    returns("none", True, "abc"),
)
