"""Run the course's pages, and write them with numbers and figures for the app and GitHub.

Run it from the project's folder::

    python -m docs.course.build           # all weeks, into space_app/course/pages
    python -m docs.course.build 1 2       # only weeks 1 and 2
"""

import argparse
import os
import sys
import time
from pathlib import Path

from docs.course import days, export, katas, pages
from spacehub.errors import SpaceHubError


def main(arguments: list[str] | None = None) -> None:
    """Read the command line, and build the pages that it names."""
    parser = argparse.ArgumentParser(prog="python -m docs.course.build", description=__doc__.splitlines()[0])
    parser.add_argument(
        "weeks", nargs="*", type=int, metavar="week", help="week to build (default: all weeks)"
    )
    parser.add_argument("--output", type=Path, default=export.BUILT, help="folder for the built pages")
    options = parser.parse_args(arguments)
    try:
        build([pages.page(week) for week in options.weeks] or pages.pages(), options.output.resolve())
    except SpaceHubError as error:
        sys.exit(f"{error.problem}\n{error.fix}")
    except KeyboardInterrupt:
        sys.exit(130)


def build(chosen: list[Path], output: Path) -> None:
    """Run the pages one after another, and write each page and its figures into the `output` folder.

    Raises
    ------
    SpaceHubError
        If a page's code fails, or the folder cannot be written.
    """
    with pages.kernel() as manager:
        for number, path in enumerate(chosen, start=1):
            print(f"[{number} of {len(chosen)}] {path.name} ...", end=" ", flush=True)
            start = time.monotonic()
            text, figures = export.to_markdown(path, pages.run(path, manager))
            print(f"ran in {time.monotonic() - start:.1f} s", flush=True)
            _write(output, path, text, figures)
    for path in pages.EXTRAS:
        _write(output, path, *export.to_markdown(path, pages.read(path)))
    _write(output, days.DATA.with_suffix(".md"), days.markdown(output), {})
    _write(output, pages.FOLDER / f"{katas.STEM}.md", katas.markdown(), {})
    print(f"The course is in {output}")


def _write(output: Path, path: Path, text: str, figures: dict[str, bytes]) -> None:
    """Write a page after its figures, so that it never links to a missing figure; remove figures that it no longer has."""
    try:
        output.mkdir(parents=True, exist_ok=True)
        contents = {name: export.to_webp(png) for name, png in figures.items()}
        for name, content in {**contents, path.name: text.encode()}.items():
            temporary = output / f".{name}.{os.getpid()}"
            temporary.write_bytes(content)
            temporary.replace(output / name)
        for old in output.glob(f"{path.stem}-*.webp"):
            if old.name not in figures:
                old.unlink()
    except OSError as error:
        raise SpaceHubError(
            f"Cannot write {output}: {error.strerror or error}.", "Choose another folder with --output."
        ) from error


if __name__ == "__main__":
    main()
