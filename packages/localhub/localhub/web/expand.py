"""The fields of a repo that a request can name."""

from localhub.errors import HubError
from localhub.ids import RepoType


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_COMMON = _names(
    "author cardData createdAt disabled lastModified likes private resourceGroup sha siblings tags trendingScore"
    " usedStorage xetEnabled"
)
# `ExpandModelProperty_T` and its siblings in huggingface_hub.hf_api.
_FIELDS = {
    RepoType.MODEL: _COMMON
    | _names(
        """
        baseModels childrenModelCount config downloads downloadsAllTime evalResults gated gguf inference
        inferenceProviderMapping library_name mask_token model-index pipeline_tag safetensors spaces transformersInfo
        widgetData
        """
    ),
    RepoType.DATASET: _COMMON
    | _names("citation description downloads downloadsAllTime gated mainSize paperswithcode_id"),
    RepoType.KERNEL: _COMMON | _names("downloads downloadsAllTime gated"),
    RepoType.SPACE: _COMMON | _names("datasets host models runtime sdk subdomain"),
}


def check_expand(kind: RepoType, expand: list[str]) -> None:
    """Check that this type of repo has the fields.

    Raises
    ------
    HubError
        400, with the fields that it has, in huggingface.co's words.
    """
    for number, name in enumerate(expand):
        if name not in _FIELDS[kind]:
            choices = "|".join(f'"{field}"' for field in sorted(_FIELDS[kind]))
            raise HubError(400, f"✖ Invalid option: expected one of {choices}\n  → at expand[{number}].")
