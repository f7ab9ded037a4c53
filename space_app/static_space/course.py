"""Write the course's pages as files: the app's pages, with links from file to file."""

import re
from pathlib import Path

from space_app.course import routes
from space_app.course.week import PAGES, WEEKS

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
# The Lab needs a server, so a link to an experiment becomes plain text.
_LAB = re.compile(r'<a href="\.\.?/lab/[\w-]+/">(.*?)</a>')
_LINKS = (
    (re.compile(r'href="(?:\./|\.\./)course/(\d+)(#[^"]*)?"'), r'href="week-\1.html\2"'),
    (
        re.compile(rf'href="(?:\./|\.\./)course/({"|".join([*routes.EXTRAS, "progress"])})(#[^"]*)?"'),
        r'href="\1.html\2"',
    ),
    (re.compile(r'href="\.\./course"'), 'href="index.html"'),
    (re.compile(r'src="\.\./course/(pages|static)/'), r'src="\1/'),
    (re.compile(r'href="\.\.?/"'), 'href="../index.html"'),
)
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"


def write(folder: Path) -> None:
    """Write the course into a new folder: ``index.html``, a page per week, the other pages, their figures and scripts."""
    pages = {"index": routes.index_page()} | {name: routes.extra_page(name) for name in routes.EXTRAS}
    pages |= {f"week-{number}": routes.week_page(number) for number in range(1, WEEKS + 1)}
    pages["progress"] = routes.progress_page()
    for name, path in routes.SCRIPTS.items():
        (folder / "static").mkdir(parents=True, exist_ok=True)
        (folder / "static" / name).write_bytes(path.read_bytes())
    (folder / "pages").mkdir()
    for figure in sorted(PAGES.glob("*.webp")):
        (folder / "pages" / figure.name).write_bytes(figure.read_bytes())
    (folder / "style.css").write_text(_STYLE.search(pages["index"])[1], encoding="utf-8")
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(_as_file(page), encoding="utf-8")


def _as_file(page: str) -> str:
    head = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><link rel="icon" href="data:,">'
    head += '<link rel="stylesheet" href="style.css">'
    page = _LAB.sub(r"\1", _STYLE.sub(head, page, count=1))
    for pattern, target in _LINKS:
        page = pattern.sub(target, page)
    return page
