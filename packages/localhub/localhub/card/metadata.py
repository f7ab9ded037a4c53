"""Check card metadata against huggingface.co's rules, offline.

If huggingface.co would reject a card, the problem is an error; if it would only comment, the problem is a warning. The lists
of allowed values are in `vocabulary`. A ``model-index`` must follow the rules of `huggingface_hub` and of huggingface.co's
modelcard.md.
"""

from localhub.card import frontmatter
from localhub.card.fields import (
    Rule,
    arrays,
    flags,
    objects,
    one_of,
    repo_ids,
    text,
    text_or_texts,
    texts,
)
from localhub.card.rules import (
    configs,
    dataset_info,
    known_sizes,
    known_tasks,
    language,
    licence,
    model_index,
    space,
    space_remarks,
    unnamed_licence,
)
from localhub.card.vocabulary import SPACE_COLOURS, SPACE_SDKS


def check_metadata(readme: str, *, repo_type: str = "model") -> tuple[list[str], list[str]]:
    """Check the metadata of a README.md.

    Parameters
    ----------
    readme : str
        The whole file; its metadata is the YAML between two lines of ``---`` at the top.
    repo_type : str
        "model", "dataset", "space" or "kernel".

    Returns
    -------
    errors, warnings : list of str
        Errors and warnings, each starting with the field in quotes. A card that has an error is rejected.

    Examples
    --------
    >>> check_metadata("---\\nlicense: gpl-9\\n---\\n# A model")[0][0][:33]
    '"license" must be one of [apache-2'
    """
    block, _ = frontmatter.split(readme)
    try:
        data = frontmatter.load(block or "")
    except frontmatter.FrontMatterError as error:
        return [f"Invalid YAML: {error}"], []
    if not data:
        return [], ["empty or missing yaml metadata in repo card"]
    rules = [*_COMMON, *_OF_TYPE[repo_type]]
    errors = [message for rule in rules for message in rule(data)]
    warnings = [message for rule in (*_REMARKS, *_REMARKS_OF_TYPE[repo_type]) for message in rule(data)]
    return errors, warnings


_COMMON: tuple[Rule, ...] = (
    licence,
    language,
    texts("tags", "language_bcp47"),
    text("license_link", "thumbnail", "extra_gated_prompt", "extra_gated_heading", "extra_gated_description"),
    text("extra_gated_button_content"),
    objects("extra_gated_fields"),
)
_OF_TYPE: dict[str, tuple[Rule, ...]] = {
    "model": (
        model_index,
        text_or_texts("metrics"),
        text("pipeline_tag", "library_name", "model_name"),
        repo_ids("base_model", "new_version"),
        repo_ids("datasets", of="dataset"),
        arrays("widget", of="object"),
        one_of("base_model_relation", ("adapter", "finetune", "merge", "quantized")),
    ),
    "dataset": (
        configs,
        dataset_info,
        text("pretty_name", "paperswithcode_id"),
        texts("task_categories", "task_ids", "size_categories", "annotations_creators", "language_creators"),
        texts("multilinguality", "source_datasets"),
        arrays("train-eval-index"),
        flags("viewer"),
    ),
    "space": (
        space,
        one_of("sdk", SPACE_SDKS),
        one_of("colorFrom", SPACE_COLOURS),
        one_of("colorTo", SPACE_COLOURS),
        text("title", "app_file", "short_description", "suggested_hardware"),
        repo_ids("models"),
        repo_ids("datasets", of="dataset"),
        texts("preload_from_hub"),
        objects("custom_headers"),
        one_of("header", ("mini", "default")),
        flags("pinned", "fullWidth", "disable_embedding", "hf_oauth"),
    ),
    "kernel": (),
}
_REMARKS: tuple[Rule, ...] = (unnamed_licence,)
_REMARKS_OF_TYPE: dict[str, tuple[Rule, ...]] = {
    "model": (known_tasks("pipeline_tag"),),
    "dataset": (known_tasks("task_categories"), known_sizes),
    "space": (space_remarks,),
    "kernel": (),
}
