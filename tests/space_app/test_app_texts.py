"""What the app makes of texts that others wrote: cards, progress files, docstrings."""

import json
import os
import time
from datetime import UTC, datetime, timedelta

import pytest

from space_app import under_way
from space_app.cards import text as card_text
from space_app.endpoints import describe
from space_app.html import render
from space_app.words import age, as_text

FILES = {"figures/a.png": b"PNG", "b.jpg": b"JPG"}
HUB = "http://hub"
PAGE = f"{HUB}/me/repo/blob/abc"


def shown(markdown: str) -> str:
    return card_text.self_contained(markdown, page=PAGE, read=FILES.get)


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("![A](figures/a.png)", "![A](data:image/png;base64,UE5H)"),
        ("![A](./figures/../figures/a.png)", "![A](data:image/png;base64,UE5H)"),
        ('![A](figures/a.png "title")', "![A](data:image/png;base64,UE5H)"),
        ("![A](<figures/a.png>)", "![A](data:image/png;base64,UE5H)"),
        ("![](missing.png)", "*Image: missing.png*"),
        ("![A](../../etc/passwd.png)", "*Image: A*"),
        ("![A](/etc/a.png)", "*Image: A*"),
        ("![A](b.svg)", "*Image: A*"),
        ("![A](https://elsewhere/a.png)", "[Image: A](https://elsewhere/a.png)"),
        ("![A](//elsewhere/a.png)", "*Image: A*"),
        ("![A](javascript:alert(1))", "*Image: A*)"),
        ('<img src="b.jpg" alt="B">', '<img src="data:image/jpeg;base64,SlBH" alt="B">'),
        (
            '<img src="b.jpg" alt="B" width="560" onload="x()">',
            '<img src="data:image/jpeg;base64,SlBH" alt="B" width="560">',
        ),
        (
            "<IMG SRC=https://elsewhere/a.png onerror=x>",
            '<a href="https://elsewhere/a.png">Image: a.png</a>',
        ),
        ("<img alt='nothing'>", ""),
        ("> [!WARNING]\n> Read this.", "> **Warning**  \n> Read this."),
        ("[r](results.json)", f"[r]({PAGE}/results.json)"),
        ("[d](/datasets/a/b) [e](//elsewhere/a)", f"[d]({HUB}/datasets/a/b) [e](//elsewhere/a)"),
        ("[r](../../x)", f"[r]({PAGE}/../../x)"),
        ("[r](#part) [s](https://s) [t](mailto:a@b)", "[r](#part) [s](https://s) [t](mailto:a@b)"),
        ("`![A](figures/a.png)`", "`![A](figures/a.png)`"),
        ("```\n![A](figures/a.png)\n```\n", "```\n![A](figures/a.png)\n```\n"),
    ],
)
def test_a_card_asks_nobody_else_for_anything(markdown, expected):
    assert shown(markdown) == expected


def test_a_card_of_a_thousand_pictures_shows_the_first_few():
    assert shown("![A](figures/a.png)\n" * 1000).count("base64") == card_text.MAX_PICTURES


@pytest.mark.parametrize(
    "piece", ["[", "![", "<img ", "[a](", "![a](", "![a](b '", "```\n~~~\n", "`", "![a](b "]
)
def test_a_card_of_one_piece_again_and_again_stalls_nothing(piece):
    """Each took minutes once, in which no other visitor was answered; the test's own limit would end it."""
    text = piece * (2**20 // len(piece))
    assert len(shown(text)) >= len(text) / 2


@pytest.mark.parametrize("front", ["a: " + "[" * 20_000, "a: [" + "1, " * 300_000 + "]", "a: &a [1]\nb: *a"])
def test_front_matter_that_is_a_bomb_holds_nothing(front):
    assert card_text.values(front) == {}


@pytest.mark.parametrize(
    ("text", "values", "rest"),
    [
        (
            "---\nlicense: mit\ntags: [a, b]\nn: 1.50\nday: 2020-01-01\n---\n# T",
            {"license": "mit", "tags": ["a", "b"], "n": "1.50", "day": "2020-01-01"},
            "# T",
        ),
        ("---\r\nlicense: mit\r\n---\r\n# T", {"license": "mit"}, "# T"),
        ("# T\n---\nx: y\n---\n", {}, "# T\n---\nx: y\n---\n"),
        ("---\n- a\n---\n# T", {}, "# T"),
        ("---\na: [\n---\n# T", {}, "# T"),
        ("---\na: !!python/object:os.system x\n---\n# T", {"a": "x"}, "# T"),
        ("---\na: &a [x, x]\nb: [*a, *a]\n---\n# T", {}, "# T"),
        ("---\n" + "[" * 5000 + "\n---\n# T", {}, "# T"),
    ],
)
def test_front_matter(text, values, rest):
    front, body = card_text.split(text)
    assert (card_text.values(front), body) == (values, rest)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", None),
        ("{", None),
        (
            '{"stage": "fitting", "done": 2, "total": 5, "seconds_left": null}',
            "In progress: fitting, 2 of 5.",
        ),
        (
            '{"stage": "fitting", "done": 2, "total": 5, "seconds_left": 0.2}',
            "fitting, 2 of 5, about 1 s left.",
        ),
        ('{"stage": "fitting", "done": 2, "total": 5, "seconds_left": 600}', "about 10 min left."),
        ('{"problem": "No space."}', "Publishing failed: No space."),
    ],
)
def test_progress_in_words(text, sentence, tmp_path, monkeypatch):
    monkeypatch.setenv("SPACEHUB_PROGRESS", str(tmp_path))
    (tmp_path / "landing.json").write_text(text)
    found = under_way.find("landing")
    assert found is None if sentence is None else found.sentence.endswith(sentence)


def test_progress_from_before_the_publishing_is_no_news(tmp_path, monkeypatch):
    monkeypatch.setenv("SPACEHUB_PROGRESS", str(tmp_path))
    path = tmp_path / "landing.json"
    path.write_text(json.dumps({"stage": "x", "done": 0, "total": 1}))
    now = datetime.now(UTC)
    assert under_way.find("landing", published=now) is None
    os.utime(path, (time.time() + 10, time.time() + 10))
    assert under_way.find("landing", published=now).stage == "x"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "just now"), (61, "1 min ago"), (7300, "2 h ago"), (90_000, "1 day ago"), (200_000, "2 days ago")],
)
def test_age(seconds, words):
    assert age(datetime.now(UTC) - timedelta(seconds=seconds)) == words


def test_what_others_wrote_shows_as_text():
    escaped = "&lt;a href=&#39;x&#39;&gt;&#123;&#123;b&#125;&#125; &#36;&#123;c&#125; 5&nbsp;%"
    drawn = render("shared/empty.html", text="<a href='x'>{{b}} ${c} 5 %")
    assert drawn.strip() == f'<div class="waiting"><p>{escaped}</p></div>'
    assert as_text("*a* <b>_c_`") == "\\*a\\* \\<b\\>\\_c\\_\\`"


def test_a_docstring_becomes_an_endpoint_s_description():
    def function():
        """Do it.

        In two
        lines.

        Returns
        -------
        int
            A number.
        """

    assert describe(function) == "Do it. In two lines. Returns: int A number."
