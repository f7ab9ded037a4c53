"""The datasets that the app shows: what a hostile repository may hold is refused when it is loaded, in its trial."""

import io
import json

import pytest
from PIL import Image

from space_app.served import satellite_pictures, space_pictures, title_examples

HTML = b"<!doctype html><script>alert(1)</script>"
PICTURE = {"file": "moon.png", "name": "moon", "title": "The Moon", "shows": "", "origin": "", "licence": ""}
PICTURE |= {"author": "", "width": 20, "height": 10, "metres_a_pixel": None}
TITLE = {"title": "The Moon", "community": "space", "label": "space"}


def png(width: int, height: int) -> bytes:
    """Return a PNG file of zeros, which is small whatever its size in pixels."""
    file = io.BytesIO()
    Image.new("1", (width, height)).save(file, "PNG")
    return file.getvalue()


def pictures(picture: bytes = b"", **changed: object):
    index = {"pictures": [PICTURE | changed]}
    content = {"pictures/index.json": index, "pictures/moon.png": picture or png(20, 10)}
    return space_pictures.SERVED.load, content, lambda loaded: loaded.find("moon").title == "The Moon"


def example_pictures(picture: bytes = b"", label: object = "Forest"):
    index = {"examples": [{"file": "../../forest.png", "label": label}]}
    built = {"sizes": [{"width": 64}], "metres_a_pixel": 10}
    content = {
        "build.json": built,
        "examples/index.json": index,
        "examples/forest.png": picture or png(64, 64),
    }
    return satellite_pictures.load, content, lambda loaded: loaded.pictures[0].path.parent.name == "examples"


def example_titles(**changed: object):
    content = {"examples.json": {"examples": [TITLE | changed]}}
    return title_examples.load, content, lambda loaded: loaded[0].title == "The Moon"


@pytest.mark.parametrize(
    ("dataset", "said"),
    [
        (pictures(), ""),
        (pictures(HTML), "moon.png is not a picture"),
        (pictures(png(5_000, 5_000), width=5_000, height=5_000), "the limit is 16,000,000"),
        (pictures(png(20, 11)), "is not 20 × 10 pixels"),
        (pictures(title={"a": 1}), "not a short text"),
        (pictures(shows="a" * 10_000), "not a short text"),
        (pictures(width="<b>"), "is not <b> × 10 pixels"),
        (pictures(metres_a_pixel="<b>"), "metres_a_pixel of moon.png in pictures/index.json is not a number"),
        (example_pictures(), ""),
        (example_pictures(HTML), "forest.png is not a picture"),
        (example_pictures(png(5_000, 5_000)), "the limit is 16,000,000"),
        (example_pictures(label=["Forest"]), "not a short text"),
        (example_titles(), ""),
        (example_titles(title=3), "title of an example is not a text"),
        (example_titles(title="a" * 10_000), "title of an example is not a text"),
    ],
)
def test_what_is_not_as_published_is_refused(dataset, said, tmp_path):
    load, content, right = dataset
    for name, one in content.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(one if isinstance(one, bytes) else json.dumps(one).encode())
    if said:
        with pytest.raises(ValueError, match=said):
            load(tmp_path)
    else:
        assert right(load(tmp_path))
