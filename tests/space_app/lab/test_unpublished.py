"""The Lab over a Hub that lacks the datasets of three experiments."""

import pytest


@pytest.mark.parametrize(
    ("key", "endpoint", "dataset"),
    [
        ("imaging", "lab_edges", "Space images"),
        ("meteorites", "lab_meteorites", "Meteorite landings"),
        ("telemetry", "lab_telemetry", "Falcon 9 telemetry"),
    ],
)
def test_an_error_names_the_dataset_that_is_not_published(lab, key, endpoint, dataset):
    with pytest.raises(Exception, match=f"The {dataset} dataset is not published yet"):
        lab(key).predict(api_name=f"/{endpoint}")
