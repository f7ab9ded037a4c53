"""What the Trainer is given besides the model: batches of one length, and an ear for progress and curves."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from torch.utils.data import Sampler
from transformers import Trainer, TrainerCallback

from spacehub.models.tracking import Tracker

SORTED_TOGETHER = 50  # batches
REPORTED = 10  # batches between two words of progress


class ByLength(Sampler):
    """Random batches of titles that are about as long as each other; the order of an epoch is its own."""

    def __init__(self, lengths: np.ndarray, batch: int, seed: int):
        self.lengths, self.batch, self.seed, self.epoch = lengths, batch, seed, 0

    def set_epoch(self, epoch: int) -> None:
        """Choose the order of an epoch."""
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
    """A Trainer whose batches are of one length each, in an order of the run's seed and the epoch alone."""

    def _get_train_sampler(self, train_dataset=None) -> Sampler:
        lengths = np.array([len(one["input_ids"]) for one in self.train_dataset])
        return ByLength(lengths, self.args.train_batch_size * self.args.world_size, self.args.seed)


class TrainingReport(TrainerCallback):
    """Hands progress and curves on, and counts the seconds of the epochs that are over, in whatever run they were."""

    def __init__(self, report: Callable[[int, int], None], tracker: Tracker, kept: Path):
        self.report, self.tracker, self.kept = report, tracker, kept
        self.before = float(kept.read_text(encoding="utf-8")) if kept.exists() else 0.0
        self.started = time.monotonic()

    def seconds(self) -> float:
        """Return how long this training took so far."""
        return self.before + time.monotonic() - self.started

    def on_train_begin(self, args, state, control, **kwargs) -> None:
        """Note what an earlier run did: the remaining time is estimated from this one alone."""
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
