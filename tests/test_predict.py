"""``spacehub predict``: the same answers as the app's, from the command line."""

import json

import pytest
from huggingface_hub import HfApi
from PIL import Image

from spacehub import catalogue
from spacehub.cli import main
from spacehub.localhub import LocalHub
from tests import colour_model, title_model


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    with LocalHub(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPACEHUB_HOME", str(folder / "home"))
        for key, write in {"titles": title_model.write_model, "satellite": colour_model.write_model}.items():
            repo = catalogue.MODELS[key].repo_id
            HfApi().create_repo(repo)
            HfApi().upload_folder(repo_id=repo, folder_path=write(folder / key))
        yield folder


def test_titles_as_lines_and_as_json(folder, capsys):
    main(["predict", "titles", "The moon", "My best recipe"])
    assert capsys.readouterr().out.splitlines() == [
        "space         95 %  The moon",
        "other        1.8 %  My best recipe",
    ]
    main(["predict", "titles", "--json", "The moon"])
    found = json.loads(capsys.readouterr().out)
    assert (found["text"], found["label"]) == ("The moon", "space")
    assert found["chance"] == pytest.approx(title_model.chance("The moon"), abs=1e-6)


def test_a_picture(folder, capsys):
    path = folder / "forest.png"
    Image.new("RGB", (64, 64), colour_model.COLOURS["Forest"]).save(path)
    main(["predict", "satellite", str(path)])
    assert capsys.readouterr().out.startswith("Forest ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing", "x"], "Unknown model: 'nothing'"),
        (["landing", "orbit=LEO"], "The Landing model is not published yet"),
        (["satellite", "absent.jpg"], "The file 'absent.jpg' does not exist"),
    ],
)
def test_a_mistake_is_two_sentences(arguments, said, folder):
    with pytest.raises(SystemExit, match=said):
        main(["predict", *arguments])
