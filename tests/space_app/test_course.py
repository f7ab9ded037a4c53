"""The course in the app: every week's page, its figures and links, and what is said when a page was not built."""

import re
from urllib.parse import unquote, urljoin

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from space_app import glossary
from space_app.course import routes, week
from space_app.lab.experiments import EXPERIMENTS


@pytest.fixture(scope="module")
def site():
    return TestClient(Starlette(routes=routes.routes()), follow_redirects=False)


@pytest.mark.parametrize("number", range(1, week.WEEKS + 1))
def test_a_week_s_page_is_whole_and_asks_nobody_else(site, number):
    page = site.get(f"/course/{number}").text
    figures = re.findall(r'<img src="(\.\./course/pages/[^"]+)" alt="Figure[^"]*" loading="lazy"', page)
    assert figures
    assert len(figures) == page.count("<img")
    for figure in figures:
        answer = site.get(urljoin(f"/course/{number}", figure))
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
    assert not re.search(r'<script|<link|src="(?!\.\./course/pages/)|@import|url\(', page)
    assert not re.search(r'href="(?!\.\./(?:course(?:/[\w-]+(?:#[\w-]+)?)?|lab/[\w-]+/)?"|https://)', page)
    assert page.count("<details>") == page.count("</details>") > 0
    assert page.count("<h1>") == 1


def test_links_lead_to_weeks_and_to_the_week_s_experiments(site):
    page = site.get("/course/1").text
    assert {"../lab/orbits/", "../lab/many-bodies/", "../lab/numerics/", "../course", "../course/2"} <= set(
        re.findall(r'href="([^"]+)"', page)
    )
    assert "/course/0" not in page
    # A file of the project is no address of this server.
    assert '<span class="file" title="spacehub/lab/kepler.py">kepler.py</span>' in page
    assert '<a href="./course/interview">' in site.get("/course").text
    assert "/course/13" not in site.get("/course/12").text
    index = site.get("/course").text
    assert re.findall(r'<li>\s*<a href="\./course/(\d+)">', index) == [
        str(number) for number in range(1, week.WEEKS + 1)
    ]
    assert set(re.findall(r"/lab/([\w-]+)", index)) == set(week.EXPERIMENTS.values())


def test_what_scrolls_on_a_phone_can_be_reached_with_the_keyboard(site):
    for path in [*range(1, week.WEEKS + 1), *routes.EXTRAS, "progress"]:
        page = site.get(f"/course/{path}").text
        assert "<pre>" not in page, path
        assert "<table>" not in page, path


@pytest.mark.parametrize("number", range(1, week.WEEKS + 1))
def test_a_goal_is_a_whole_sentence(number):
    assert week.read(number).goal.endswith(".")
    assert "By the end" not in week.read(number).goal


def test_the_experiments_are_those_of_the_lab():
    assert {one.title: one.key for one in EXPERIMENTS} == week.EXPERIMENTS
    there = [one for one in EXPERIMENTS if one.key != "checkpoints"]
    assert [one.title for one in there if one.title not in dict(week.read(one.week).experiments)] == []


def test_the_mock_interview_has_an_answer_and_three_points_for_each_question(site):
    page = site.get("/course/interview").text
    assert len(re.findall(r"<p><strong>\d+\.</strong>", page)) == page.count("<details>") == 10
    assert page.count("<li>") == 30


def test_every_place_of_the_days_is_on_its_page(site):
    days = site.get("/course/days").text
    links = set(re.findall(r'href="\.\./course/([\w-]+)#([^"]+)"', days))
    assert len(links) > 60
    assert [place for place in links if f'id="{unquote(place[1])}"' not in site.get(f"/course/{place[0]}").text] == []  # fmt: skip
    for number in range(1, week.WEEKS + 1):
        assert f'href="../course/days#week-{number}"' in site.get(f"/course/{number}").text
        assert f'id="week-{number}"' in days
    assert '<a href="../course/mission">' in days
    assert days.count("<tr>") == 12 * 8


def test_a_page_that_was_not_built_says_so_with_the_command(site, monkeypatch, tmp_path):
    monkeypatch.setattr(week, "PAGES", tmp_path)
    for path in ("/course/3", "/course/interview"):
        assert "<code>make course</code>" in site.get(path).text
    assert site.get("/course").text.count("This page has not been built yet.") == week.WEEKS


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/course/13", 404),
        ("/course/0", 404),
        ("/course/", 307),
        ("/course/pages/week-01-99.webp", 404),
        ("/course/pages/week-01.md", 404),
        ("/course/pages/..%2Froutes.py", 404),
    ],
)
def test_what_is_not_there(site, path, status):
    assert site.get(path).status_code == status


def test_the_glossary_defines_each_term_once_in_one_line():
    entries = glossary._ENTRY.findall(week.text_of("glossary"))
    assert (
        len(entries) == week.text_of("glossary").count("\n- ") == len({place for place, *_ in entries}) > 40
    )
    terms = [term for _, term, *_ in entries]
    assert terms == sorted(terms, key=str.casefold)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("PR-AUC for failures", ["pr-auc"]),
        ("f1 of space, F1 again, n = 3", ["f1"]),
        ("Gini impurity, Brier score", ["gini-impurity", "brier-score"]),
        ("a recalled batch_size, cross-validation", ["cross-validation"]),
        ("<b> & nothing", []),
    ],
)
def test_terms_lead_to_the_glossary(site, text, places):
    shown = glossary.with_terms(text, "../")
    assert re.findall(r'href="\.\./course/glossary#([\w-]+)"', shown) == places
    assert re.sub(r"<a .*?>|</a>", "", shown) == text.replace("&", "&amp;").replace("<", "&lt;").replace(
        ">", "&gt;"
    )
    assert all(f'id="{place}"' in site.get("/course/glossary").text for place in places)
