"""Extend the Trainer: batches of one length, and a callback for progress and curves."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from torch.utils.data import Sampler
from transformers import Trainer, TrainerCallback

from spacehub.models.tracking import Tracker

SORTED_TOGETHER = 50  # batches
REPORTED = 10  # batches between two progress reports


class ByLength(Sampler):
    """Random batches of titles with about equal lengths; each epoch has its own order."""

    def __init__(self, lengths: np.ndarray, batch: int, seed: int):
        self.lengths, self.batch, self.seed, self.epoch = lengths, batch, seed, 0

    def set_epoch(self, epoch: int) -> None:
        """Set the order of an epoch."""
        self.epoch = epoch

    def __len__(self) -> int:
        return len(self.lengths)

    def __iter__(self) -> Iterator[int]:
        rng = np.random.default_rng([self.seed, self.epoch])
        order = rng.permutation(len(self.lengths))
        together = self.batch * SORTED_TOGETHER
        parts = [order[at : at + together] for at in range(0, len(order), together)]
        order = np.concatenate([part[np.argsort(self.lengths[part], kind="stable")] for part in parts])
        whole = len(order) // self.batch * self.batch
        batches = rng.permutation(order[:whole].reshape(-1, self.batch))
        return iter([*batches.ravel().tolist(), *order[whole:].tolist()])


class LengthTrainer(Trainer):
    """A Trainer whose batches have one length each, in an order that depends only on the run's seed and the epoch."""

    def _get_train_sampler(self, train_dataset=None) -> Sampler:
        lengths = np.array([len(example["input_ids"]) for example in self.train_dataset])
        return ByLength(lengths, self.args.train_batch_size * self.args.world_size, self.args.seed)


class TrainingReport(TrainerCallback):
    """Pass on progress and curves, and count the seconds of finished epochs, including those of earlier runs."""

    def __init__(self, report: Callable[[int, int], None], tracker: Tracker, kept: Path):
        self.report, self.tracker, self.kept = report, tracker, kept
        self.before = float(kept.read_text(encoding="utf-8")) if kept.exists() else 0.0
        self.started = time.monotonic()

    def seconds(self) -> float:
        """Return how long this training has taken so far."""
        return self.before + time.monotonic() - self.started

    def on_train_begin(self, args, state, control, **kwargs) -> None:
        """Record what an earlier run did: the remaining time is estimated only from this run."""
        self.first = state.global_step

    def on_step_end(self, args, state, control, **kwargs) -> None:
        """Report the steps."""
        if state.global_step % REPORTED == 0 or state.global_step == state.max_steps:
            self.report(state.global_step - self.first, state.max_steps - self.first)

    def on_save(self, args, state, control, **kwargs) -> None:
        """Store the seconds next to the checkpoint."""
        if state.is_world_process_zero:
            self.kept.write_text(str(self.seconds()), encoding="utf-8")

    def on_log(self, args, state, control, logs=None, **kwargs) -> None:
        """Report the curves."""
        if state.is_world_process_zero:
            numbers = {key: value for key, value in (logs or {}).items() if isinstance(value, float)}
            self.tracker.log(numbers, step=state.global_step)
