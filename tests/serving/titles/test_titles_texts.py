"""Texts that anyone may have sent: an error for each invalid one, an answer per row for the others."""

import pytest

from spacehub.errors import SpaceHubError
from spacehub.serving.titles import texts
from spacehub.serving.titles.predictor import TitlesPredictor
from tests.title_model import chance, write_model


@pytest.fixture(scope="module")
def predictor(tmp_path_factory):
    return TitlesPredictor(write_model(tmp_path_factory.mktemp("model") / "words"))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (None, "'None' is not text. Enter a title"),
        (7, "'7' is not text"),
        ({"title": "moon"}, "is not text"),
        ("", "There is no text. Type or paste a title."),
        (" \n\t", "There is no text."),
        ("a" * 1_000_001, "The text has 1,000,001 characters, but the limit is 1,000,000."),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_title_is_a_sentence(given, words):
    with pytest.raises(SpaceHubError) as caught:
        texts.one(given)
    assert words in str(caught.value)


def test_half_a_character_is_read_as_a_question_mark():
    assert texts.one("moon \ud83d") == "moon ?"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("moon", "is not a list of strings"),
        (None, "is not a list of strings"),
        ([], "The list is empty"),
        (["moon", None], "'None' in the list is not text"),
        (["moon", 3], "'3' in the list is not text"),
        (["moon"] * 100_001, "The list contains 100,001 titles, but the limit is 100,000."),
        (["a" * 11_000_000] * 2, "more than 20,971,520 characters in total"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_list_of_titles_is_a_sentence(given, words):
    with pytest.raises(SpaceHubError) as caught:
        texts.several(given)
    assert words in str(caught.value)


def test_lines_are_titles_and_blank_ones_are_not():
    assert texts.lines("  moon \n\n\t\r\nsaturn\x0bmatch").rows.title.tolist() == ["moon", "saturn", "match"]
    with pytest.raises(SpaceHubError, match="There is no text"):
        texts.lines("\n \n")


def test_each_row_has_an_answer_or_says_why_not(predictor, tmp_path):
    path = tmp_path / "titles.csv"
    path.write_text(
        'id,title,label\n1,"The moon, my rocket",old\n2,,x\n3,🚀,y\n4,recipe,z\n', encoding="utf-8"
    )
    sheet = texts.read_csv(path)
    answered = texts.answer(sheet, predictor)
    assert list(answered) == ["label", "space_chance", "linear_chance", "problem"]
    sheet.save(path, answered)
    written = path.read_text(encoding="utf-8").splitlines()
    assert written[0] == "id,title,label,label_2,space_chance,linear_chance,problem"
    assert written[1].startswith('1,"The moon, my rocket",old,space,0.')
    assert answered["label"].tolist() == ["space", "", "", "other"]
    assert answered["space_chance"].tolist()[::3] == pytest.approx(
        [chance("moon rocket"), chance("recipe")], abs=1e-4
    )
    assert answered["space_chance"].isna().tolist() == [False, True, True, False]
    assert answered["problem"].tolist() == ["", texts.BLANK, texts.UNREADABLE, ""]
    clean = texts.answer(texts.several(["moon"]), predictor)
    assert "problem" not in clean


def test_a_file_without_titles_is_a_sentence(tmp_path):
    (tmp_path / "a.csv").write_text("headline\nmoon\n")
    with pytest.raises(SpaceHubError, match="does not have the column title"):
        texts.read_csv(tmp_path / "a.csv")
