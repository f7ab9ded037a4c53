"""The Lab's experiment Chance, as a program calls it."""

import pytest


@pytest.fixture
def page(lab):
    return lab("chance")


@pytest.mark.parametrize(
    ("name", "given"), [("dice", {}), ("large_numbers", {}), ("pi", {}), ("debris", {"size": "1 mm"})]
)
def test_estimates_are_close_to_the_exact_value(page, name, given):
    answer = page.predict(**given, api_name=f"/lab_{name}")
    assert abs(answer["estimate"] - answer["exact"]) < 4 * answer["error"]
    assert answer["error"] > 0


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("lab_dice", {"dice": 2, "total": 13}, "2 dice cannot show 13. Choose a total from 2 to 12"),
        ("lab_large_numbers", {"p": 1.5}, "p .*from 0 to 1"),
        ("lab_pi", {"points": 10**12}, "points.*1,000,000"),
        ("lab_debris", {"area_m2": -4}, "area_m2.*from 1 to 1,000"),
    ],
)
def test_errors_name_the_cause(page, name, change, words):
    with pytest.raises(Exception, match=words):
        page.predict(**change, api_name=f"/{name}")
