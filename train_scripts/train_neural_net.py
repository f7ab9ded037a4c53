"""Train the Lab's neural net on scikit-learn's digits in PyTorch, and report the effects of individual changes.

    python -m train_scripts.train_neural_net --preset quick

The `quick` preset takes about a minute on one core. `full` uses twenty seeds and takes several minutes. The script does
not publish anything. Each PyTorch net starts with the weights of the NumPy net (``spacehub/lab/networks.py``) and is
trained on the same batches, so the results differ only by rounding. With dropout, the results also differ because the
random numbers differ. To write docs/neural-nets.md, run:

    python -m train_scripts.train_neural_net --output docs/neural-nets.md
"""

import statistics
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import torch
import tyro
from threadpoolctl import threadpool_limits
from torch import nn

from spacehub.home import home
from spacehub.lab import networks_training
from spacehub.lab.networks import Network, initialise
from spacehub.lab.networks_data import SPLITS, Digits, digits
from spacehub.lab.networks_training import Plan
from spacehub.script import friendly

KEY = "neural-net"
BENDS = {"ReLU": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "none": nn.Identity}
LEARNING = Plan(epochs=25, batch=64, rate=0.005)
# The number of seeds, and the number of rows to run (None: all rows).
PRESETS = {"smoke": (2, 2), "quick": (3, None), "full": (20, None)}


@dataclass(frozen=True, kw_only=True)
class Case:
    """A network, its training plan, and the split of the digits."""

    hidden: tuple[int, ...] = (64,)
    activation: str = "ReLU"
    plan: Plan = LEARNING
    split: str = SPLITS[0]

    def start(self, seed: int) -> Network:
        """Return the untrained network."""
        return initialise([64, *self.hidden, 10], activation=self.activation, seed=seed)


BASE = Case()
# The changes, in groups. We chose all of them before we ran any.
CHANGES = {
    "unchanged: 64 hidden units, ReLU, Adam, learning rate 0.005, 25 epochs": BASE,
    "no hidden layer": replace(BASE, hidden=()),
    "16 hidden units": replace(BASE, hidden=(16,)),
    "256 hidden units": replace(BASE, hidden=(256,)),
    "2 hidden layers of 64 units": replace(BASE, hidden=(64, 64)),
    "5 hidden layers of 64 units": replace(BASE, hidden=(64,) * 5),
    "tanh activation": replace(BASE, activation="tanh"),
    "sigmoid activation": replace(BASE, activation="sigmoid"),
    "no activation function": replace(BASE, activation="none"),
    "5 hidden layers of 64 units, sigmoid": replace(BASE, hidden=(64,) * 5, activation="sigmoid"),
    "learning rate 0.0001": replace(BASE, plan=replace(BASE.plan, rate=0.0001)),
    "learning rate 0.05": replace(BASE, plan=replace(BASE.plan, rate=0.05)),
    "learning rate 0.5": replace(BASE, plan=replace(BASE.plan, rate=0.5)),
    "gradient descent": replace(BASE, plan=replace(BASE.plan, optimiser="gradient descent")),
    "gradient descent, learning rate 0.5": replace(BASE, plan=replace(BASE.plan, optimiser="gradient descent", rate=0.5)),
    "dropout 0.2": replace(BASE, plan=replace(BASE.plan, dropout=0.2)),
    "dropout 0.5": replace(BASE, plan=replace(BASE.plan, dropout=0.5)),
    "weight decay 0.1": replace(BASE, plan=replace(BASE.plan, decay=0.1)),
    "weight decay 2": replace(BASE, plan=replace(BASE.plan, decay=2.0)),
    "last quarter held out": replace(BASE, split=SPLITS[1]),
}  # fmt: skip


@dataclass
class Options:
    """Options for the comparison."""

    preset: Literal["full", "quick", "smoke"] = "full"
    """Number of seeds: 20 (`full`), 3 (`quick`) or 2 (`smoke`). `smoke` compares only two rows, to test the software."""
    output: Path | None = None
    """The file to write (default: artefacts/neural-net/README.md under SPACEHUB_HOME)."""


def as_torch(network: Network, dropout: float = 0.0) -> nn.Sequential:
    """Return the same network in PyTorch, with the same weights, in double precision."""
    parts = []
    for weights, biases in network.layers:
        linear = nn.Linear(*weights.shape, dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(weights.T))
            linear.bias.copy_(torch.tensor(biases))
        parts += [linear, BENDS[network.activation](), nn.Dropout(dropout)]
    return nn.Sequential(*parts[:-2])


def in_torch(start: Network, data: Digits, plan: Plan) -> np.ndarray:
    """Train in PyTorch, and return the predicted classes of the held-out digits."""
    torch.manual_seed(plan.seed)
    model, cost = as_torch(start, plan.dropout), nn.CrossEntropyLoss()
    weights = [parameter for parameter in model.parameters() if parameter.ndim == 2]
    biases = [parameter for parameter in model.parameters() if parameter.ndim == 1]
    groups = [{"params": weights, "weight_decay": plan.decay}, {"params": biases, "weight_decay": 0.0}]
    optimiser = (torch.optim.AdamW if plan.optimiser == "Adam" else torch.optim.SGD)(groups, lr=plan.rate)
    x, labels = torch.tensor(data.x), torch.tensor(data.labels)
    draw = np.random.default_rng(plan.seed)
    for _ in range(plan.epochs):
        order = torch.tensor(draw.permutation(len(x)))
        for start_at in range(0, len(x) - plan.batch + 1, plan.batch):
            chosen = order[start_at : start_at + plan.batch]
            optimiser.zero_grad()
            cost(model(x[chosen]), labels[chosen]).backward()
            optimiser.step()
    with torch.no_grad():
        return model.eval()(torch.tensor(data.held_x)).argmax(1).numpy()


