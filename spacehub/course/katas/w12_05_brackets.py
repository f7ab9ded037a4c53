"""Interview: matching brackets.

Return whether the brackets `()[]{}` in a text are closed in the right order. Ignore other characters.
"""

from spacehub.course.checks import returns

START = """
def balanced(text):
    '''Return True or False.'''
"""
HINTS = (
    "Keep a list of the open brackets, and change it with `append` and `pop`.",
    "A closing bracket must match the last open bracket. At the end, no bracket may still be open.",
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
    returns("nested brackets", True, "f(a[1], {2})"),
    returns("crossed brackets", False, "([)]"),
    returns("a bracket closed before it is opened", False, ")("),
    returns("a bracket that stays open", False, "(("),
    returns("no brackets", True, "abc"),
)
