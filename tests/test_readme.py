"""The snippets of the README and the cards run as printed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from huggingface_hub import hf_hub_download

from tests.processes import ROOT, clean_environment

PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
README = (ROOT / "README.md").read_text(encoding="utf-8")
HUB = (ROOT / "packages" / "localhub" / "README.md").read_text(encoding="utf-8")
CARDS = [("spacehub/falcon9-landings", "dataset"), ("spacehub/falcon9-landing-classifier", "model")]
BLOCKS = PYTHON.findall(README + HUB)


def run(code: str, environment: dict, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, f"{code}\n{done.stderr}"
    return done.stdout


def test_the_readme_and_the_cards_read_from_the_hub(published, tmp_path):
    """All blocks in one process, which imports once; a block that fails is named by its traceback."""
    blocks = [block for block in BLOCKS if not re.search("LocalHub|local_hub", block)]
    assert blocks
    for repo_id, repo_type in CARDS:
        card = hf_hub_download(
            repo_id,
            "README.md",
            repo_type=repo_type,
            endpoint=published.endpoint,
            cache_dir=tmp_path / "cache",
        )
        # A simulated sample is in a config of its own, which is then the only one.
        snippets = PYTHON.findall(Path(card).read_text(encoding="utf-8"))
        assert snippets
        blocks += snippets
    said = published.run_each(*blocks)
    assert len(said) == len(blocks)
    assert all(text.strip() for text in said)


@pytest.mark.parametrize(
    ("code", "printed"),
    list(zip([block for block in BLOCKS if "LocalHub" in block], ["hi", "hi", "False"], strict=True)),
)
def test_the_readme_makes_a_hub(tmp_path, code, printed):
    assert run(code, clean_environment() | {"HF_HOME": str(tmp_path)}, tmp_path).strip() == printed


@pytest.mark.parametrize("code", [block for block in BLOCKS if "local_hub" in block])
def test_the_readme_s_test_passes(tmp_path, code):
    (tmp_path / "test_mine.py").write_text(code)
    line = "import sys, pytest; sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', 'test_mine.py']))"
    assert "1 passed" in run(line, clean_environment() | {"HF_HOME": str(tmp_path)}, tmp_path)


def test_every_make_target_that_is_named_is_there():
    makefile = (ROOT / "Makefile").read_text()
    named = set(re.findall(r"make ([a-z]+)", README + (ROOT / "CONTRIBUTING.md").read_text()))
    assert named
    assert {name for name in named if not re.search(rf"^{name}:", makefile, re.MULTILINE)} == set()


def test_every_path_of_the_readme_is_there():
    rows = re.findall(r"^\| ((?:`[\w./-]+`(?:, )?)+) \|", README, re.MULTILINE)
    named = {path for row in rows for path in re.findall(r"`([\w./-]+)`", row) if "/" in path or "." in path}
    assert named
    for path in named:
        assert (ROOT / path).exists() or (ROOT / "spacehub" / path).exists(), path


@pytest.mark.parametrize(
    "page",
    [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("packages/*/*.md")],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_every_picture_and_link_of_a_page_is_there(page):
    targets = [target for target in re.findall(r"\]\(([^)#\s]+)\)", page.read_text()) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).is_file()] == []
