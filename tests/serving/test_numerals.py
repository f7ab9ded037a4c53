"""Numbers as spreadsheets of several countries write them."""

import pytest

from spacehub.serving.numerals import decimal_mark, number


def mass(value):
    return 330 <= value <= 17_400


@pytest.mark.parametrize(
    ("text", "decimal", "read"),
    [
        ("5425", None, "5425"),
        ("5,425", ".", "5425"),
        ("5,425", ",", "5.425"),
        ("5,425", None, "5425"),
        ("5.425", ".", "5.425"),
        ("5.425", ",", "5425"),
        ("5.425", None, "5.425"),
        ("0,425", None, "0.425"),
        ("0,95", ".", "0.95"),
        ("-12,5", None, "-12.5"),
        ("\u221212.5", None, "-12.5"),
        ("1,234,567", None, "1234567"),
        ("1.234.567", None, "1234567"),
        ("1.234,5", ".", "1234.5"),
        ("1,234.5", ",", "1234.5"),
        ("17 400", None, "17400"),
        ("17\u202f400,5", None, "17400.5"),
        ("17'400.5", None, "17400.5"),
        ("1e3", ",", "1e3"),
        ("1,2,3", None, "1,2,3"),
        ("12 34", None, "12 34"),
        ("many", None, "many"),
        ("1" * 100_000 + ",5", None, "1" * 100_000 + ",5"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_number_is_read_as_it_was_meant(text, decimal, read):
    assert number(text, decimal, mass) == read


def test_what_may_mean_two_numbers_is_left_alone():
    assert number("1,234", None, lambda value: True) == "1,234"


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1,5", "2", "x"], ","),
        (["1.5", "3,14", "2.5"], "."),
        (["1,234", "5"], None),
        (["1,234,567"], "."),
        (["1.5", "1,5"], None),
        ([], None),
    ],
)
def test_the_decimal_mark_is_that_of_most_numbers_that_show_one(texts, mark):
    assert decimal_mark(texts) == mark
