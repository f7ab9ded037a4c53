"""Every page of the course has its parts, its links lead somewhere, its code runs, and its numbers are computed."""

import importlib
import re
import tomllib

import nbformat
import pytest

from docs.course import build, export, pages, prose
from space_app.lab.experiments import EXPERIMENTS
from spacehub.errors import SpaceHubError
from spacehub.lab.checkpoints import WEEKS
from tests.doses import in_the_soak
from tests.processes import OFFLINE

PARTS = ["Goal", "Try the app", "Read the code", "Expected results", "Exercises"]
HEADER = pages.page(1).read_text(encoding="utf-8").partition("# Week")[0]
CONSTANTS = tomllib.loads((pages.FOLDER / "constants.toml").read_text(encoding="utf-8"))
SOLUTION = "<details>\n<summary>Solution</summary>\n\n"

# These train networks for half a minute.
TRAINED = ("week-07", "week-08")

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
def homes():
    """Return the key of the page that holds each of the Lab's endpoints."""
    found = {"lab_checkpoints": "checkpoints"}
    for listing in EXPERIMENTS:
        experiment = getattr(importlib.import_module(listing.module), "EXPERIMENT", None)
        if experiment:
            functions = [bench.endpoint for bench in experiment.benches if bench.endpoint]
            found |= {function.__name__: listing.key for function in [*functions, *experiment.endpoints]}
    return found


def plain(markdown: str) -> str:
    """Return what a person reads of a built page: no code, no outputs, and # for each number."""
    text = re.sub(r"```.*?```|<table>.*?</table>|!\[.*?\]\(.*?\)", "", markdown, flags=re.DOTALL)
    return " ".join(re.sub(r"[-+−]?\d[\d,.]*(e[-+]\d+)?", "#", text).split())


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.stem, marks=in_the_soak if path.stem in TRAINED else ())
        for path in pages.pages()
    ],
)
def test_a_page_runs_and_is_the_one_that_was_built(path, course_kernel):
    text, figures = export.to_markdown(path, pages.run(path, course_kernel))
    assert figures
    assert not prose.COMPUTED.search(re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    assert all(picture[1:4] == b"PNG" and f"]({name})" in text for name, picture in figures.items())
    built = export.BUILT / path.name
    # Numbers may differ where another machine, or simulated data, gives others; the words may not.
    assert plain(built.read_text(encoding="utf-8")) == plain(text), "Run make course."
    assert {name for name in figures} == {one.name for one in export.BUILT.glob(f"{path.stem}-*.webp")}


@every_page
def test_no_number_of_the_prose_is_typed(path):
    assert prose.typed_numbers(path.read_text(encoding="utf-8"), CONSTANTS) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("RK4 is 100 times better.", 1),
        ("RK4 is a hundred times better.", 1),
        ("RK4 is {{ ratio:.0f }} times better, `2` or [two](2.md).", 0),
        ("A third is unknown, twice as many as in 1929, week 3.", 2),
        ("One in twenty falls, and one in {{ 1 / share:.0f }}.", 1),
        ("**1.** Roll 3 dice.\n\n<details>\n\nIt is 4.\n", 1),
        ("## Try the app\n\nSet 3.\n\n## Read\n", 0),
    ],
)
def test_a_typed_number_is_found(text, found):
    assert len(prose.typed_numbers(text, {})) == found


@pytest.mark.parametrize("path", pages.EXTRAS, ids=lambda path: path.stem)
def test_a_page_without_code_is_the_one_that_was_built(path):
    text, _ = export.to_markdown(path, pages.read(path))
    assert (export.BUILT / path.name).read_text(encoding="utf-8") == text, "Run make course."
    assert "```python" not in text  # its code blocks are commands


def test_every_constant_is_used():
    together = " ".join(" ".join(path.read_text(encoding="utf-8") for path in pages.pages()).split())
    assert [phrase for phrase in CONSTANTS if phrase not in together] == []


