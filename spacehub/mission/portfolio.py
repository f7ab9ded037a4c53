"""Write a portfolio: a page with the card of each mission of an account, and its verdict."""

from collections import Counter
from pathlib import Path

import jinja2

from spacehub import endpoint
from spacehub.course import progress as course
from spacehub.errors import SpaceHubError
from spacehub.mission.grade import PUBLISH, grade
from spacehub.mission.spec import PREFIX
from spacehub.models.proof import FAILED, OK, Finding
from spacehub.publish import push_folder
from spacehub.verify.hub import pull_model

TEMPLATE = Path(__file__).with_name("template") / "portfolio.html"
NAME = "portfolio"
MOST = 50
_README = "---\ntitle: Portfolio\nsdk: static\napp_file: index.html\nlicense: apache-2.0\n---\n# The portfolio of {account}\n"


def write(account: str, folder: Path, *, progress: Path | None = None) -> int:
    """Verify every mission of `account` on the Hub, write the page, and return how many missions hold.

    Parameters
    ----------
    progress : Path, optional
        A file with course progress. The page then also shows a summary of each week.

    Raises
    ------
    SpaceHubError
        If the account has neither a mission nor progress, the Hub cannot be reached, or a file cannot be read or written.
    """
    from huggingface_hub import HfApi

    endpoint.require_reachable()
    found = sorted(one.id for one in HfApi().list_models(author=account, search=PREFIX, limit=MOST))
    missions = [_mission(repo_id) for repo_id in found if repo_id.startswith(f"{account}/{PREFIX}")]
    weeks = course.weeks(course.read(progress)) if progress else []
    if not missions and not weeks:
        raise SpaceHubError(
            f"{account} has not published a mission on the Hub.", f"To publish one, run: {PUBLISH}"
        )
    page = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(
        TEMPLATE.read_text(encoding="utf-8")
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "index.html").write_text(
            page.render(account=account, missions=missions, weeks=weeks), encoding="utf-8"
        )
        (folder / "README.md").write_text(_README.format(account=account), encoding="utf-8")
    except OSError as error:
        raise SpaceHubError(
            f"Cannot write to {folder}: {error.strerror}.", "Choose another folder."
        ) from error
    return sum(one["holds"] for one in missions)


def publish(account: str, folder: Path) -> str:
    """Push the page as the static Space ``account/portfolio``; return the commit."""
    return push_folder(
        folder, f"{account}/{NAME}", repo_type="space", message="The portfolio", space_sdk="static"
    )


def _mission(repo_id: str) -> dict:
    folder, commit = pull_model(repo_id, fix=PUBLISH)
    findings = grade(folder, repo_id)
    counts = Counter(one.state for one in findings)
    return {
        "repo_id": repo_id,
        "commit": commit[:8],
        "holds": not counts[FAILED],
        "checks": counts[OK],
        "findings": [_plain(one) for one in findings],
        "card": _card(folder),
    }


def _plain(found: Finding) -> dict:
    return {"state": found.state, "name": found.name, "detail": found.detail}


def _card(folder: Path) -> str:
    """Render the card's Markdown as HTML. HTML in the card is shown as text."""
    from markdown_it import MarkdownIt
    from markupsafe import Markup

    try:
        text = (folder / "README.md").read_text(encoding="utf-8")[:100_000]
    except (OSError, UnicodeDecodeError):
        return ""
    body = text.split("\n---\n", 1)[-1] if text.startswith("---\n") else text
    body = "\n".join(line for line in body.splitlines() if not line.startswith("<!--"))
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    return Markup(parser.render(body))