def in_numpy(start: Network, data: Digits, plan: Plan) -> np.ndarray:
    """Train in NumPy, and return the predicted classes of the held-out digits."""
    return networks_training.train(start, data.x, data.labels, plan).network().classes(data.held_x)


@dataclass(frozen=True, kw_only=True)
class Row:
    """The results of one case: an accuracy on the held-out digits and a CPU time in seconds for each seed."""

    parameters: int
    torch: list[float]
    numpy: list[float]
    torch_seconds: list[float]
    numpy_seconds: list[float]


def measure(case: Case, seeds: int) -> Row:
    """Train one case in PyTorch and in NumPy with every seed."""
    data, right, seconds = digits(case.split), {in_torch: [], in_numpy: []}, {in_torch: [], in_numpy: []}
    for seed in range(seeds):
        start, plan = case.start(seed), replace(case.plan, seed=seed)
        for train_in in right:
            began = time.process_time()
            predicted = train_in(start, data, plan)
            seconds[train_in].append(time.process_time() - began)
            right[train_in].append(float(np.mean(predicted == data.held_labels)))
    return Row(
        parameters=len(case.start(0).parameters),
        torch=right[in_torch],
        numpy=right[in_numpy],
        torch_seconds=seconds[in_torch],
        numpy_seconds=seconds[in_numpy],
    )


def table(rows: dict[str, Row]) -> str:
    """Return a Markdown table that compares each row with the first row."""
    base = next(iter(rows.values())).torch
    lines = [
        "| change | parameters | PyTorch, accuracy in % | worst seed | accuracy difference from the first row "
        "| NumPy, accuracy in % | PyTorch, s | NumPy, s |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, row in rows.items():
        gain = [100 * (ours - theirs) for ours, theirs in zip(row.torch, base, strict=True)]
        against = "" if row.torch is base else _with_spread(gain, signed=True)
        lines.append(
            f"| {name} | {row.parameters:,} | {_with_spread([100 * share for share in row.torch])} "
            f"| {100 * min(row.torch):.1f} | {against} | {_with_spread([100 * share for share in row.numpy])} "
            f"| {statistics.median(row.torch_seconds):.2f} | {statistics.median(row.numpy_seconds):.2f} |"
        )
    return "\n".join(lines)


def _with_spread(values: list[float], *, signed: bool = False) -> str:
    return f"{statistics.mean(values):{'+z' if signed else ''}.1f} ± {statistics.stdev(values):.1f}"


def page(rows: dict[str, Row], seeds: int, command: str) -> str:
    """Return the page with the table and its explanation."""
    data, base = digits(), next(iter(rows.values()))
    share = statistics.mean(base.torch)
    error = 100 * (share * (1 - share) / len(data.held_labels)) ** 0.5
    return f"""# How individual changes affect a neural net

This page compares variants of a neural net that classifies digits. Each row of the table shows one variant. The digits dataset in
scikit-learn contains images of 8 × 8 pixels in ten classes. Each net is trained on {len(data.x):,} digits and evaluated on
{len(data.held_x)} held-out digits.

We shuffled the digits once, and held out every fourth digit of each class. For the *last quarter held out* row, we instead held
out the last quarter of the unshuffled digits. We chose all variants before we ran any of them, so the results did not influence
the choice.

{table(rows)}

- *Accuracy* is the mean over {seeds} seeds ± the standard deviation. Each seed determines the initial weights and the batches.
- *Accuracy difference from the first row* is, for each seed, the PyTorch accuracy of the row minus that of the first row, in
  percentage points (mean ± standard deviation over the seeds).
- All seeds use the same {len(data.held_x)} held-out digits. With {len(data.held_x)} held-out digits, the accuracy in the first row has a
  standard error of {error:.1f} percentage points.
- *PyTorch, s* and *NumPy, s* are the CPU times of one training run on one core, in seconds (median over the seeds).

The PyTorch and NumPy nets start from the same weights and are trained on the same batches. Only the random dropout
masks differ between PyTorch and NumPy.

The code for the network is in `spacehub/lab/networks.py`. To train the network in PyTorch and generate this page, run
`{command}`. To try the network in the app, open *Neural nets* on the Lab tab.
"""


def main() -> None:
    """Run the comparison with the options given on the command line."""
    options = tyro.cli(Options, description=__doc__)
    seeds, few = PRESETS[options.preset]
    torch.set_num_threads(1)
    file = options.output or home() / "artefacts" / KEY / "README.md"
    rows = {}
    with friendly(KEY), threadpool_limits(1):
        for name, case in list(CHANGES.items())[:few]:
            rows[name] = measure(case, seeds)
            accuracy = 100 * statistics.mean(rows[name].torch)
            print(
                f"[{KEY}] {name}: {accuracy:.1f} % of the held-out digits are classified correctly",
                flush=True,
            )
        file.parent.mkdir(parents=True, exist_ok=True)
        command = f"python -m train_scripts.train_neural_net --preset {options.preset}"
        file.write_text(page(rows, seeds, command), encoding="utf-8")
    print(f"[{KEY}] written to {file}", flush=True)


if __name__ == "__main__":
    main()
