"""What a client keeps while a Hub runs in the process goes with the Hub."""

import json
import subprocess
import sys
from pathlib import Path

import huggingface_hub
import huggingface_hub.constants as constants
import pytest

from localhub import LocalHub
from tests.doses import in_the_soak


def test_a_hub_is_not_answered_from_the_cache_of_another():
    for content in (b"first", b"second"):
        with LocalHub() as hub:
            api = huggingface_hub.HfApi(endpoint=hub.endpoint, token=hub.token)
            api.create_repo("same")
            api.upload_file(path_or_fileobj=content, path_in_repo="a", repo_id="spacehub/same")
            path = Path(huggingface_hub.hf_hub_download("spacehub/same", "a"))
            assert path.read_bytes() == content
        assert not path.exists()
        with pytest.raises(huggingface_hub.errors.LocalEntryNotFoundError):
            huggingface_hub.hf_hub_download("spacehub/same", "a", local_files_only=True)


def test_a_token_stored_meanwhile_is_not_the_users():
    before = constants.HF_TOKEN_PATH
    with LocalHub() as hub:
        huggingface_hub.login(hub.token, skip_if_logged_in=False)
        assert Path(constants.HF_TOKEN_PATH).read_text() == hub.token
    assert before == constants.HF_TOKEN_PATH
    assert not Path(before).exists() or Path(before).read_text() != hub.token


SHOW = """
import json, sys
from pathlib import Path
import {early}
from localhub import LocalHub
with LocalHub() as hub:
    import datasets, transformers.utils.hub, huggingface_hub
    inside = str(huggingface_hub.constants.HF_HUB_CACHE)
shown = {{
    f"{{module}}.{{name}}": str(value)
    for module in ("huggingface_hub.constants", "datasets.config", "transformers.utils.hub")
    for name, value in vars(sys.modules[module]).items()
    if isinstance(value, (str, Path)) and name.isupper() and ("CACHE" in name or "PATH" in name)
}}
print(json.dumps([inside, shown]))
"""


@pytest.mark.parametrize(
    "variables",
    [
        {"HF_HUB_CACHE": "a", "HF_DATASETS_CACHE": "b"},
        pytest.param({}, marks=in_the_soak),
        pytest.param({"XDG_CACHE_HOME": "x", "HF_HOME": ""}, marks=in_the_soak),
    ],
)
def test_all_is_as_it_was_also_in_modules_imported_meanwhile(tmp_path, variables):
    """The reference is a process in which everything was imported before."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "HF_HOME": str(tmp_path / "home")}
    environment |= {name: str(tmp_path / value) if value else "" for name, value in variables.items()}
    environment = {name: value for name, value in environment.items() if value}

    def shown(early: str):
        code = SHOW.format(early=early)
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
        )
        return json.loads(done.stdout)

    (inside, late), (_, early) = shown("json"), shown("datasets, transformers.utils.hub, huggingface_hub")
    assert "localhub-" in inside
    assert late == early
    assert not [value for value in late.values() if "localhub-" in value]
