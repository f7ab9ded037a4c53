"""The catalogue: every entry has what its fields name, and none shares a key or a repository."""

import importlib.util

import pytest

from spacehub import cards, catalogue, pipeline

ENTRIES = {**catalogue.MODELS, **catalogue.DATASETS}


@pytest.mark.parametrize("key", ENTRIES)
def test_an_entry_has_a_module_a_command_and_a_card(key):
    entry = catalogue.find(key)
    package = "data" if entry.repo_type == "dataset" else "models"
    assert importlib.util.find_spec(f"spacehub.{package}.{entry.module}")
    assert importlib.util.find_spec(pipeline.command(key)[2])
    assert (cards.TEMPLATES / entry.template).is_file()
    assert getattr(entry, "dataset", None) in {None, *catalogue.DATASETS}
    assert len([one for one in ENTRIES.values() if one.repo_id == entry.repo_id]) == 1


def test_the_demo_makes_all_but_variants_and_what_they_need():
    made = catalogue.in_demo()
    left_out = set(ENTRIES) - set(made)
    assert left_out == {"uc-merced", "satellite-uc-merced", "lander-wind", "lander-continuous"}
    assert made.index("eurosat-rgb") < made.index("satellite")
