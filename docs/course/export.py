"""Export a page that was run as Markdown with figures, for GitHub and the app."""

import base64
import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from docs.course.pages import FOLDER, INDEX, LINK

if TYPE_CHECKING:
    from nbformat import NotebookNode

# The folder of the built pages, which the app contains and GitHub shows.
BUILT = FOLDER.parents[1] / "space_app" / "course" / "pages"
FIGURE_TITLE = re.compile(r"""title(?:=|\()\s*f?"([^"]+)\"""")
PLACEHOLDER = re.compile(r"{[^}]*}")
# The words of a title that a value at its end would complete, such as ", best at …".
_DANGLING = re.compile(r"(?:,[^,]*)? (?:at|for a) …$")
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
QUALITY = 88

_STYLE = re.compile(r"<style.*?</style>\s*", re.DOTALL)
_ATTRIBUTES = re.compile(r"<(table|thead|tbody|tr|th|td)\b[^>]*>")


def title(path: Path) -> str:
    """Return a page's first heading."""
    return TITLE.search(path.read_text(encoding="utf-8"))[1]


def to_markdown(path: Path, notebook: "NotebookNode") -> tuple[str, dict[str, bytes]]:
    """Return a page that was run as Markdown for the `BUILT` folder, and its figures as PNG, keyed by their WebP file names."""
    parts, figures = [], {}
    # A page that only shows commands has no language.
    language = notebook.metadata.get("jupytext", {}).get("main_language", "python")
    for cell in notebook.cells:
        if cell.cell_type == "code":
            parts.append(f"```{language}\n{cell.source}\n```")
            parts += _outputs(cell, path.stem, figures)
        elif cell.cell_type == "markdown":
            # Readers see this block as ordinary code.
            cell.source = cell.source.replace("```python .noeval", "```python")
            parts.append(LINK.sub(lambda found: _moved(found, path), cell.source))
        elif not cell.source.startswith("<!--"):
            parts.append(cell.source)
    text = "\n\n".join(part.strip("\n") for part in parts if part.strip())
    return re.sub(r"\A<!--.*?-->\s*", "", text, flags=re.DOTALL) + "\n", figures


def _outputs(cell: "NotebookNode", stem: str, figures: dict[str, bytes]) -> list[str]:
    parts = []
    for output in _joined(cell.outputs):
        data = output.get("data", {})
        if output.output_type == "stream" and output.name == "stdout":
            parts.append(_text(output.text))
        elif "image/png" in data:
            name = f"{stem}-{len(figures) + 1}.webp"
            figures[name] = base64.b64decode(data["image/png"])
            parts.append(f"![{_alt(cell.source)}]({name})")
        elif "text/html" in data:
            table = _ATTRIBUTES.sub(r"<\1>", _STYLE.sub("", data["text/html"]))
            parts.append(re.sub(r"^\s+|</?div[^>]*>", "", table, flags=re.MULTILINE).strip())
        elif "text/plain" in data:
            parts.append(_text(data["text/plain"]))
    return parts


def _joined(outputs: "list[NotebookNode]") -> "list[NotebookNode]":
    """Join the printed output of a cell, which arrives in different pieces in each run."""
    joined = []
    for output in outputs:
        if (
            joined
            and output.output_type == joined[-1].output_type == "stream"
            and output.name == joined[-1].name
        ):
            joined[-1].text += output.text
        else:
            joined.append(output.copy())
    return joined


def _text(output: str) -> str:
    return f"```text\n{output.rstrip()}\n```"


def _alt(source: str) -> str:
    """Return a figure's alternative text: the titles in the code that drew the figure."""
    titles = [PLACEHOLDER.sub("…", found).replace("\\n", " ") for found in FIGURE_TITLE.findall(source)]
    titles = [_DANGLING.sub("", title).strip(" …:,±") for title in titles if title.count("…") < 3]
    titles = [title[:1].upper() + title[1:] for title in titles]
    return f"Figure. {'; '.join(titles)}".strip().replace("[", "(").replace("]", ")")


def to_webp(png: bytes) -> bytes:
    """Return an image as WebP, lossless (better for lines) or lossy, whichever is smaller."""
    from PIL import Image

    encoded = []
    with Image.open(io.BytesIO(png)) as picture:
        flat = picture.convert("RGB")
    for lossless in (True, False):
        target = io.BytesIO()
        flat.save(target, "WEBP", lossless=lossless, quality=QUALITY, method=6)
        encoded.append(target.getvalue())
    return min(encoded, key=len)


def _moved(found: re.Match, path: Path) -> str:
    """Return a link of a page, with its target relative to `BUILT`."""
    target, _, part = found[1].partition("#")
    aim = (path.parent / target).resolve()
    if "://" in target or not target or (aim.parent == FOLDER and aim.suffix == ".md" and aim != INDEX):
        return found[0]
    new = Path(os.path.relpath(aim, BUILT)).as_posix()
    return found[0].replace(f"({found[1]})", f"({new}#{part})" if part else f"({new})")
