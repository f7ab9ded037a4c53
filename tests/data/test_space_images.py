"""The dataset of space pictures: every one with its origin and licence, nothing lost, read without parquet."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from spacehub import cards
from spacehub.data import folder, sources, space_images
from spacehub.data.pictures.archive import pixel_digest
from spacehub.data.space_images.build import FILES, LONGEST
from spacehub.data.space_images.subjects import SUBJECTS
from spacehub.errors import SpaceHubError
from spacehub.serving import space_pictures
from tests.card_layout import check_layout

CONFIGS = ("full", "sample", "simulated")


@pytest.fixture(scope="module", params=CONFIGS)
def built(request, tmp_path_factory):
    """The folder of the dataset: whole, as far as scikit-image goes, and simulated."""
    config = request.param
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPACEHUB_HOME", str(tmp_path_factory.mktemp("home")))
        files = {config: FILES[config]} if config in FILES else {}
        patch.setattr(space_images, "FILES", files)
        if files and sources.find(files[config]) is None:
            pytest.skip("the pictures are in no sources folder")
        path = folder.build_folder("space-images")
    (path / "README.md").write_text(cards.render("space-images", path), encoding="utf-8")
    return config, path


def test_loads_with_its_types(built, tmp_path):
    from datasets import load_dataset

    config, path = built
    rows = load_dataset(str(path), config, split="train", cache_dir=str(tmp_path))
    assert rows.features == space_images.features()
    wanted = [subject.name for subject in SUBJECTS if config != "sample" or subject.carried]
    assert rows["name"] == wanted
    for row in rows:
        assert pixel_digest(row["image"]) == row["digest"]
        assert row["image"].size == (row["width"], row["height"])
        assert max(row["image"].size) <= LONGEST
        for answer in ("title", "shows", "origin", "licence", "author", "change"):
            assert row[answer]
        assert ("imulated" in row["title"] + row["shows"]) == (config == "simulated")


def test_the_files_beside_the_parquet_are_the_same_pictures(built):
    config, path = built
    record = json.loads((path / "build.json").read_text())
    pictures = space_pictures.load(path)
    assert list(pictures.listed) == [row["name"] for row in record["pictures"]]
    for row in record["pictures"]:
        pixels = np.asarray(Image.open(pictures.find(row["name"]).path).convert("RGB"))
        assert pixels.dtype == np.uint8
        assert pixels.shape == (row["height"], row["width"], 3)
        assert pixel_digest(Image.fromarray(pixels)) == row["digest"]
        assert row["file"].startswith("simulated_") == (config == "simulated")


def test_the_card_tells_each_picture(built):
    config, path = built
    card = (path / "README.md").read_text()
    record = json.loads((path / "build.json").read_text())
    check_layout(card)
    assert ("These images do not show anything real" in card) == (config == "simulated")
    for row in record["pictures"]:
        assert f"| {row['origin']} | {row['licence']} | {row['author']} |" in card
    assert "{{" not in card
    assert "None" not in card


def test_the_landsat_scene_loses_no_pixel():
    found = sources.find(FILES["full"])
    if found is None:
        pytest.skip("the pictures are in no sources folder")
    table, _ = space_images.build(found, "full")
    saved = Image.open(io.BytesIO(table.set_index("name").loc["landsat-bahamas", "image"]["bytes"]))
    assert saved.format == "PNG"
    raw = Image.open(found["images/landsat_bahamas_RGB.byte.tif"])
    assert np.array_equal(np.asarray(saved), np.asarray(raw))


def test_pictures_that_are_carried_are_untouched():
    wanted = FILES["sample"]
    found = sources.find(wanted)
    if found is None:
        pytest.skip("scikit-image is not installed")
    table, _ = space_images.build(found, "sample")
    assert [row["bytes"] for row in table["image"]] == [found[name].read_bytes() for name in wanted]


@pytest.fixture(scope="module")
def simulated():
    return space_images.simulate(0)[0]


def test_simulated_pictures_are_the_same_for_a_seed(simulated):
    again, other = (space_images.simulate(seed)[0] for seed in (0, 1))
    assert list(again["digest"]) == list(simulated["digest"])
    assert not set(other["digest"]) & set(simulated["digest"])


def test_the_simulated_disc_is_as_wide_as_it_says(simulated):
    row = simulated.set_index("name").loc["moon"]
    seen = np.asarray(Image.open(io.BytesIO(row["image"]["bytes"])).convert("L")) > 40
    across = int(row["shows"].split("A disc of ")[1].split()[0])
    assert abs(seen.any(axis=0).sum() - across) <= 1


@pytest.mark.parametrize("name", ["mars", "", None, ["moon"]])
def test_an_unknown_picture_is_a_sentence(name, tmp_path, simulated):
    space_images.add_files(simulated, tmp_path)
    with pytest.raises(SpaceHubError, match="Use one of: landsat-bahamas, earth"):
        space_pictures.load(tmp_path).find(name)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"pictures": [{"file": "a.png"}]}'])
def test_a_broken_list_is_told(text, tmp_path):
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "index.json").write_text(text)
    with pytest.raises(ValueError, match=r"index\.json is not|pictures is not a list"):
        space_pictures.load(tmp_path)
