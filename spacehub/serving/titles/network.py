"""Run a published network in batches, from tokens to log odds. This never executes code from the model's files."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime

from spacehub.serving.sessions import open_session, signature

# How many batches run at once: the two cores of a small machine. Each batch has its own thread. A title
# takes only a millisecond or two, in which threads that share a batch would mostly wait for each other.
THREADS = 2
# Tokens per batch: with this size, the output of an inner layer still fits in the processor's cache.
BATCH_TOKENS = 256


class Network:
    """An ONNX file that takes tokens and gives the logits of two labels.

    Parameters
    ----------
    path : Path
        The file.
    inputs : list of str
        Its inputs, of ``input_ids``, ``attention_mask`` and ``token_type_ids``.
    threads : int
        How many batches run at once.

    Raises
    ------
    ValueError, onnxruntime's exceptions
        If the file is missing or is not as expected.
    """

    def __init__(self, path: Path, *, inputs: list[str], threads: int = THREADS):
        self._inputs = inputs
        self._session = _open(path)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="titles")
        if not np.isfinite(self._ask([[0] * 3])).all():
            raise ValueError("The outputs of the model do not match inputs.json.")

    @property
    def signature(self) -> dict[str, list[str]]:
        """The inputs and outputs of the file."""
        return signature(self._session)

    def log_odds(self, tokens: Sequence[list[int]]) -> np.ndarray:
        """Return the log odds of the second label of tokenised texts, float [N]."""
        results = np.empty(len(tokens))
        for rows, odds in self.batches(tokens):
            results[rows] = odds
        return results

    def batches(self, tokens: Sequence[list[int]]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the places of a batch in `tokens` and its log odds, until all are done.

        Several batches run at once.
        """
        places = list(_batches(tokens))
        parts = [[tokens[row] for row in rows] for rows in places]
        answers = self._threads.map(self._ask, parts) if len(parts) > 1 else map(self._ask, parts)
        yield from zip(places, answers, strict=True)

    def _ask(self, tokens: Sequence[list[int]]) -> np.ndarray:
        """Return the log odds of one batch; all its texts have the same number of tokens."""
        ids = np.array(tokens, np.int64)
        every = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        [logits] = self._session.run(["logits"], {name: every[name] for name in self._inputs})
        other, space = logits.astype(float).T
        return space - other


def _batches(tokens: Sequence[list[int]]) -> Iterator[np.ndarray]:
    """Yield which texts to read together: the same number of tokens each, `BATCH_TOKENS` in all.

    Without padding, a text's numbers are added in the same order whatever else is in its batch.
    """
    lengths = np.fromiter(map(len, tokens), np.int64, len(tokens))
    order = np.argsort(lengths, kind="stable")
    for same in np.split(order, np.flatnonzero(np.diff(lengths[order])) + 1):
        most = max(1, BATCH_TOKENS // max(1, lengths[same[0]])) if len(same) else 1
        yield from (same[first : first + most] for first in range(0, len(same), most))


def _open(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # On a processor, the fused form of adding and normalising takes three times as long as the two steps.
    return open_session(path, options, disabled_optimizers=["SkipLayerNormFusion"])
