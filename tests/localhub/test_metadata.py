"""The Hub's rules for card metadata, one row a rule."""

import pytest
from huggingface_hub import DatasetCardData, EvalResult, ModelCardData

from localhub.card.metadata import check_metadata

GOOD = [
    ("model", "license: mit"),
    ("model", "license: [mit, apache-2.0]"),
    ("model", "license: other\nlicense_name: my-licence-1.0\nlicense_link: LICENSE"),
    ("model", "language: [en, no, zh-Hant, gsw, code, multilingual]"),
    ("model", "language: no"),
    ("model", "pipeline_tag: tabular-classification\nlibrary_name: skops"),
    ("model", "datasets: spacehub/falcon9-landings\nbase_model: [sentence-transformers/all-MiniLM-L6-v2]"),
    ("model", "tags: [space, '2013']\nmetrics: [accuracy]"),
    ("model", "metrics: accuracy"),
    ("model", "anything_else: {nested: [1, 2.5, null, true]}\ndate: 2022-10-05"),
    (
        "dataset",
        "configs:\n- config_name: default\n  default: true\n  data_files: [{split: train, path: data/*}]",
    ),
    (
        "dataset",
        "configs:\n- config_name: a\n  data_files: a.csv\n- config_name: b\n  data_files: [a.csv, b.csv]",
    ),
    (
        "dataset",
        "dataset_info:\n  features: [{name: a, dtype: int64}]\n  splits: [{name: train, num_examples: 1}]",
    ),
    ("dataset", "dataset_info:\n- config_name: a\n  features: []"),
    ("dataset", "task_categories: [tabular-classification]\nsize_categories: [n<1K]\npretty_name: Launches"),
    (
        "space",
        "title: Mission\nsdk: gradio\nsdk_version: 6.31.0\nemoji: 🚀\ncolorFrom: indigo\ncolorTo: gray\npinned: true",
    ),
    ("space", "sdk: docker\napp_port: 7860\nemoji: 🛰️"),
]

# repo type, metadata, the field that the error must name
BAD = [
    ("model", "license: MIT", '"license"'),
    ("model", "license: gpl-9", '"license"'),
    ("model", "license: [mit, nope]", '"license[1]"'),
    ("model", "license: [{a: b}]", '"license[0]"'),
    ("model", "license_name: My Licence!", '"license_name"'),
    ("model", "language: english", '"language"'),
    ("model", "language: [en, EN]", '"language[1]"'),
    ("model", "language: xx", '"language"'),
    ("model", "language: 5", '"language"'),
    ("model", "tags: space", '"tags"'),
    ("model", "tags: [space, 2013]", '"tags[1]"'),
    ("model", "tags: ['']", '"tags[0]"'),
    ("model", "datasets: [a/b, 'not an id']", '"datasets[1]"'),
    ("model", "base_model: a/b/c", '"base_model"'),
    ("model", "base_model_relation: cousin", '"base_model_relation"'),
    ("model", "pipeline_tag: [a]", '"pipeline_tag"'),
    ("model", "library_name: 3", '"library_name"'),
    ("model", "metrics: [accuracy, 1]", '"metrics[1]"'),
    ("model", "model-index: {}", '"model-index"'),
    ("model", "model-index: []", '"model-index"'),
    ("model", "model-index: [3]", '"model-index[0]"'),
    ("model", "model-index: [{results: []}]", '"model-index[0].name"'),
    ("model", "model-index: [{name: a}]", '"model-index[0].results"'),
    ("model", "model-index: [{name: a, results: {}}]", '"model-index[0].results"'),
    ("model", "model-index: [{name: a, results: [x]}]", '"model-index[0].results[0]"'),
    ("dataset", "configs: {}", '"configs"'),
    ("dataset", "configs: [{data_files: x}]", '"configs[0].config_name"'),
    ("dataset", "configs: [{config_name: a}, {config_name: a}]", '"configs"'),
    ("dataset", "configs: [{config_name: a, data_files: 3}]", '"configs[0].data_files"'),
    (
        "dataset",
        "configs: [{config_name: a, data_files: [{split: train}]}]",
        '"configs[0].data_files[0].path"',
    ),
    ("dataset", "configs: [{config_name: a, default: perhaps}]", '"configs[0].default"'),
    ("dataset", "dataset_info: x", '"dataset_info"'),
    ("dataset", "dataset_info: [{features: []}]", '"dataset_info[0].config_name"'),
    ("dataset", "dataset_info: {features: {}}", '"dataset_info.features"'),
    ("dataset", "dataset_info: {splits: [{num_examples: 3}]}", '"dataset_info.splits[0].name"'),
    ("dataset", "pretty_name: [a]", '"pretty_name"'),
    ("dataset", "task_categories: text-classification", '"task_categories"'),
    ("dataset", "size_categories: n<1K", '"size_categories"'),
    ("space", "sdk: flask", '"sdk"'),
    ("space", "emoji: rocket", '"emoji"'),
    ("space", "emoji: ''", '"emoji"'),
    ("space", "colorFrom: grey", '"colorFrom"'),
    ("space", "colorTo: black", '"colorTo"'),
    ("space", f"short_description: {'x' * 61}", '"short_description"'),
    ("space", "app_port: http", '"app_port"'),
    ("space", "pinned: perhaps", '"pinned"'),
    ("space", "models: [a b]", '"models[0]"'),
    ("model", "a: [", "Invalid YAML"),
    ("model", "a: 1\na: 2", "Invalid YAML"),
    ("model", "just text", "Invalid YAML"),
    ("model", "a: !!python/object/apply:os.system [ls]", "Invalid YAML"),
]

