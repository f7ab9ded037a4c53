"""Numbers in a page's text: the page's own code computes ``{{ expression:format }}``, so no number is typed.

The braces contain the same expression and format as in an f-string, with the variables that the page's cells set:
``{{ ratio:.0f }} times as heavy``.
"""

import json
import re
from typing import TYPE_CHECKING

import nbformat

from spacehub.errors import SpaceHubError

if TYPE_CHECKING:
    from nbformat import NotebookNode

COMPUTED = re.compile(r"{{\s*(.+?)\s*}}")

# Code, link targets and formulas in backticks are not prose.
_NOT_PROSE = re.compile(r"```.*?```|`[^`]*`|\]\([^)]*\)|<!--(?! result \d:).*?-->|<(?!!--)[^>]+>", re.DOTALL)
# Numbers that are set, not computed: years, numbers of exercises and list items, and weeks (in a table, the last column).
_SET = re.compile(
    r"<!-- result \d:|\b(?:1[6-9]|20)\d\ds?\b|^\*\*\d+\.\*\*|^\d+\. |\b[Ww]eeks? \d+(?: to \d+)?|\| [\d, to]+ \|$",
    re.MULTILINE,
)
# Names that contain a digit.
_NAMES = re.compile(
    r"\b(?:RK4|DOP853|L[1-5]|UCB1|F1|F9|Falcon 9|Voyager 1|EfficientNet-Lite0|Stable-Baselines3|ResNet\d+|p95|R²|[A-Z]_\d)"
)
_NUMBER = re.compile(
    r"[\d½¼¾⅓⅔⅛⅜²³]+|\b(?:hundred|thousand|million|billion)s?\b|\b(?:half|twice|double|a third|two thirds|a quarter|a tenth|"
    r"one in [a-z]+|[a-z]+ times (?:as|more|less|better|worse|larger|smaller|heavier)\b)",
    re.IGNORECASE,
)


def typed_numbers(text: str, constants: dict[str, str]) -> list[str]:
    """Return the numbers of a page's prose that no cell computes, each with its context.

    Settings are allowed: the values in "Try the app", and the values that an exercise gives.

    Parameters
    ----------
    constants : dict
        Phrases that contain a number with another source, and this source.
    """
    text = re.sub(r"^## Try the app$.*?(?=^## )", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"(^\*\*\d+\.\*\*).*?(?=<details>)", r"\1\n", text, flags=re.DOTALL | re.MULTILINE)
    for pattern, put in ((_NOT_PROSE, " "), (COMPUTED, "#"), (_SET, " "), (_NAMES, " ")):
        text = pattern.sub(put, text)
    text = " ".join(text.split())
    for phrase in constants:
        text = text.replace(phrase, " ")
    return [text[max(0, found.start() - 40) : found.end() + 30] for found in _NUMBER.finditer(text)]


# Runs before a page: defines the function that computes a number once all names in it are known.
HELPER = """
def __number__(place, text, make, known={}):
    if place not in known:
        try:
            known[place] = make()
        except NameError:
            return None
        except Exception as error:
            raise ValueError("in the prose, {{ " + text + " }}: " + repr(error)) from error
    return known[place]
"""


def with_computing(cells: list["NotebookNode"]) -> list["NotebookNode"]:
    """Return the cells, with an additional cell wherever a number of the prose may become known; it prints all numbers.

    A number is computed as soon as all its names exist, at its place or after a later code cell.
    """
    out, wanted = [], []
    for cell in cells:
        new = COMPUTED.findall(cell.source) if cell.cell_type == "markdown" else []
        wanted += new
        before, after = (bool(new), False) if cell.cell_type == "markdown" else (False, bool(wanted))
        if before:
            out.append(_computing(wanted))
        out.append(cell)
        if after and cell.cell_type == "code":
            out.append(_computing(wanted))
    return out


def _computing(wanted: list[str]) -> "NotebookNode":
    values = ", ".join(
        f"__number__({place}, {text!r}, lambda: f'''{{{text}}}''')" for place, text in enumerate(wanted)
    )
    cell = nbformat.v4.new_code_cell(f"print(__import__('json').dumps([{values}]))")
    cell.metadata["computes"] = wanted[-1]
    return cell


def fill(cells: list["NotebookNode"]) -> list["NotebookNode"]:
    """Return the cells without the additional cells of `with_computing`, with the numbers inserted.

    Raises
    ------
    SpaceHubError
        If a number has a name that no cell sets.
    """
    known: dict[int, str] = {}
    for cell in cells:
        if "computes" in cell.metadata:
            values = json.loads("".join(output.text for output in cell.outputs))
            known |= {place: value for place, value in enumerate(values) if value is not None}
    out, place = [], 0
    for cell in cells:
        if "computes" in cell.metadata:
            continue
        if cell.cell_type == "markdown":
            for text in COMPUTED.findall(cell.source):
                if place not in known:
                    raise SpaceHubError(
                        f"No cell of the page defines all names in {{{{ {text} }}}}.",
                        "Fix the expression or the page's code.",
                    )
                cell.source = COMPUTED.sub(lambda _: known[place], cell.source, count=1)  # noqa: B023
                place += 1
        out.append(cell)
    return out
