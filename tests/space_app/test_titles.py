"""The Titles tab and its endpoints over a real Hub, with a model whose answers you can verify by eye."""

import csv

import pytest
from gradio_client import handle_file

from space_app.phone import NARROW
from spacehub.serving.titles import passages
from tests.space_app.screens import IN_SIGHT, PHONE_FIRST
from tests.title_model import EXAMPLES, THRESHOLD, WEIGHTS, chance


def test_a_title_is_judged_word_by_word(caller):
    text = "The moon over my match"
    reply = caller.predict(text, api_name="/classify_title")
    assert reply["chance"] == pytest.approx(chance(text), rel=1e-4)
    assert (reply["label"], reply["threshold"]) == ("space", THRESHOLD)
    assert [part["text"] for part in reply["parts"]] == text.split()
    assert [text[part["start"] : part["end"]] for part in reply["parts"]] == text.split()
    assert reply["part_kind"] == "words"
    assert [part["weight"] for part in reply["parts"]] == pytest.approx(
        [WEIGHTS.get(word, 0) for word in text.lower().split()], abs=1e-3
    )
    assert set(reply["linear"]["terms"]) == {"the", "moon", "over", "my", "match"}
    assert reply["linear"]["label"] == "other"
    assert reply["trust"]["sentence"].startswith("Of the 200 test titles with a similar probability (95 %")
    assert reply["doubts"] == []
    assert reply["model"] == "spacehub/space-titles-bert"
    assert len(reply["commit"]) == 40


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("moon " * 20_000, "BERT read only the first 799 characters, and ignored the last 99,200."),
        ("moon " * 20_000, f"the app combined BERT's answers for {passages.MOST} passages of the text."),
        (
            "Der moon ist heute nacht aufgegangen",
            "Only 1 of the text's 6 words was frequent in the English titles",
        ),
        ("Saturn", "None of the text's words was frequent"),
        ("a b c !", "The text has no words"),
        ("moon \x00\x07 \u202e 🚀 <script>{alert(1)}</script>", ""),
        ("月 moon 火星", ""),
    ],
    ids=lambda value: value[:12].encode("ascii", "replace").decode(),
)
def test_odd_texts_are_answered_with_a_doubt(caller, text, doubt):
    reply = caller.predict(text, api_name="/classify_title")
    assert 0 < reply["chance"] <= 1
    assert doubt in " ".join(reply["doubts"])


def test_a_long_text_is_judged_in_passages(caller):
    text = "The moon rose over it at dawn. A recipe for the best match. Saturn to the moon and over the best of it."
    reply = caller.predict(text, api_name="/classify_title")
    assert reply["part_kind"] == "passages"
    assert [part["text"][:4] for part in reply["parts"]] == ["The ", "A re", "Satu"]
    assert [part["weight"] > 0 for part in reply["parts"]] == [True, False, True]
    assert reply["trust"] is None


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("", "There is no text. Type or paste a title."),
        (None, "'None' is not text."),
        (["moon"], "is not text. Enter a title as text."),
        ("🚀🚀", "The text contains nothing that the model can read."),
        ("\x00\x01\x02", "The text contains nothing that the model can read."),
        ("月と火星", "The text contains nothing that the model can read."),
        ("a" * 1_000_001, "The text has 1,000,001 characters, but the limit is 1,000,000."),
    ],
    ids=lambda value: str(value)[:12].encode("ascii", "replace").decode(),
)
def test_what_cannot_be_judged_is_a_sentence(caller, given, words):
    with pytest.raises(Exception, match=r"\.") as caught:
        caller.predict(given, api_name="/classify_title")
    assert words in str(caught.value)


def test_several_titles_are_judged_as_each_is_alone(caller):
    given = [title for title, _, _ in EXAMPLES] + ["", "🚀", "moon"]
    reply = caller.predict(given, api_name="/classify_titles")["titles"]
    assert [row["chance"] is None for row in reply] == [False] * 4 + [True, True, False]
    assert [row["problem"][:16] for row in reply[4:6]] == ["There is no text", "The text contain"]
    for title, row in zip(given, reply, strict=True):
        if row["chance"] is not None:
            assert row["chance"] == pytest.approx(chance(title), abs=1e-4)
            assert row["label"] == ("space" if chance(title) >= THRESHOLD else "other")
    with pytest.raises(Exception, match="is not a list of strings"):
        caller.predict("moon", api_name="/classify_titles")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "The file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is a binary file"),
        (b"headline\nmoon\n", "does not have the column title"),
        (b'title\n"moon\n', "The quoted cell that starts on line 2"),
        (b"title\n", "no data rows"),
    ],
    ids=["empty", "binary", "no title", "quote", "header"],
)
def test_a_file_that_is_none_is_a_sentence(caller, tmp_path, raw, words):
    path = tmp_path / "titles.csv"
    path.write_bytes(raw)
    with pytest.raises(Exception, match=words):
        caller.predict(handle_file(path), api_name="/classify_titles_file")