REMARKS = [
    ("model", "license: other", '"license"'),
    ("model", "pipeline_tag: moon-landing", '"pipeline_tag"'),
    ("dataset", "task_categories: [moon-landing]", '"task_categories[0]"'),
    ("dataset", "size_categories: [some]", '"size_categories[0]"'),
    ("space", "title: x", '"sdk"'),
    ("space", "sdk: gradio\nsdk_version: 6.10", '"sdk_version"'),
]


def card(block):
    return f"---\n{block}\n---\n# A card\n"


@pytest.mark.parametrize(("repo_type", "block"), GOOD)
def test_good(repo_type, block):
    assert check_metadata(card(block), repo_type=repo_type) == ([], [])


@pytest.mark.parametrize(("repo_type", "block", "field"), BAD)
def test_bad(repo_type, block, field):
    errors, _ = check_metadata(card(block), repo_type=repo_type)
    assert len(errors) == 1 or field == '"model-index[0]"'
    assert errors[0].startswith(field)


@pytest.mark.parametrize(("repo_type", "block", "field"), REMARKS)
def test_remarks(repo_type, block, field):
    errors, warnings = check_metadata(card(block), repo_type=repo_type)
    assert errors == []
    assert [warning.startswith(field) for warning in warnings] == [True]


@pytest.mark.parametrize(
    "text", ["", "# A card\n", "---\n---\n", "---\n\n---\n# A card", "text\n---\na: 1\n---\n"]
)
def test_no_metadata_is_remarked_on(text):
    errors, warnings = check_metadata(text)
    assert errors == []
    assert "empty or missing yaml metadata" in warnings[0]


def test_what_huggingface_hub_writes_passes():
    result = EvalResult(
        task_type="tabular-classification",
        dataset_type="spacehub/falcon9-landings",
        dataset_name="Falcon 9 landings",
        metric_type="average_precision",
        metric_value=0.45,
        dataset_revision="abc",
        source_name="here",
        source_url="https://example.org",
    )
    model = ModelCardData(
        model_name="x", eval_results=[result], license="apache-2.0", tags=["a"], metrics=["accuracy"]
    )
    assert check_metadata(card(model.to_yaml())) == ([], [])
    data = DatasetCardData(license="cc0-1.0", language=["en"], size_categories=["n<1K"], pretty_name="x")
    assert check_metadata(card(data.to_yaml()), repo_type="dataset") == ([], [])


@pytest.mark.parametrize(
    "missing", ["task.type", "dataset.type", "dataset.name", "metrics[0].type", "metrics[0].value"]
)
def test_each_required_field_of_a_result(missing):
    result = {
        "task": {"type": "t", "name": "n"},
        "dataset": {"type": "d", "name": "n"},
        "metrics": [{"type": "m", "value": 1, "name": "n"}],
    }
    part, _, field = missing.partition(".")
    del (result["metrics"][0] if part.startswith("metrics") else result[part])[field]
    import yaml

    errors, _ = check_metadata(card(yaml.safe_dump({"model-index": [{"name": "x", "results": [result]}]})))
    assert errors == [f'"model-index[0].results[0].{missing}" is required']


def test_aliases_cannot_blow_up():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    errors, _ = check_metadata(card("\n".join(lines)))
    assert errors[0].startswith("Invalid YAML")
