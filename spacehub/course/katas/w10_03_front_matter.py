"""A card's front matter.

Return the front matter of a card as a dictionary of strings. The front matter consists of the lines between a first line "---" and the next
line "---". Each of these lines has the form "key: value". If a card has no front matter, return an empty dictionary. Raise a `ValueError` if
the front matter is not closed.
"""

from spacehub.course.checks import refuses, returns

START = """
def front_matter(card):
    '''card: the text of a README.md. Return a dictionary.'''
"""
HINTS = (
    'Split the card with `card.splitlines()`. If the first line is not "---", the card has no front matter.',
    'Split each line at the first colon only, with `line.partition(":")`.',
)


def front_matter(card):
    lines = card.splitlines()
    if not lines or lines[0] != "---":
        return {}
    if "---" not in lines[1:]:
        raise ValueError("The front matter is not closed.")
    found = {}
    for line in lines[1 : lines.index("---", 1)]:
        key, colon, value = line.partition(":")
        if colon:
            found[key.strip()] = value.strip()
    return found


def wrong(card):
    return dict(part.split(": ") for part in card.split("---")[1].strip().splitlines())


CHECKS = (
    returns(
        "two keys", {"license": "mit", "language": "en"}, "---\nlicense: mit\nlanguage: en\n---\n# A card\n"
    ),
    returns("no front matter", {}, "# A card\n"),
    returns("a colon in the value", {"url": "https://example.org"}, "---\nurl: https://example.org\n---\n"),
    returns(
        "only the first closing line ends the front matter",
        {"a": "1"},
        "---\na: 1\n---\ntext\n---\nb: 2\n---\n",
    ),
    refuses("not closed", ValueError, "---\nlicense: mit\n"),
)
