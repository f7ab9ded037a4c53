"""A page of the course, run, as one HTML file that asks no other server for anything."""

import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from docs.course.pages import FOLDER, INDEX, LINK, pages

if TYPE_CHECKING:
    from nbconvert import HTMLExporter
    from nbformat import NotebookNode

FIGURE_TITLE = re.compile(r"""title(?:=|\()\s*f?"([^"]+)\"""")
PLACEHOLDER = re.compile(r"{[^}]*}")
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)


def title(path: Path) -> str:
    """Return a page's first heading."""
    return TITLE.search(path.read_text(encoding="utf-8"))[1]


def place(path: Path) -> str:
    """Return the name of a page's HTML file."""
    return "index.html" if path == INDEX else f"{path.stem}.html"


def to_html(path: Path, notebook: "NotebookNode", output: Path) -> str:
    """Return a page that was run as HTML to be put into the folder `output`; its links lead where they led."""
    linked = nbformat.from_dict(notebook)
    for cell in linked.cells:
        if cell.cell_type == "markdown":
            cell.source = LINK.sub(lambda found: _moved(found, path, output), cell.source)
        elif cell.cell_type == "code":
            # What is read out where a figure cannot be seen.
            titles = [
                PLACEHOLDER.sub("…", title).removesuffix("…") for title in FIGURE_TITLE.findall(cell.source)
            ]
            cell.metadata["alt"] = f"Figure. {'; '.join(titles)}".strip()
    others = pages()
    here = others.index(path) if path in others else None
    course = {"title": title(path), "css": _css(), "page": here is not None}
    if here is not None:
        course["before"] = place(others[here - 1]) if here else ""
        course["after"] = place(others[here + 1]) if here + 1 < len(others) else ""
    html, _ = _exporter().from_notebook_node(linked, resources={"course": course})
    return html


def index(output: Path) -> str:
    """Return the course's index as HTML."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell(INDEX.read_text(encoding="utf-8"))]
    )
    return to_html(INDEX, notebook, output)


def _moved(found: re.Match, path: Path, output: Path) -> str:
    target, _, part = found[1].partition("#")
    if "://" in target or not target:
        return found[0]
    aim = (path.parent / target).resolve()
    new = place(aim) if aim == INDEX or aim in pages() else Path(os.path.relpath(aim, output)).as_posix()
    return found[0].replace(f"({found[1]})", f"({new}#{part})" if part else f"({new})")


@cache
def _exporter() -> "HTMLExporter":
    from nbconvert import HTMLExporter

    return HTMLExporter(
        template_name="template", exclude_output_prompt=True, extra_template_basedirs=[str(FOLDER)]
    )


@cache
def _css() -> str:
    """Return the pages' style, with the colours of code in light and dark."""
    from pygments.formatters import HtmlFormatter

    light, dark = (
        "\n".join(
            line
            for line in HtmlFormatter(style=style).get_style_defs(".highlight").splitlines()
            if "{" in line
        )
        for style in ("friendly", "github-dark")
    )
    own = (FOLDER / "template" / "style.css").read_text(encoding="utf-8")
    ground = ".highlight { background: none }"
    return f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n{ground}\n{own}"
