"""Every page of the course has its parts, its links lead somewhere, and its code runs."""

import re

import pytest

from docs.course import build, export, pages
from space_app.lab.checkpoints_api import ask_of
from space_app.lab.tab import EXPERIMENTS
from spacehub.errors import SpaceHubError
from spacehub.lab.checkpoints import WEEKS
from tests.processes import OFFLINE

PARTS = ["Goal", "Try in the app", "Read in the code", "The result to expect", "Exercises"]
HEADER = pages.page(1).read_text(encoding="utf-8").partition("# Week")[0]
SOLUTION = "<details>\n<summary>Solution</summary>\n\n"

every_page = pytest.mark.parametrize("path", pages.pages(), ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def course_kernel(tmp_path_factory):
    """A kernel with a home of its own that all pages share, as in the build."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPACEHUB_HOME", str(tmp_path_factory.mktemp("home")))
        patch.delenv("HF_ENDPOINT", raising=False)
        for name, value in OFFLINE.items():
            patch.setenv(name, value)
        with pages.kernel() as manager:
            yield manager


@pytest.fixture(scope="module")
def experiments():
    return [experiment(None) for experiment in EXPERIMENTS]


@every_page
def test_a_page_runs_and_becomes_html(path, course_kernel, tmp_path):
    html = export.to_html(path, pages.run(path, course_kernel), tmp_path)
    assert 'src="data:image/png;base64,' in html
    assert not re.findall(r'<script|<link|(?:src|srcset)="(?!data:)|@import|url\(', html)


@every_page
def test_a_page_has_its_parts(path):
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"^# .*", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE) == [
        f"# {export.title(path)}"
    ]
    assert export.title(path).startswith(f"Week {int(path.stem[-2:])}: ")
    assert [part for part in re.findall(r"^## (.+)$", text, re.MULTILINE) if part in PARTS] == PARTS
    exercises = re.findall(r"^\*\*(\d)\.\*\*", text.split("## Exercises")[1], re.MULTILINE)
    assert exercises == [str(number) for number in range(1, len(exercises) + 1)]
    assert exercises
    assert text.count(SOLUTION) == text.count("<details>") == text.count("\n\n</details>\n") == len(exercises)


@pytest.mark.parametrize("path", [*pages.pages(), pages.INDEX], ids=lambda path: path.stem)
def test_a_page_s_links_lead_somewhere(path):
    assert pages.links(path)
    assert [
        target
        for target in pages.links(path)
        if not (path.parent / target.partition("#")[0]).exists()
        and not re.fullmatch(r"week-\d\d\.md", target)
    ] == []


@every_page
def test_a_page_calls_endpoints_that_there_are(path, experiments):
    text = path.read_text(encoding="utf-8")
    there = {function.__name__ for experiment in experiments for function in experiment.endpoints}
    there.add(ask_of(experiments).__name__)
    named = set(re.findall(r'api_name="/(lab_\w+)"', text))
    assert named <= there


def test_a_failure_tells_page_line_and_exception(course_kernel, tmp_path):
    path = tmp_path / "week-01.md"
    path.write_text(
        "# Week 1\n\n```python\nx = 1\n```\n\n<details>\n\n```python\nassert x == 2\n```\n\n</details>\n"
    )
    with pytest.raises(SpaceHubError, match=r"week-01\.md: .* line 10 .*AssertionError at `assert x == 2`"):
        pages.run(path, course_kernel)


def test_nothing_of_a_page_is_left_for_the_next(course_kernel, tmp_path):
    path = tmp_path / "week-01.md"
    path.write_text("# Week 1\n\n```python\nassert 'left' not in globals()\nleft = 1\n```\n")
    for _ in range(2):
        pages.run(path, course_kernel)


def test_words_in_other_languages_are_not_run(tmp_path):
    path = tmp_path / "week-01.md"
    path.write_text(HEADER + "# Week 1\n\n```bash\nfalse\n```\n\n```python .noeval\n1 / 0\n```\n")
    assert [cell.cell_type for cell in pages.read(path).cells] == ["markdown"] * 3


def test_the_command_writes_a_page_and_the_index(tmp_path, capsys):
    build.build([], tmp_path)
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert 'href="week-01.html"' in index
    assert "<h1" in index


def test_the_command_knows_its_weeks(capsys):
    with pytest.raises(SystemExit, match="The course has no page for week 99"):
        build.main(["99"])


def test_every_week_of_the_course_has_a_page_in_the_index():
    assert [int(path.stem[-2:]) for path in pages.pages()] == list(range(1, WEEKS + 1))
    assert [f"week-{week:02}.md" for week in range(1, WEEKS + 1)] == [
        target for target in pages.links(pages.INDEX) if target.startswith("week-")
    ]


def test_every_experiment_of_the_lab_is_tried_on_its_week_s_page(experiments):
    missing = [
        experiment.title
        for experiment in experiments
        if f"Lab › {experiment.title}" not in pages.page(experiment.week).read_text(encoding="utf-8")
    ]
    assert missing == []
