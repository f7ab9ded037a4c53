"""Bringing a Hub up to date: only what is outdated is made, and a new card template makes a new card only."""

import json
import shutil
import sys
from html import escape
from pathlib import Path

import pytest
from huggingface_hub import HfApi, hf_hub_download
from markdown_it import MarkdownIt

from spacehub import cards, catalogue, pipeline, publish
from spacehub.errors import SpaceHubError
from spacehub.localhub import LocalHub

KEY = "falcon9-landings"
NAMES = ["README.md", "build.json", "figures/landings_by_year.png"]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folders of a Hub to which the dataset was published, and of what published it."""
    folder = tmp_path_factory.mktemp("built")
    with LocalHub(folder / "hub"), pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPACEHUB_HOME", str(folder / "home"))
        pipeline.bring_up_to_date([KEY])
    return folder


@pytest.fixture
def hub(built, tmp_path, monkeypatch):
    """A Hub of a test's own, on a copy of the folder."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("SPACEHUB_HOME", str(tmp_path / "home"))
    with LocalHub(tmp_path / "hub"):
        yield HfApi()


@pytest.fixture
def repo_id():
    return catalogue.DATASETS[KEY].repo_id


def test_a_second_run_commits_nothing(hub, repo_id, capfd):
    first = hub.dataset_info(repo_id).sha
    capfd.readouterr()
    pipeline.bring_up_to_date([KEY])
    assert hub.dataset_info(repo_id).sha == first
    assert "is published and up to date" in capfd.readouterr().out


def test_a_new_template_makes_a_new_card_and_no_new_data(hub, repo_id, tmp_path, monkeypatch):
    before = hub.dataset_info(repo_id).sha
    templates = tmp_path / "templates"
    templates.mkdir()
    template = (cards.TEMPLATES / f"{KEY}.md").read_text()
    (templates / f"{KEY}.md").write_text(template + "\nA new last line.\n")
    monkeypatch.setattr(cards, "TEMPLATES", templates)
    assert publish.refresh_card(KEY)
    old, new = (
        {
            file.path: file.blob_id
            for file in hub.get_paths_info(repo_id, NAMES, repo_type="dataset", revision=at)
        }
        for at in (before, "main")
    )
    assert {name for name in old if old[name] != new[name]} == {"README.md"}
    card = hf_hub_download(repo_id, "README.md", repo_type="dataset")
    assert "A new last line." in Path(card).read_text()
    assert not publish.refresh_card(KEY)


def test_a_model_is_outdated_when_its_data_changed_not_when_a_card_did(hub, repo_id, tmp_path):
    model = catalogue.MODELS["landing"]
    assert not pipeline.is_current("landing")
    hub.create_repo(model.repo_id)
    results = json.dumps({"dataset": {"commit": hub.dataset_info(repo_id).sha}}).encode()
    hub.upload_file(path_or_fileobj=results, path_in_repo="results.json", repo_id=model.repo_id)
    assert pipeline.is_current("landing")
    hub.upload_file(
        path_or_fileobj=b"# Card\n", path_in_repo="README.md", repo_id=repo_id, repo_type="dataset"
    )
    assert pipeline.is_current("landing")
    built = json.loads(Path(hf_hub_download(repo_id, "build.json", repo_type="dataset")).read_text())
    hub.upload_file(
        path_or_fileobj=b"PAR1", path_in_repo=built["data_files"][0], repo_id=repo_id, repo_type="dataset"
    )
    assert not pipeline.is_current("landing")


def test_a_model_of_seconds_is_made_again_once_none_is_wanted(hub, repo_id, monkeypatch):
    model = catalogue.MODELS["landing"]
    hub.create_repo(model.repo_id)
    results = {"dataset": {"commit": hub.dataset_info(repo_id).sha}, "preset": "smoke"}
    hub.upload_file(
        path_or_fileobj=json.dumps(results).encode(), path_in_repo="results.json", repo_id=model.repo_id
    )
    assert not pipeline.is_current("landing")
    monkeypatch.setenv("SPACEHUB_PRESET", "smoke")
    assert pipeline.is_current("landing")


def test_somebody_s_words_are_no_markdown_in_a_card():
    words = "a|b *x* _y_ `z` [l](http://a.org) <b>me@x.org</b> \\ ~~s~~ &amp; www.a.org"
    table = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    html = table.render(f"| a |\n|---|\n| {cards.cell(words)} |\n")
    assert f"<td>{escape(words, quote=False)}</td>" in html
    assert cards.cell("long\n" * 100, 20) == "long long long long…"


def test_a_preset_that_is_none_is_told_before_anything_begins(monkeypatch):
    monkeypatch.setenv("SPACEHUB_PRESET", "tiny")
    with pytest.raises(SpaceHubError, match="SPACEHUB_PRESET is 'tiny', which is not a preset"):
        pipeline.bring_up_to_date([KEY])


def test_the_app_is_told_however_a_command_ends(monkeypatch, tmp_path):
    monkeypatch.setenv("SPACEHUB_PROGRESS", str(tmp_path))
    monkeypatch.setattr(pipeline, "command", lambda key: [sys.executable, "-c", "raise SystemExit(9)"])
    assert not pipeline._make(KEY)
    assert "exited with code 9" in json.loads((tmp_path / f"{KEY}.json").read_text())["problem"]


def test_an_edited_card_is_kept_until_overwriting_is_asked_for_and_can_be_had_back(hub, repo_id, capfd):
    old = hf_hub_download(repo_id, "README.md", repo_type="dataset")
    edited = Path(old).read_text("utf-8").replace("Falcon 9", "Falcon Nine", 1)
    commit = hub.upload_file(
        path_or_fileobj=edited.encode(), path_in_repo="README.md", repo_id=repo_id, repo_type="dataset"
    ).oid

    def newest() -> str:
        return Path(hf_hub_download(repo_id, "README.md", repo_type="dataset")).read_text("utf-8")

    with pytest.raises(publish.EditedCardError, match=f"spacehub publish {KEY} --overwrite"):
        publish.refresh_card(KEY)
    assert "Falcon Nine" in capfd.readouterr().out
    pipeline.bring_up_to_date([KEY], dry_run=True)
    assert "-" in capfd.readouterr().out
    assert hub.dataset_info(repo_id).sha == commit
    assert publish.refresh_card(KEY, overwrite=True)
    assert "Falcon Nine" not in newest()
    publish.rollback(KEY, commit[:8])
    assert newest() == edited
    assert hub.list_repo_commits(repo_id, repo_type="dataset")[0].title == f"Roll back to {commit[:8]}"
    with pytest.raises(SpaceHubError, match="does not contain the commit '1234567'"):
        publish.rollback(KEY, "1234567")


def test_what_is_published_is_in_one_collection(hub, repo_id):
    hub.create_repo("spacehub/app", repo_type="space", space_sdk="gradio")
    assert publish.collect("spacehub/app") == publish.collect()
    [made] = hub.list_collections(owner=catalogue.namespace())
    items = [(item.item_id, item.item_type) for item in hub.get_collection(made.slug).items]
    assert made.title == "SpaceHub"
    assert sorted(items) == [("spacehub/app", "space"), (repo_id, "dataset")]


@pytest.mark.parametrize("change", [lambda card: card + "More.\n", lambda card: card.replace("a", "b", 1)])
def test_a_card_knows_that_it_was_edited(change):
    card = cards.stamped("# A card\n\nWords.\n")
    assert not cards.is_edited(card)
    assert cards.is_edited(change(card))
