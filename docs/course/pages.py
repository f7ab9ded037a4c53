"""The course's pages as notebooks: read from Markdown, and run in a kernel of this interpreter."""

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from docs.course import prose
from spacehub.errors import SpaceHubError

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager
    from nbformat import NotebookNode

FOLDER = Path(__file__).resolve().parent
INDEX = FOLDER / "README.md"
# Pages without code to run.
EXTRAS = INTERVIEW, GLOSSARY, MISSION, CHALLENGE, RESOURCES = tuple(
    FOLDER / f"{name}.md" for name in ("interview", "glossary", "mission", "challenge", "resources")
)
# Long enough for a busy machine: on an idle one, no page needs a tenth of this time.
CELL_SECONDS = 280
# A page starts from an empty kernel, whatever the page before it left there. Once PyTorch is loaded, the
# reset would take a second if its collections did not skip what earlier pages have imported.
AFRESH = """
import matplotlib.pyplot
from spacehub.collector import collect_rarely
matplotlib.pyplot.close('all')
collect_rarely()
%reset -f
__import__('gc').freeze()
"""
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")

_OTHER_LANGUAGE = re.compile(r"%%(\w+)\n")
_FOLD = re.compile(r"^(<details>\n<summary>.*?</summary>|</details>)$", re.MULTILINE)
_RAISED_AT = re.compile(r"^-+> +\d+ (.+)$", re.MULTILINE)
_COLOUR = re.compile(r"\x1b\[[\d;]*m")


def pages() -> list[Path]:
    """Return the pages of all weeks, in order."""
    return sorted(FOLDER.glob("week-[0-9][0-9].md"))


def page(week: int) -> Path:
    """Return the page of a week.

    Raises
    ------
    SpaceHubError
        If the course has no page for this week.
    """
    path = FOLDER / f"week-{week:02}.md"
    if path not in pages():
        raise SpaceHubError(
            f"The course has no page for week {week}.",
            f"Choose one of: {', '.join(str(int(found.stem[-2:])) for found in pages())}.",
        )
    return path


def read(path: Path) -> "NotebookNode":
    """Read a page. Python code blocks become code cells; blocks in other languages, or marked ``.noeval``, become text.

    The two ends of a fold (``<details>``) become raw cells, so that code can be between them.
    """
    notebook = jupytext.read(path, fmt="md")
    cells = []
    for cell in notebook.cells:
        other = _OTHER_LANGUAGE.match(cell.source) if cell.cell_type == "code" else None
        if other:
            cells.append(nbformat.v4.new_markdown_cell(f"```{other[1]}\n{cell.source[other.end() :]}\n```"))
        elif cell.cell_type == "markdown":
            parts = [part.strip("\n") for part in _FOLD.split(cell.source)]
            cells += [
                nbformat.v4.new_raw_cell(part)
                if _FOLD.fullmatch(part)
                else nbformat.v4.new_markdown_cell(part)
                for part in parts
                if part
            ]
        else:
            cells.append(cell)
    notebook.cells = cells
    return notebook


def links(path: Path) -> list[str]:
    """Return the targets of a page's relative links, as written."""
    return [target for target in LINK.findall(path.read_text(encoding="utf-8")) if "://" not in target]


@contextlib.contextmanager
def kernel() -> Iterator["AsyncKernelManager"]:
    """Start a kernel of this interpreter, and stop it at the end.

    The user's installed kernels, start-up files and settings do not affect it. Temporary files of the
    pages are removed when the kernel stops.
    """
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from jupyter_core.utils import run_sync

    with tempfile.TemporaryDirectory(prefix="spacehub-course-") as scratch:
        # A page must not depend on whether HF_ENDPOINT is set.
        environment = {name: value for name, value in os.environ.items() if name != "HF_ENDPOINT"} | {
            "IPYTHONDIR": scratch,
            "TMPDIR": scratch,
            "JUPYTER_CONFIG_DIR": scratch,
            "JUPYTER_NO_CONFIG": "1",
            # The computations are small, so more threads would only wait for each other.
            "OMP_NUM_THREADS": "1",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        }
        manager = AsyncKernelManager(
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),
            connection_file=os.path.join(scratch, "kernel.json"),
            transport="ipc",
            ip=os.path.join(scratch, "socket"),
        )
        run_sync(manager.start_kernel)(cwd=str(FOLDER), env=environment)
        try:
            yield manager
        finally:
            run_sync(manager.shutdown_kernel)(now=True)


def run(path: Path, manager: "AsyncKernelManager") -> "NotebookNode":
    """Run all code of a page, and return the page with its outputs and with the numbers in its text.

    Raises
    ------
    SpaceHubError
        If the code fails or takes too long; the message gives the page, the line and the exception.
    """
    notebook = read(path)
    notebook.cells = prose.with_computing(notebook.cells)
    first = nbformat.v4.new_code_cell(AFRESH + prose.HELPER)
    notebook.cells.insert(0, first)
    client = NotebookClient(notebook, km=manager, timeout=CELL_SECONDS)
    started = []
    client.on_cell_execute = lambda cell, **_: started.append(cell)
    try:
        client.execute()
    except CellExecutionError as error:
        raise _broken(
            path, started[-1], f"{error.ename}: {error.evalue}".rstrip(": "), error.traceback
        ) from None
    except (CellTimeoutError, DeadKernelError) as error:
        raise _broken(path, started[-1], str(error).splitlines()[0].rstrip(".")) from error
    finally:
        # nbclient does not close the channels of a kernel that it has not started.
        if client.kc is not None:
            client.kc.stop_channels()
    notebook.cells = prose.fill(notebook.cells[1:])
    return notebook


def _broken(path: Path, cell: "NotebookNode", problem: str, traceback: str = "") -> SpaceHubError:
    """Describe in a sentence what went wrong, and where on the page."""
    text = path.read_text(encoding="utf-8")
    line = text[: text.find(cell.metadata.get("computes", cell.source))].count("\n") + 1
    raised = _RAISED_AT.search(_COLOUR.sub("", traceback))
    at = f" at `{raised[1].strip()}`" if raised else ""
    return SpaceHubError(
        f"{path.name}: the code that starts on line {line} does not run: {problem}{at}.",
        "Fix the page or the code that it calls.",
    )