def test_a_file_is_answered_row_by_row(caller, tmp_path):
    path = tmp_path / "titles.csv"
    path.write_text("id,title\n" + "".join(f'{n},"{title}"\n' for n, (title, _, _) in enumerate(EXAMPLES)))
    reply = caller.predict(handle_file(path), api_name="/classify_titles_file")
    assert (reply["rows"], reply["answered"], reply["about_space"]) == (4, 4, 3)
    with open(reply["table"], encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["space_chance"]) for row in rows] == pytest.approx(
        [chance(title) for title, _, _ in EXAMPLES], abs=1e-4
    )
    assert list(rows[0]) == ["id", "title", "label", "space_chance", "linear_chance"]


def test_a_column_of_ones_own_that_is_named_like_an_answer_stays(caller, tmp_path):
    path = tmp_path / "titles.csv"
    path.write_bytes("title;label;problem\r\nMoon landing;0;mine\r\n".encode("utf-16"))
    reply = caller.predict(handle_file(path), api_name="/classify_titles_file")
    with open(reply["table"], encoding="utf-16", newline="") as file:
        [row] = csv.DictReader(file, delimiter=";")
    assert (row["label"], row["problem"]) == ("0", "mine")
    assert row[reply["columns"]["label"]] in ("space", "other")
    assert "," in row[reply["columns"]["space_chance"]]


def test_a_file_of_the_server_s_own_is_not_read(stocked, tmp_path):
    path = tmp_path / "titles.csv"
    path.write_text("title\nmoon\n")
    for given in str(path), {"path": str(path)}, None:
        assert "The parameter file" in stocked.call("classify_titles_file", given)


@pytest.fixture
def open_titles(stocked, open_page):
    def opened(**options):
        page = open_page(stocked, **options)
        page.get_by_role("tab", name="Titles").click()
        page.locator("#titles-examples [data-example]").first.wait_for()
        return page

    return opened


@pytest.mark.browser
@PHONE_FIRST
def test_titles_are_judged_on_the_page(open_titles, screenshots, tmp_path, width, dark):
    page = open_titles(width=width, dark=dark)
    page.locator("#titles-examples button", has_text="The moon over my rocket").click()
    answer = page.locator(".titles-verdict")
    answer.locator(".known", has_text="posted in r/space").wait_for()
    assert page.locator("#titles-text textarea").input_value() == "The moon over my rocket"
    assert answer.locator("mark.for").all_inner_texts()[:1] == ["moon"]
    page.evaluate("scrollTo(0, 0)")
    page.locator("#titles-text textarea").fill("<img src=x> {moon} & match")
    page.locator("#titles-text textarea").press("Enter")
    if width < NARROW:
        page.wait_for_function(IN_SIGHT, arg="#titles-answer")
    answer.locator(".titles-text", has_text="<img src=x").wait_for()
    assert answer.locator("img").count() == 0
    assert answer.locator("mark.against").last.inner_text() == "match"
    page.locator("#titles-text textarea").fill("The moon rose over it.\n\nA recipe for the best match. " * 2)
    page.get_by_role("button", name="Classify title").click()
    answer.locator(".legend", has_text="the passage changes").wait_for()
    assert answer.locator("mark").nth(1).inner_text() == "A recipe for the best match."
    assert answer.locator(".reliability").count() == 0
    screenshots(page, f"titles-long-{width}-{'dark' if dark else 'light'}.png", full_page=True)
    page.locator("#titles-text textarea").fill(" ")
    page.get_by_role("button", name="Classify title").click()
    page.locator("#titles-answer .notice", has_text="There is no text.").wait_for()
    page.locator("#titles-examples button").first.click()
    answer.wait_for()

    page.locator("#titles-lines textarea").fill("The moon\n\n<b>A recipe</b>\n🚀🚀")
    page.get_by_role("button", name="Classify all").click()
    if width < NARROW:
        page.wait_for_function(IN_SIGHT, arg="#titles-many-answer")
    table = page.locator(".titles-table")
    table.locator("tbody tr").nth(2).wait_for()
    assert "1 of 3 titles are about space" in page.locator("#titles-many-answer").inner_text()
    assert "<b>A recipe</b>" in table.inner_text()
    assert "contains nothing that the model can read" in table.locator(".problem").inner_text()
    with page.expect_download() as download:
        page.get_by_role("button", name="Answers (CSV)").click()
    download.value.save_as(tmp_path / "answers.csv")
    assert (tmp_path / "answers.csv").read_text().startswith("title,label,space_chance,linear_chance,problem")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    screenshots(page, f"titles-{width}-{'dark' if dark else 'light'}.png", full_page=True)

    with page.expect_download() as download:
        page.get_by_role("button", name="Template").click()
    download.value.save_as(tmp_path / "template.csv")
    page.locator("#titles-file input[type=file]").set_input_files(tmp_path / "template.csv")
    page.locator("#titles-many-answer", has_text="3 of 4 titles are about space").wait_for()
    if width < NARROW:
        page.wait_for_function(IN_SIGHT, arg="#titles-many-answer")
    page.evaluate("scrollTo(0, 0)")
    page.locator("#titles-file").get_by_label("Clear").click()
    (tmp_path / "binary.csv").write_bytes(b"\x89PNG\x00")
    page.locator("#titles-file input[type=file]").set_input_files(tmp_path / "binary.csv")
    page.locator("#titles-many-answer .notice", has_text="is a binary file").wait_for()
    if width < NARROW:
        page.wait_for_function(IN_SIGHT, arg="#titles-many-answer .notice")
