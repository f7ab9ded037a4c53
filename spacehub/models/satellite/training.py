"""Run one training: epochs of batches, an average of the weights, a checkpoint after every epoch.

No random state outlives an epoch: its generators are seeded by the run's seed and the epoch's number.
Therefore a killed run continues from its checkpoint and ends with the same bits, on the same number of
threads and processes.

Each of several processes (``torchrun``) takes its share of every batch, and gradients are averaged
(DistributedDataParallel).
"""

import math
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel

from spacehub.models.process import Process
from spacehub.models.satellite import augment
from spacehub.models.satellite.network import freeze
from spacehub.models.satellite.recipes import Recipe, describe
from spacehub.models.tracking import Tracker

EVALUATED = 64  # images per batch
ALONE = Process()


def fit(
    network: nn.Module,
    pixels: np.ndarray,
    labels: np.ndarray,
    *,
    classes: int,
    recipe: Recipe,
    seed: int,
    checkpoint: Path,
    report: Callable[[int, int], None],
    tracker: Tracker,
    held_out: tuple[np.ndarray, np.ndarray] | None = None,
    process: Process = ALONE,
) -> tuple[nn.Module, list[dict], float]:
    """Train `network` on uint8 images [N, 3, S, S]; return its averaged weights, its curve, and the seconds it took.

    The curve has, per epoch, the mean training loss, the learning rate, and the accuracy on `held_out`
    (pixels and labels, never trained on) if given. `report` is called with the finished epochs. The
    seconds include the epochs before a killed run continued. If `process` is one of several, all of them
    must call this at the same time.
    """
    device = _device(process)
    network = network.to(device, memory_format=torch.channels_last)
    average = AveragedModel(network, avg_fn=_warmed_up(recipe.average), use_buffers=True)
    freeze(network, 0 if recipe.weights == "scratch" else recipe.frozen)
    learned = [value for value in network.parameters() if value.requires_grad]
    decayed = [value for value in learned if value.ndim > 1]
    others = [value for value in learned if value.ndim <= 1]
    groups = [
        {"params": decayed, "weight_decay": recipe.weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=recipe.learning_rate, fused=True)
    data, goals = torch.from_numpy(pixels), torch.from_numpy(labels)
    steps = max(1, len(data) // recipe.batch)
    curve, before = _resume(checkpoint, network, average, optimiser, recipe, seed)
    begun, started = len(curve), time.monotonic()
    trained = nn.parallel.DistributedDataParallel(network) if process.count > 1 else network

    for epoch in range(begun, recipe.epochs):
        report(epoch, recipe.epochs)
        torch.manual_seed(_mixed(seed, epoch, process.rank))  # for dropout
        order = torch.randperm(len(data), generator=torch.Generator().manual_seed(_mixed(seed, epoch)))
        generator = torch.Generator().manual_seed(_mixed(seed, epoch, process.rank) + 1)
        trained.train()
        losses = []
        for step in range(steps):
            rate = learning_rate(recipe, (epoch * steps + step) / (recipe.epochs * steps))
            for group in optimiser.param_groups:
                group["lr"] = rate
            rows = order[step * recipe.batch : (step + 1) * recipe.batch][process.rank :: process.count]
            pictures, wanted = augment.batch(data[rows], goals[rows], classes, recipe, generator)
            with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
                predicted = trained(pictures.to(device))
            loss = -(wanted.to(device) * functional.log_softmax(predicted.float(), dim=1)).sum(dim=1).mean()
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            average.update_parameters(network)
            losses.append(loss.item())
        point = {"epoch": epoch + 1, "loss": float(np.mean(losses)), "learning_rate": rate}
        if held_out is not None:
            right = logits(average.module, held_out[0]).argmax(axis=1) == held_out[1]
            point["accuracy"] = float(right.mean())
        curve.append(point)
        tracker.log(point, step=epoch + 1)
        if process.rank == 0:
            seconds = before + time.monotonic() - started
            _keep(checkpoint, network, average, optimiser, recipe, seed, curve=curve, seconds=seconds)
    report(recipe.epochs, recipe.epochs)
    averaged = average.module.to("cpu", memory_format=torch.contiguous_format).eval()
    return averaged, curve, before + time.monotonic() - started


def learning_rate(recipe: Recipe, share: float) -> float:
    """Return the learning rate after `share` of all steps."""
    if share < recipe.warmup:
        return recipe.learning_rate * (0.04 + 0.96 * share / recipe.warmup)
    along = (share - recipe.warmup) / (1 - recipe.warmup)
    return recipe.learning_rate * (1 + math.cos(math.pi * along)) / 2


def logits(network: nn.Module, pixels: np.ndarray, *, way: int = 0) -> np.ndarray:
    """Return the network's logits for uint8 images [N, 3, S, S], rotated in one of the eight ways: [N, classes]."""
    device = next(network.parameters()).device
    network.eval()
    with torch.inference_mode():
        parts = [
            network(augment.prepare(augment.eighth(torch.from_numpy(part), way)).to(device)).cpu()
            for part in np.array_split(pixels, max(1, math.ceil(len(pixels) / EVALUATED)))
        ]
    return torch.cat(parts).numpy()


def _warmed_up(decay: float) -> Callable:
    """Return the rule of the average. It forgets faster at the beginning, so that the random start leaves no trace."""

    def rule(averaged: torch.Tensor, value: torch.Tensor, count: torch.Tensor) -> torch.Tensor:
        kept = min(decay, (1 + int(count)) / (10 + int(count)))
        return torch.lerp(value, averaged, kept) if value.is_floating_point() else value

    return rule


def _device(process: Process) -> torch.device:
    """Return the GPU of this process, or the CPU; connect several processes (NCCL on GPUs, otherwise gloo)."""
    gpu = torch.cuda.is_available()
    if process.count == 1:
        return torch.device("cuda" if gpu else "cpu")
    from accelerate import PartialState

    return PartialState(cpu=not gpu).device


def _mixed(*numbers: int) -> int:
    """Combine several numbers into one seed."""
    return int(np.random.SeedSequence(numbers).generate_state(1)[0])


def _keep(path: Path, network, average, optimiser, recipe: Recipe, seed: int, **facts) -> None:
    """Write the checkpoint completely or not at all."""
    state = {
        "recipe": describe(recipe),
        "seed": seed,
        "network": network.state_dict(),
        "average": average.state_dict(),
        "optimiser": optimiser.state_dict(),
        **facts,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    torch.save(state, temporary)
    os.replace(temporary, path)


def _resume(path: Path, network, average, optimiser, recipe: Recipe, seed: int) -> tuple[list[dict], float]:
    """Read the checkpoint of the same run, if there is one.

    Return the curve and the seconds of the finished epochs.
    """
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (FileNotFoundError, RuntimeError):
        return [], 0.0
    if (state["recipe"], state["seed"]) != (describe(recipe), seed):
        return [], 0.0
    network.load_state_dict(state["network"])
    average.load_state_dict(state["average"])
    optimiser.load_state_dict(state["optimiser"])
    return state["curve"], state["seconds"]
