"""Neural nets against difference quotients, PyTorch step by step, and what each set of points allows."""

import re
import subprocess
import sys

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from spacehub.errors import SpaceHubError
from spacehub.lab import networks_data
from spacehub.lab.networks import (
    ACTIVATIONS,
    dropout_masks,
    forward,
    initialise,
    loss_and_gradient,
    split,
)
from spacehub.lab.networks_check import MISTAKES, check_gradient
from spacehub.lab.networks_training import MOST_KEPT, OPTIMISERS, Plan, train
from tests.processes import ROOT, clean_environment
from train_scripts.train_neural_net import CHANGES, as_torch

SIZES = [[3, 4], [3, 5, 4], [3, 5, 6, 4], [3, 6, 5, 4, 3, 4]]
DRAW = np.random.default_rng(7)
X, LABELS = DRAW.normal(size=(11, 3)), DRAW.integers(0, 4, 11)


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_the_gradient_is_the_slope_of_the_loss(sizes, activation):
    # Few of the sums of a random network lie within a step of ReLU's kink: none with this seed.
    check = check_gradient(initialise(sizes, activation=activation, seed=3), X, LABELS)
    assert check.error < 1e-8
    assert np.abs(check.gradient).max() > 1e-3


@pytest.mark.parametrize("mistake", MISTAKES[1:])
def test_the_check_finds_a_planted_mistake(mistake):
    network = initialise([3, 5, 4], activation="tanh", seed=3)
    network.parameters[:] += 0.1
    assert check_gradient(network, X, LABELS, mistake=mistake).error > 0.05


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_loss_and_gradient_are_pytorchs(sizes, activation):
    network = initialise(sizes, activation=activation, seed=1)
    network.parameters[:] += 0.05
    loss, gradient = loss_and_gradient(network, X, LABELS)
    theirs = as_torch(network)
    cost = cross_entropy(theirs(torch.tensor(X)), torch.tensor(LABELS))
    cost.backward()
    assert loss == pytest.approx(cost.item(), rel=1e-12)
    np.testing.assert_allclose(gradient, _row(theirs, gradients=True), rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose(
        network.chances(X), theirs(torch.tensor(X)).softmax(1).detach(), rtol=1e-10, atol=1e-15
    )


def _row(module: torch.nn.Module, *, gradients: bool = False) -> np.ndarray:
    """Return all parameters of a PyTorch network, or their gradients, in the order of ours."""
    values = [one.grad if gradients else one for one in module.parameters()]
    return np.concatenate([value.detach().numpy().T.ravel() for value in values])


@pytest.mark.parametrize("decay", [0.0, 0.1])
@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_sixty_steps_are_pytorchs(optimiser, decay):
    network = initialise([3, 6, 5, 4], activation="tanh", seed=2)
    plan = Plan(epochs=60, rate=0.02, optimiser=optimiser, decay=decay)
    history = train(network, X, LABELS, plan)
    theirs = as_torch(network)
    groups = [
        {"params": [one for one in theirs.parameters() if one.ndim == 2], "weight_decay": decay},
        {"params": [one for one in theirs.parameters() if one.ndim == 1], "weight_decay": 0.0},
    ]
    kind = torch.optim.AdamW if optimiser == "Adam" else torch.optim.SGD
    theirs_step = kind(groups, lr=plan.rate)
    for loss in history.losses:
        cost = cross_entropy(theirs(torch.tensor(X)), torch.tensor(LABELS))
        theirs_step.zero_grad()
        cost.backward()
        theirs_step.step()
        assert loss == pytest.approx(cost.item(), rel=1e-9)
    np.testing.assert_allclose(history.parameters[-1], _row(theirs), rtol=1e-7, atol=1e-10)


def test_dropout_leaves_units_out_and_keeps_the_mean():
    network = initialise([3, 400, 4], activation="ReLU", seed=0)
    masks = dropout_masks(network, 500, 0.3, np.random.default_rng(0))
    assert set(np.unique(masks[0])) == {0, 1 / 0.7}
    assert np.mean(masks[0] == 0) == pytest.approx(0.3, abs=0.01)
    assert masks[0].mean() == pytest.approx(1, abs=0.01)


def test_the_gradient_with_dropout_is_that_of_the_thinned_network():
    network = initialise([3, 8, 6, 4], activation="tanh", seed=5)
    masks = dropout_masks(network, len(X), 0.4, np.random.default_rng(1))
    _, gradient = loss_and_gradient(network, X, LABELS, masks)
    theirs = [torch.tensor(part, requires_grad=True) for layer in network.layers for part in layer]
    passed = torch.tensor(X)
    for number, (weights, biases) in enumerate(zip(theirs[::2], theirs[1::2], strict=True)):
        passed = passed @ weights + biases
        if number < len(masks):
            passed = torch.tanh(passed) * torch.tensor(masks[number])
    np.testing.assert_allclose(forward(network, X, masks)[-1], passed.detach(), rtol=1e-10)
    cross_entropy(passed, torch.tensor(LABELS)).backward()
    expected = np.concatenate([part.grad.numpy().ravel() for part in theirs])
    np.testing.assert_allclose(gradient, expected, rtol=1e-9, atol=1e-14)


def test_a_signal_keeps_its_size_through_the_layers():
    inputs = np.random.default_rng(0).normal(size=(400, 128))
    for activation, low, high in ("ReLU", 0.5, 2), ("none", 0.5, 2):
        outputs = forward(initialise([128] * 7, activation=activation, seed=1), inputs)
        assert low < (outputs[5] ** 2).mean() / (outputs[1] ** 2).mean() < high


def _wrong(name: str, activation: str, layers: int) -> float:
    """Return the share of fresh points that a network of 16 units a layer gets wrong."""
    x, labels = networks_data.points(name, 240, noise=0.05, seed=1)
    fresh, truth = networks_data.points(name, 2000, noise=0.05, seed=2)
    network = initialise([2, *[16] * layers, 2], activation=activation, seed=1)
    history = train(network, x, labels, Plan(epochs=400, rate=0.03))
    return float(np.mean(history.network().classes(fresh) != truth))


@pytest.mark.parametrize("name", networks_data.SETS)
def test_a_bend_is_needed(name):
    assert _wrong(name, "tanh", 2) < 0.05
    # Layers without a bend are one layer.
    assert _wrong(name, "none", 2) == pytest.approx(_wrong(name, "none", 0), abs=0.03)
    assert _wrong(name, "none", 2) > (0.1 if name == "moons" else 0.3)


def test_digits_to_97_per_cent_on_those_held_out():
    digits = networks_data.digits()
    found = []
    for seed in range(3):
        network = initialise([64, 64, 10], activation="ReLU", seed=seed)
        plan = Plan(epochs=25, batch=64, rate=0.005, seed=seed)
        history = train(network, digits.x, digits.labels, plan)
        found.append(np.mean(history.network().classes(digits.held_x) == digits.held_labels))
    assert min(found) >= 0.97


def test_the_train_script_writes_what_each_change_gave(tmp_path):
    file = tmp_path / "table.md"
    run = subprocess.run(
        [sys.executable, "-m", "train_scripts.train_neural_net", "--preset", "smoke", "--output", str(file)],
        env=clean_environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert run.returncode == 0, run.stderr
    rows = _rows(file.read_text(encoding="utf-8"))
    assert list(rows) == list(CHANGES)[:2]
    for cells in rows.values():
        in_torch, in_numpy = (float(cells[place].split()[0]) for place in (2, 5))
        # The same net, the same batches: the two classify at most one digit in 449 differently.
        assert in_torch == pytest.approx(in_numpy, abs=0.25)
        assert float(cells[3]) <= in_torch
    base, line = rows.values()
    assert float(base[2].split()[0]) > 97 > float(line[2].split()[0])


def test_the_table_that_is_kept_is_of_the_rows_that_the_script_has():
    rows = _rows((ROOT / "docs" / "neural-nets.md").read_text(encoding="utf-8"))
    assert list(rows) == list(CHANGES)


def _rows(page: str) -> dict[str, list[str]]:
    """Return the cells of each row of a page's table, by its first."""
    lines = re.findall(r"^\| (.+) \|$", page, re.MULTILINE)[1:]
    return {line.split(" | ")[0]: line.split(" | ") for line in lines}


@pytest.mark.parametrize("split_by", networks_data.SPLITS)
def test_no_digit_is_on_both_sides(split_by):
    digits = networks_data.digits(split_by)
    assert (len(digits.x), len(digits.held_x)) == (1348, 449)
    assert not {row.tobytes() for row in digits.x} & {row.tobytes() for row in digits.held_x}
    assert np.bincount(digits.held_labels).min() >= 40
    assert 0 == digits.x.min() < digits.x.max() == 1


def test_weight_decay_keeps_weights_small_and_biases_as_they_are():
    x, labels = networks_data.points("moons", 100, noise=0.1, seed=1)
    sizes = [2, 8, 2]
    norms = []
    for decay in 0.0, 2.0:
        history = train(initialise(sizes, seed=1), x, labels, Plan(epochs=100, decay=decay))
        norms.append(sum(np.square(weights).sum() for weights, _ in split(history.parameters[-1], sizes)))
    assert norms[1] < 0.5 * norms[0]


def test_a_rate_too_high_is_told_and_a_start_is_kept():
    x, labels = networks_data.points("circles", 100, noise=0.1, seed=1)
    network = initialise([2, 16, 16, 16, 2], seed=1)
    before = network.parameters.copy()
    history = train(network, x, labels, Plan(epochs=200, rate=900, optimiser="gradient descent"))
    np.testing.assert_array_equal(network.parameters, before)
    np.testing.assert_array_equal(history.parameters[0], before)
    assert len(history.parameters) == len(history.losses) + 1
    assert np.isfinite(history.parameters).all()
    calm = train(network, x, labels, Plan(epochs=200, rate=0.1, optimiser="gradient descent"))
    assert not calm.diverged
    assert history.diverged or history.losses[-1] > 3 * calm.losses[-1]


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda: initialise([2, 4, 2], activation="step", seed=0), "Choose one of: ReLU"),
        (lambda: initialise([2, 0, 2], seed=0), "1 to 512 units"),
        (lambda: initialise([2, *[4] * 9, 2], seed=0), "up to 6 hidden"),
        (lambda: Plan(epochs=0).check(), "number of epochs or the batch size"),
        (lambda: Plan(epochs=1, batch=0).check(), "batch size is below 1"),
        (lambda: Plan(epochs=1, rate=0).check(), "above 0"),
        (lambda: Plan(epochs=1, rate=float("nan")).check(), "above 0"),
        (lambda: Plan(epochs=1, dropout=1).check(), "below 1"),
        (lambda: Plan(epochs=1, decay=-1).check(), "from 0"),
        (lambda: Plan(epochs=1, optimiser="Newton").check(), "gradient descent, Adam"),
        (lambda: train(initialise([3, 4], seed=0), X, LABELS, Plan(epochs=MOST_KEPT)), "fewer epochs"),
        (lambda: networks_data.points("stars", 100, noise=0, seed=0), "Choose one of: XOR"),
        (lambda: networks_data.points("XOR", 1, noise=0, seed=0), "Choose 4 to"),
        (lambda: networks_data.points("XOR", 9, noise=-1, seed=0), "from 0 to 1"),
        (lambda: networks_data.digits("a third"), "Choose one of: a random"),
        (lambda: check_gradient(initialise([3, 4], seed=0), X, LABELS, step=0), "above 0"),
        (
            lambda: check_gradient(initialise([3, 4], seed=0), X, LABELS, mistake="typo"),
            "Choose one of: none",
        ),
        (lambda: check_gradient(initialise([3, 300, 300, 4], seed=0), X, LABELS), "too many parameters"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_mistake_is_a_sentence(attempt, words):
    with pytest.raises(SpaceHubError, match=words):
        attempt()
