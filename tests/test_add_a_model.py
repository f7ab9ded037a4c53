"""Follow the two pages on adding a model in a copy of the tree: train, publish, verify and serve the model."""

import re
import shutil
import subprocess

import pytest

from tests.processes import ROOT, command, stop
from tests.space_app.conftest import AppProcess

PAGES = "\n".join(
    (ROOT / "docs" / name).read_text("utf-8") for name in ("add-a-model.md", "add-a-model-files.md")
)
NEW = re.compile(r"^`(\S+)`:\n\n(`{3,})\w+\n(.*?)^\2$", re.MULTILINE | re.DOTALL)
ABOVE = re.compile(
    r"^In `(\S+)`, insert this (?:code|line) above the first `([^`]+)`:\n\n```\w*\n(.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
REPLACED = re.compile(r"^In `(\S+)`, replace `(.+)` with `(.+)`\.$", re.MULTILINE)
FOLDERS = ("spacehub", "space_app", "train_scripts", "model_cards")


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the tree, changed as the pages say."""
    tree = tmp_path_factory.mktemp("tree")
    files = subprocess.run(
        ["git", "ls-files", *FOLDERS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in files.stdout.split():
        target = tree / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
    for name, _, text in NEW.findall(PAGES):
        assert not (tree / name).exists()
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text, "utf-8")
    for name, place, text in ABOVE.findall(PAGES):
        lines = (tree / name).read_text("utf-8").splitlines(keepends=True)
        first = next(number for number, line in enumerate(lines) if line.strip().startswith(place))
        (tree / name).write_text("".join([*lines[:first], text, *lines[first:]]), "utf-8")
    for name, old, new in REPLACED.findall(PAGES):
        text = (tree / name).read_text("utf-8")
        assert old in text
        (tree / name).write_text(text.replace(old, new, 1), "utf-8")
    return tree


def test_a_fifth_model_changes_at_most_four_files():
    changed = {name for name, *_ in [*ABOVE.findall(PAGES), *REPLACED.findall(PAGES)]}
    assert 0 < len(changed) <= 4
    assert len(NEW.findall(PAGES)) == 6


def test_a_fifth_model_works_by_following_the_pages(tree, own_hub, tmp_path):
    commands = [command("spacehub.cli", name, "escape") for name in ("publish", "verify", "publish")]
    published, verified, again = said = own_hub.run_each(*commands, cwd=tree)
    assert all("exit status 0" in text for text in said), said
    assert "up to date" not in published
    assert " 0 failed" in verified, verified
    assert "up to date" in again
    app = AppProcess(tmp_path, own_hub, cwd=tree)
    try:
        client = app.client()
        # Escape speed of 5.2e10 kg at 180 m: sqrt(2 * 6.6743e-11 * 5.2e10 / 180) = 0.196 m/s.
        slow, fast = (client.predict(5.2e10, 180, speed, api_name="/escape") for speed in (0.1, 0.4))
        assert slow < 0.05
        assert fast > 0.95
        assert 0.3 < client.predict(5.2e10, 180, 0.196, api_name="/escape") < 0.7
        with pytest.raises(Exception, match="The parameter radius_m "):
            client.predict(5.2e10, -1, 1, api_name="/escape")
        board = client.predict(api_name="/mission_control")
        [entry] = [one for one in board if one["key"] == "escape"]
        assert entry["state"] == "published"
        assert entry["headline"]["value"] > 0.9
    finally:
        stop(app.process)