def test_numbers_are_those_of_the_first_moment_at_which_they_are_known(course_kernel, tmp_path):
    path = tmp_path / "week-01.md"
    path.write_text(
        "# Week 1\n\nBefore {{ x:.1f }}.\n\n```python\nx = 1\n```\n\n```python\nx = 'gone'\n```\n\n"
        "After {{ x }}.\n\n```python\ny = {'a': 2}\n```\n\nLast {{ y['a']:,}}.\n"
    )
    words = [cell.source for cell in pages.run(path, course_kernel).cells if cell.cell_type == "markdown"]
    assert words == ["# Week 1\n\nBefore 1.0.", "After gone.", "Last 2."]


@pytest.mark.parametrize(
    ("text", "problem"),
    [("{{ nobody }}", "defines all names in {{ nobody }}"), ("{{ 1 / 0 }}", "ZeroDivisionError")],
)
def test_a_number_that_cannot_be_computed_is_named(text, problem, course_kernel, tmp_path):
    path = tmp_path / "week-01.md"
    path.write_text(f"# Week 1\n\nIt is {text}.\n\n```python\nx = 1\n```\n")
    with pytest.raises(SpaceHubError, match=problem):
        pages.run(path, course_kernel)


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


@pytest.mark.parametrize(
    "path",
    [*pages.pages(), pages.INDEX, *pages.EXTRAS],
    ids=lambda path: path.stem,
)
def test_a_page_s_links_lead_somewhere(path):
    assert pages.links(path) or path in (pages.INTERVIEW, pages.GLOSSARY, pages.CHALLENGE)
    assert [
        target for target in pages.links(path) if not (path.parent / target.partition("#")[0]).exists()
    ] == []


@every_page
def test_a_page_calls_endpoints_where_they_are(path, homes):
    text = path.read_text(encoding="utf-8")
    for name in re.findall(r'api_name="/(lab_\w+)"', text):
        assert re.search(f'lab/{homes[name]}/|"{homes[name]}"', text), name


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


def test_what_a_cell_prints_is_one_block_up_to_its_next_figure():
    def output(kind, **values):
        return nbformat.v4.new_output(kind, **values)

    pieces = [
        output("stream", name="stdout", text="one\n"),
        output("stream", name="stdout", text="two\n"),
        output("display_data", data={"text/plain": "a table"}),
        output("stream", name="stdout", text="three\n"),
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=pieces)])
    text, _ = export.to_markdown(pages.page(1), notebook)
    assert re.findall(r"```text\n(.*?)\n```", text, re.DOTALL) == ["one\ntwo", "a table", "three"]


def test_words_in_other_languages_are_not_run(tmp_path):
    path = tmp_path / "week-01.md"
    path.write_text(HEADER + "# Week 1\n\n```bash\nfalse\n```\n\n```python .noeval\n1 / 0\n```\n")
    assert [cell.cell_type for cell in pages.read(path).cells] == ["markdown"] * 3


def test_the_command_writes_a_page_and_drops_figures_that_are_gone(tmp_path, capsys):
    (tmp_path / "week-01-99.webp").touch()
    (tmp_path / "week-07-1.webp").touch()
    build.build([pages.page(1)], tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "challenge.md",
        "days.md",
        "glossary.md",
        "interview.md",
        "katas.md",
        "mission.md",
        "resources.md",
        *[f"week-01-{number}.webp" for number in range(1, 6)],
        "week-01.md",
        "week-07-1.webp",
    ]
    assert "](../../../spacehub/lab/kepler.py)" in (tmp_path / "week-01.md").read_text(encoding="utf-8")
    assert (tmp_path / "week-01-1.webp").read_bytes()[:4] == b"RIFF"


def test_the_command_knows_its_weeks(capsys):
    with pytest.raises(SystemExit, match="The course has no page for week 99"):
        build.main(["99"])


def test_every_week_of_the_course_has_a_page_in_the_index():
    assert [int(path.stem[-2:]) for path in pages.pages()] == list(range(1, WEEKS + 1))
    assert [f"../../space_app/course/pages/week-{week:02}.md" for week in range(1, WEEKS + 1)] == [
        target for target in pages.links(pages.INDEX) if "week-" in target
    ]


def test_every_experiment_of_the_lab_is_tried_on_its_week_s_page():
    missing = [
        one.title
        for one in EXPERIMENTS
        if f"Lab › {one.title}" not in pages.page(one.week).read_text(encoding="utf-8")
    ]
    assert missing == []
