"""A run that was killed ends with the same bits; what is exported says the same; weights find their place."""

from dataclasses import replace

import numpy as np
import onnx
import pytest
import torch
from onnx import numpy_helper

from spacehub.errors import SpaceHubError
from spacehub.models.satellite import export, network, training, tuning, weights
from spacehub.models.satellite.pictures import Pictures
from spacehub.models.satellite.recipes import Recipe
from spacehub.models.tracking import Silent

SIZE, CLASSES = 32, 3
RECIPE = Recipe(
    architecture="test_efficientnet", weights="scratch", size=SIZE, epochs=3, batch=8, average=0.9
)


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def seen():
    """Pictures of three classes, each of one colour more than of the others."""
    rng = np.random.default_rng(0)
    labels = np.arange(48) % CLASSES
    pixels = rng.integers(0, 120, (48, 3, SIZE, SIZE), dtype="uint8")
    pixels[np.arange(48), labels] += 120
    return pixels, labels


class KilledError(Exception):
    pass


def fit(seen, checkpoint, *, die_at: int | None = None, recipe: Recipe = RECIPE, seed: int = 5):
    torch.manual_seed(0)
    made = network.create(recipe.architecture, CLASSES, size=SIZE, drop=recipe.drop)

    def report(done, total):
        if done == die_at:
            raise KilledError

    return training.fit(
        made,
        *seen,
        classes=CLASSES,
        recipe=recipe,
        seed=seed,
        checkpoint=checkpoint,
        report=report,
        tracker=Silent(),
        held_out=seen,
    )


@pytest.mark.parametrize("die_at", [1, 2])
def test_a_killed_run_goes_on_bit_for_bit(seen, tmp_path, die_at):
    whole, curve, _ = fit(seen, tmp_path / "whole.pt")
    with pytest.raises(KilledError):
        fit(seen, tmp_path / "cut.pt", die_at=die_at)
    before = torch.load(tmp_path / "cut.pt", weights_only=True)["seconds"]
    again, again_curve, seconds = fit(seen, tmp_path / "cut.pt")
    assert again_curve == curve
    assert seconds > before > 0
    for name, value in whole.state_dict().items():
        assert torch.equal(value, again.state_dict()[name]), name


def test_a_killed_search_goes_on_and_never_sees_the_test_split(seen, tmp_path):
    pixels, labels = seen
    splits = np.array(["train"] * 24 + ["validation"] * 12 + ["test"] * 12)
    files = np.arange(48).astype(str)
    shown = Pictures(
        pixels=np.where((splits == "test")[:, None, None, None], np.uint8(0), pixels),
        labels=np.where(splits == "test", 99, labels),  # a class that does not exist
        folds=np.zeros(48, np.int8),
        splits=splits,
        files=files,
        digests=files,
        sides=np.full(48, SIZE),
        names=["a", "b", "c"],
        metres_a_pixel=10.0,
        side=SIZE,
        example="0",
        id="spacehub/x",
        commit="c",
        config="default",
    )
    train = shown.rows("train")
    recipe = replace(RECIPE, epochs=1)

    def search(folder, report=lambda done, total: None):
        return tuning.search(
            shown,
            shown.pixels[train],
            shown.labels[train],
            recipe=recipe,
            trials=3,
            seed=0,
            folder=folder,
            facts=[],
            report=report,
            tracker=Silent(),
        )

    def die(done, total):
        if done == 2:
            raise KilledError

    with pytest.raises(KilledError):
        search(tmp_path / "cut", die)
    left = []
    best, found = search(tmp_path / "cut", lambda done, total: left.append(done))
    assert left == [2, 3]
    assert (best, found) == search(tmp_path / "whole")
    assert found[0].params == {name: getattr(recipe, name) for name in tuning.SPACE}
    assert best == replace(recipe, **min(found, key=lambda trial: trial.value).params)


def test_folds_of_a_run_in_several_processes_are_trained_alone(seen, tmp_path, monkeypatch):
    """Only the first process judges, so nobody would answer a call to train together."""
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("RANK", "0")
    _, curve, _ = fit(seen, tmp_path / "fold.pt", recipe=replace(RECIPE, epochs=1))
    assert len(curve) == 1


def test_another_run_s_checkpoint_is_not_taken(seen, tmp_path):
    _, first, _ = fit(seen, tmp_path / "a.pt")
    _, other, _ = fit(seen, tmp_path / "a.pt", seed=6)
    assert len(other) == len(first)
    assert [point["loss"] for point in other] != [point["loss"] for point in first]


def test_it_learns(seen, tmp_path):
    recipe = Recipe(
        architecture="test_efficientnet", weights="scratch", size=SIZE, epochs=12, batch=8, average=0.9
    )
    _, curve, _ = fit(seen, tmp_path / "a.pt", recipe=recipe)
    assert curve[-1]["accuracy"] > 0.9


