"""Datasets of pictures: nothing identical on two sides, the same splits everywhere, loaded with their types."""

import io
import json
import re
import zipfile

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from spacehub import cards
from spacehub.data import eurosat_rgb, folder, sources, uc_merced
from spacehub.data.pictures import archive, split
from spacehub.errors import SpaceHubError
from tests.card_layout import check_layout

KEYS = {"eurosat-rgb": eurosat_rgb, "uc-merced": uc_merced}


def table_of(classes: dict[str, int]) -> pd.DataFrame:
    rows = [{"label": name, "digest": f"{name}{n}"} for name, count in classes.items() for n in range(count)]
    return pd.DataFrame(rows)


def test_splits_are_stratified_and_the_same_in_any_order():
    table = table_of({"a": 100, "b": 40})
    placed = split.assign(table)
    counts = pd.crosstab(placed["label"], placed["split"])
    assert counts.loc["a"].to_dict() == {"test": 15, "train": 75, "validation": 10}
    assert counts.loc["b"].to_dict() == {"test": 6, "train": 30, "validation": 4}
    assert set(pd.crosstab(placed["label"], placed["fold"]).loc["a"]) == {20}
    shuffled = split.assign(table.sample(frac=1, random_state=0)).sort_index()
    pd.testing.assert_frame_equal(shuffled, placed)


def test_identical_pictures_never_part_even_across_classes():
    table = pd.concat(
        [table_of({"a": 30, "b": 30}), pd.DataFrame({"label": ["b", "b", "a"], "digest": ["a3", "b7", "a9"]})]
    )
    placed = split.assign(table)
    assert (placed.groupby("digest")[["split", "fold"]].nunique() == 1).all(axis=None)


def picture(kind: str, size=(8, 6), seed=0) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (*size[::-1], 3), dtype="uint8")
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


def test_an_archive_is_read_picture_by_picture(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.writestr("top/Sea/1.png", picture("PNG"))
        made.writestr("top/Sea/2.tif", picture("TIFF"))
        made.writestr("top/Forest/._1.png", b"")
        made.writestr("top/read.txt", b"not a picture")
    table = archive.read(tmp_path / "a.zip")
    assert list(table["label"]) == ["Sea", "Sea"]
    assert table["digest"].nunique() == 1  # the same pixels in two formats
    assert [(row.width, row.height) for row in table.itertuples()] == [(8, 6)] * 2
    assert [Image.open(io.BytesIO(row["bytes"])).format for row in table["image"]] == ["PNG", "PNG"]


def test_a_broken_picture_is_named(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.writestr("top/Sea/1.png", b"\x89PNG but no more")
    with pytest.raises(SpaceHubError, match=r"top/Sea/1\.png in .* is not an image"):
        archive.read(tmp_path / "a.zip")


@pytest.fixture(scope="module", params=[(key, real) for key in KEYS for real in (True, False)], ids=str)
def built(request, tmp_path_factory):
    """The folder of each dataset, from the extract where it lies in a folder, and simulated."""
    key, real = request.param
    home = tmp_path_factory.mktemp("home")
    module = KEYS[key]
    config, names = list(module.FILES.items())[-1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPACEHUB_HOME", str(home))
        patch.setattr(module, "FILES", {config: names} if real else {})
        if real and sources.find(names) is None:
            pytest.skip(f"{names[0]} is in no sources folder")
        path = folder.build_folder(key)
    (path / "README.md").write_text(cards.render(key, path), encoding="utf-8")
    return key, config if real else "simulated", path


def test_loads_with_its_types_and_splits(built, tmp_path):
    from datasets import load_dataset

    key, config, path = built
    record = json.loads((path / "build.json").read_text())
    loaded = load_dataset(str(path), config, cache_dir=str(tmp_path))
    assert record["config"] == config
    assert record["simulated"] == (config == "simulated")
    assert {name: len(rows) for name, rows in loaded.items()} == record["splits"]
    assert loaded["test"].features == KEYS[key].features()
    assert loaded["train"].features["label"].names == [row["name"] for row in record["classes"]]
    first = loaded["train"][0]
    assert archive.pixel_digest(first["image"]) == first["digest"]
    digests = [set(rows["digest"]) for rows in loaded.values()]
    assert not (digests[0] & digests[1] | digests[0] & digests[2] | digests[1] & digests[2])


def test_examples_are_of_the_test_split(built):
    key, _, path = built
    listed = json.loads((path / "examples/index.json").read_text())["examples"]
    classes = KEYS[key].features()["label"].names
    assert {row["label"] for row in listed} == set(classes)
    tables = pd.read_parquet(path / next(path.glob("*/test-*.parquet")).relative_to(path))
    files = dict(zip(tables["file"], tables["image"], strict=True))
    for row in listed:
        assert (path / "examples" / row["file"]).read_bytes() == files[row["from"]]["bytes"]


def test_the_card_tells_what_was_counted(built):
    _, config, path = built
    card = (path / "README.md").read_text()
    record = json.loads((path / "build.json").read_text())
    check_layout(card)
    assert ("do not show real places" in card) == (config == "simulated")
    for row in record["classes"]:
        assert (
            f"| {row['name']} | {row['train']} | {row['validation']} | {row['test']} | {row['all']} |" in card
        )
    assert not re.search(r"\{\w", card.partition("```")[0] + card.rpartition("```")[2])
    assert "None |" not in card


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("key", "rows", "duplicates"), [("eurosat-rgb", 2014, [4, 2, 2]), ("uc-merced", 2100, [2])]
)
def test_what_the_extracts_hold(key, rows, duplicates):
    config, names = list(KEYS[key].FILES.items())[-1]
    found = sources.find(names)
    if found is None:
        pytest.skip(f"{names[0]} is in no sources folder")
    _, report = KEYS[key].build(found, config)
    assert report["rows"] == rows
    assert sorted((len(row["files"]) for row in report["duplicates"]), reverse=True) == duplicates


def test_shared_code_is_part_of_the_fingerprint(monkeypatch):
    before = folder.fingerprint(eurosat_rgb, None)
    monkeypatch.setattr(eurosat_rgb, "SHARED", ())
    assert folder.fingerprint(eurosat_rgb, None) != before
