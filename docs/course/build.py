"""Run the course's pages and write them as HTML.

Run it from the checkout::

    python -m docs.course.build           # all weeks, into docs/course/html
    python -m docs.course.build 1 2       # these alone
"""

import argparse
import os
import sys
import time
from pathlib import Path

from docs.course import export, pages
from spacehub.errors import SpaceHubError


def main(arguments: list[str] | None = None) -> None:
    """Read the command line, and build what it names."""
    parser = argparse.ArgumentParser(prog="python -m docs.course.build", description=__doc__.splitlines()[0])
    parser.add_argument(
        "weeks", nargs="*", type=int, metavar="week", help="which pages; all when none is named"
    )
    parser.add_argument("--output", type=Path, default=pages.FOLDER / "html", help="folder of the HTML files")
    options = parser.parse_args(arguments)
    try:
        build([pages.page(week) for week in options.weeks] or pages.pages(), options.output.resolve())
    except SpaceHubError as error:
        sys.exit(f"{error.problem}\n{error.mend}")
    except KeyboardInterrupt:
        sys.exit(130)


def build(chosen: list[Path], output: Path) -> None:
    """Run the pages one after another, and write each as HTML, and the index, into the folder `output`.

    Raises
    ------
    SpaceHubError
        When a page's code fails, or the folder cannot be written.
    """
    with pages.kernel() as manager:
        for number, path in enumerate(chosen, start=1):
            print(f"[{number} of {len(chosen)}] {path.name} ...", end=" ", flush=True)
            start = time.monotonic()
            notebook = pages.run(path, manager)
            print(f"ran in {time.monotonic() - start:.1f} s", flush=True)
            _write(output / export.place(path), export.to_html(path, notebook, output))
    _write(output / "index.html", export.index(output))
    print(f"The course is in {output / 'index.html'}")


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise SpaceHubError(
            f"{path} cannot be written: {error.strerror or error}.", "Name another folder with --output."
        ) from error


if __name__ == "__main__":
    main()
