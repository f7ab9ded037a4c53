"""A published network, asked in batches: from tokens to log odds. Nothing here can execute code that a file brings."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime

# Batches that are worked on at once: the two cores of a small machine. Each batch has one thread to itself, for a title
# takes a millisecond or two, in which threads that share it would mostly wait for each other.
THREADS = 2
# Tokens of a batch, fillers included: what an inner layer makes of them still lies in the processor's cache.
BATCH_TOKENS = 256


class Network:
    """An ONNX file that takes tokens and gives the logits of two labels.

    Parameters
    ----------
    path : Path
        The file.
    inputs : list of str
        What it takes, of ``input_ids``, ``attention_mask`` and ``token_type_ids``.
    filler : int
        The token that fills up the shorter texts of a batch.
    threads : int
        How many batches are worked on at once.

    Raises
    ------
    ValueError, onnxruntime's exceptions
        When the file is missing or is not what it should be.
    """

    def __init__(self, path: Path, *, inputs: list[str], filler: int, threads: int = THREADS):
        self._inputs, self._filler = inputs, filler
        self._session = _open(path)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="titles")
        if not np.isfinite(self._ask([[filler] * 3])).all():
            raise ValueError("its outputs are not those of its inputs.json")

    def log_odds(self, tokens: Sequence[list[int]]) -> np.ndarray:
        """Return the log odds of the second label of texts cut into tokens, float [N]."""
        found = np.empty(len(tokens))
        for rows, said in self.batches(tokens):
            found[rows] = said
        return found

    def batches(self, tokens: Sequence[list[int]]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the places of a batch in `tokens` and its log odds, until all are told; several are worked on at once."""
        places = list(_batches(tokens))
        parts = [[tokens[row] for row in rows] for rows in places]
        answers = self._threads.map(self._ask, parts) if len(parts) > 1 else map(self._ask, parts)
        yield from zip(places, answers, strict=True)

    def _ask(self, tokens: Sequence[list[int]]) -> np.ndarray:
        """Return the log odds of one batch, filled up to its longest."""
        lengths = np.fromiter(map(len, tokens), np.int64, len(tokens))
        mask = np.arange(lengths.max()) < lengths[:, np.newaxis]
        ids = np.full(mask.shape, self._filler)
        ids[mask] = np.concatenate(tokens)
        every = {
            "input_ids": ids,
            "attention_mask": mask.astype(np.int64),
            "token_type_ids": np.zeros_like(ids),
        }
        [logits] = self._session.run(["logits"], {name: every[name] for name in self._inputs})
        other, space = logits.astype(float).T
        return space - other


def _batches(tokens: Sequence[list[int]]) -> Iterator[np.ndarray]:
    """Yield which texts to ask about together: such as are about as long, `BATCH_TOKENS` at most."""
    lengths = np.fromiter(map(len, tokens), np.int64, len(tokens))
    order = np.argsort(lengths, kind="stable")
    first = 0
    while first < len(order):
        last = first + 1
        while last < len(order) and (last + 1 - first) * lengths[order[last]] <= BATCH_TOKENS:
            last += 1
        yield order[first:last]
        first = last


def _open(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # On a processor the fused form of adding and normalising takes three times as long as the two steps.
    return onnxruntime.InferenceSession(
        path, options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
    )
