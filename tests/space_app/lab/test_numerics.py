"""The Lab's experiment Numerics, as a program calls it."""

import math

import pytest


@pytest.fixture
def page(lab):
    return lab("numerics")


def test_answers(page):
    answer = page.predict(function="sin x", x=1, step=1e-5, api_name="/lab_derivative")
    assert answer["true"] == pytest.approx(math.cos(1))
    assert answer["error"] < 1e-9
    assert page.predict(12, api_name="/lab_matrix_product")["largest_difference"] < 1e-12
    assert page.predict(90, 4, api_name="/lab_rotation")[0] == pytest.approx([0, 1.6], abs=1e-12)


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("lab_derivative", {"step": 0}, "step.*from 1e-16 to 1"),
        ("lab_matrix_product", {"size": 5000}, "size.*from 1 to 48"),
        ("lab_rotation", {"times": 0}, "times.*from 1 to 360"),
    ],
)
def test_errors_name_the_parameter(page, name, change, words):
    with pytest.raises(Exception, match=words):
        page.predict(**change, api_name=f"/{name}")