@pytest.mark.parametrize(("weights", "kept"), [("imagenet", True), ("scratch", False)])
def test_frozen_stages_keep_pretrained_weights(seen, tmp_path, weights, kept):
    recipe = replace(RECIPE, weights=weights, frozen=2, epochs=1)
    torch.manual_seed(0)
    first = dict(network.create(recipe.architecture, CLASSES, size=SIZE, drop=recipe.drop).named_parameters())
    trained = dict(fit(seen, tmp_path / "a.pt", recipe=recipe)[0].named_parameters())
    frozen = [name for name in first if name.startswith(("conv_stem.", "bn1.", "blocks.0."))]
    same = [name for name in first if torch.equal(first[name], trained[name])]
    assert same == (frozen if kept else [])


def test_the_learning_rate_goes_up_and_down():
    rates = [training.learning_rate(RECIPE, share) for share in np.linspace(0, 1, 101)]
    assert max(rates) == pytest.approx(RECIPE.learning_rate)
    assert rates[0] < 0.1 * RECIPE.learning_rate
    assert rates[-1] == pytest.approx(0, abs=1e-12)
    assert np.argmax(rates) == 15


def test_onnx_says_what_torch_says_and_the_map_adds_up(seen, tmp_path):
    made, _, _ = fit(seen, tmp_path / "a.pt")
    pixels, _ = seen
    (tmp_path / "out").mkdir()
    export.export(
        made,
        tmp_path / "out",
        names=["a", "b", "c"],
        size=SIZE,
        metres_a_pixel=10.0,
        calibration=pixels,
    )
    said = training.logits(made, pixels)
    found, maps = export.run(tmp_path / "out/onnx/model.onnx", pixels)
    np.testing.assert_allclose(found, said, atol=1e-4)
    bias = made.get_classifier().bias.detach().numpy()
    np.testing.assert_allclose(maps.mean((2, 3)) + bias, found, atol=1e-4)
    eight = export.agreement(tmp_path / "out/onnx/model_int8.onnx", pixels, said)
    assert eight["share"] > 0.8
    constants = map(numpy_helper.to_array, onnx.load(tmp_path / "out/onnx/model_int8.onnx").graph.initializer)
    kernels = [constant for constant in constants if constant.dtype == np.int8 and constant.ndim > 1]
    # x86 processors without VNNI add two products of bytes in 16 bits: twice 255 × 64 fits, twice 255 × 65 does not.
    assert kernels
    assert all(np.abs(kernel.astype(int)).max() <= 64 for kernel in kernels)
    assert not list((tmp_path / "out").rglob("*.bin"))


def test_calibration_divides_the_logits(seen, tmp_path):
    made, _, _ = fit(seen, tmp_path / "a.pt")
    before = training.logits(made, seen[0])
    export.calibrate(made, 1.7)
    np.testing.assert_allclose(training.logits(made, seen[0]), before / 1.7, atol=1e-5)


@pytest.mark.parametrize("architecture", ["test_efficientnet", "test_vit", "resnet10t", "two-convolutions"])
def test_any_architecture_by_name(architecture):
    made = network.create(architecture, 5, size=64)
    assert made(torch.zeros(2, 3, 64, 64)).shape == (2, 5)


def test_an_unknown_architecture_is_refused_with_names():
    with pytest.raises(SpaceHubError, match="timm has no architecture named 'resnet9000'"):
        network.create("resnet9000", 5, size=64)


def test_imagenet_weights_find_their_place(local_hub):
    """The packaged network, given its own classifier back, knows a palace."""
    from PIL import Image
    from sklearn.datasets import load_sample_image

    made = network.create("tf_efficientnet_lite0", 1000, size=224)
    assert "package" in weights.load(made, "imagenet", architecture="tf_efficientnet_lite0")
    assert not made.get_classifier().weight.any()
    made.load_state_dict(weights.packaged(made))
    picture = Image.fromarray(load_sample_image("china.jpg")).crop((106, 0, 533, 427)).resize((224, 224))
    shown = np.array(picture).transpose(2, 0, 1)[None]
    assert training.logits(made, shown).argmax() == 698


def test_weights_of_another_network_are_refused(local_hub, tmp_path):
    from huggingface_hub import HfApi
    from safetensors.torch import save_file

    save_file({"stem.weight": torch.zeros(1)}, tmp_path / "model.safetensors")
    HfApi().create_repo("other")
    HfApi().upload_folder(repo_id="spacehub/other", folder_path=tmp_path)
    made = network.create("test_efficientnet", 3, size=32)
    with pytest.raises(SpaceHubError, match="belong to another network"):
        weights.load(made, "spacehub/other", architecture="test_efficientnet")
    with pytest.raises(SpaceHubError, match="has no ImageNet weights for test_efficientnet"):
        weights.load(made, "imagenet", architecture="test_efficientnet")
    with pytest.raises(SpaceHubError, match="The Hub has no model named spacehub/none"):
        weights.load(made, "spacehub/none", architecture="test_efficientnet")


@pytest.mark.parametrize("size", [47, 64])
def test_padding_worked_out_once_changes_no_logit(size):
    torch.manual_seed(0)
    made = network.create("tf_efficientnet_lite0", CLASSES, size=size).eval()
    pixels = torch.rand(2, 3, size, size)
    with torch.inference_mode():
        torch.testing.assert_close(network.padded_once(made, size)(pixels), made(pixels))
