"""Measure how fast the satellite network trains, compared with timm's training loop, in images per second.

    python -m benchmarks.satellite_training [--size 96] [--pictures 640] [--threads 2] [--rounds 3] [--json FILE]

*theirs* trains as timm's ``train.py`` does on a CPU, with timm's functions: a folder of JPEG files, timm's loader and
transforms, mixup, AdamW, and averaged weights. The benchmark measures timm with the loader in the same process and with
two worker processes, with and without --channels-last. *ours* is `spacehub.models.satellite.training`, which decodes
all files first and then applies the same kinds of augmentation.

Both train the network in `Recipe` from random weights, with the same number of threads. They take turns, and the first
epoch is not measured. The images contain noise, because their content has little effect on the decoding time.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import timm
import torch
from PIL import Image
from timm.data import Mixup, create_dataset, create_loader
from timm.loss import SoftTargetCrossEntropy
from timm.optim import create_optimizer_v2
from timm.utils import ModelEmaV3

from benchmarks.report import report, row
from spacehub.models.satellite import network, pictures, training
from spacehub.models.satellite.recipes import Recipe
from spacehub.models.tracking import Silent

CLASSES, SIDE = 10, 64


def write_pictures(folder: Path, count: int) -> None:
    """Write JPEG files into one folder per class, as timm's image folder expects."""
    rng = np.random.default_rng(0)
    for number in range(count):
        place = folder / f"class-{number % CLASSES}"
        place.mkdir(parents=True, exist_ok=True)
        noise = Image.fromarray(rng.integers(0, 256, (SIDE, SIDE, 3), np.uint8))
        noise.save(place / f"{number}.jpg", quality=90)


def theirs(folder: Path, recipe: Recipe, *, workers: int, channels_last: bool) -> Callable[[], None]:
    """Return a function that trains one epoch as timm does."""
    layout = torch.channels_last if channels_last else torch.contiguous_format
    model = timm.create_model(
        recipe.architecture, num_classes=CLASSES, drop_rate=recipe.drop, drop_path_rate=recipe.drop / 2
    ).to(memory_format=layout)
    dataset = create_dataset("", root=str(folder), is_training=True)
    loader = create_loader(
        dataset,
        (3, recipe.size, recipe.size),
        recipe.batch,
        is_training=True,
        vflip=0.5,
        interpolation="bicubic",
        color_jitter=recipe.light,
        num_workers=workers,
        persistent_workers=workers > 0,
        use_prefetcher=False,
        device=torch.device("cpu"),
    )
    mix = Mixup(mixup_alpha=recipe.mixup, label_smoothing=recipe.label_smoothing, num_classes=CLASSES)
    optimiser = create_optimizer_v2(model, "adamw", lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    average, loss_of = ModelEmaV3(model, decay=recipe.average), SoftTargetCrossEntropy()

    def epoch() -> None:
        model.train()
        for shown, wanted in loader:
            mixed, goals = mix(shown, wanted)
            loss = loss_of(model(mixed.contiguous(memory_format=layout)), goals)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            average.update(model)

    return epoch


def ours(folder: Path, recipe: Recipe, scratch: Path) -> Callable[[], None]:
    """Return a function that decodes all files and trains one epoch as `train_scripts.train_satellite` does."""
    paths = sorted(folder.glob("*/*.jpg"))
    labels = np.array([int(path.parent.name.split("-")[1]) for path in paths], np.int64)

    def epoch() -> None:
        decoded = [pictures.decode(path.read_bytes(), size=recipe.size)[0] for path in paths]
        training.fit(
            network.create(recipe.architecture, CLASSES, size=recipe.size, drop=recipe.drop),
            np.stack(decoded).transpose(0, 3, 1, 2).copy(),
            labels,
            classes=CLASSES,
            recipe=recipe,
            seed=0,
            checkpoint=scratch / f"{time.monotonic_ns()}.pt",
            report=lambda done, total: None,
            tracker=Silent(),
        )

    return epoch


def measure(count: int, recipe: Recipe, threads: int, rounds: int) -> list[dict]:
    """Train in turn; return the images per second of each variant."""
    torch.set_num_threads(threads)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "pictures"
        write_pictures(folder, count)
        ways = {
            "timm, loader in the process": theirs(folder, recipe, workers=0, channels_last=False),
            "timm, two workers": theirs(folder, recipe, workers=2, channels_last=False),
            "timm, two workers, --channels-last": theirs(folder, recipe, workers=2, channels_last=True),
        }
        trained = ours(folder, recipe, Path(scratch))
        taken: dict[str, list[float]] = {name: [] for name in (*ways, "ours")}
        for turn in range(rounds + 1):
            for name, epoch in {**ways, "ours": trained}.items():
                start = time.perf_counter()
                epoch()
                if turn:
                    taken[name].append(time.perf_counter() - start)
    # Both drop the last incomplete batch, so they train on fewer images.
    shown = count // recipe.batch * recipe.batch
    rates = {name: shown / statistics.median(seconds) for name, seconds in taken.items()}
    return [row(f"training / {name}", rates["ours"], rates[name], "pic/s", rounds) for name in ways]


def main() -> None:
    """Run the benchmark with the options given on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--size", type=int, default=Recipe().size, help="width and height of the network's input in pixels"
    )
    parser.add_argument("--pictures", type=int, default=640, help="number of images")
    parser.add_argument("--threads", type=int, default=2, help="number of threads")
    parser.add_argument("--rounds", type=int, default=3, help="number of measured epochs for each variant")
    parser.add_argument("--json", type=Path, help="also write the results to this file, as JSON")
    options = parser.parse_args()
    recipe = Recipe(size=options.size, epochs=1, weights="scratch")
    report(measure(options.pictures, recipe, options.threads, options.rounds), options.json)


if __name__ == "__main__":
    main()
