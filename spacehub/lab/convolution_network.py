"""Inspect a published network: its filters, and the feature maps that ONNX Runtime computes with them."""

from pathlib import Path

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.convolution import slide
from spacehub.lab.convolution_onnx import Convolution, convolutions, with_outputs


class Network:
    """A network in an ONNX file whose convolution outputs can be read.

    Parameters
    ----------
    path : Path
        The ONNX file; its input must be called ``pixels``.

    Raises
    ------
    SpaceHubError
        If the file cannot be read.
    """

    def __init__(self, path: Path):
        import onnxruntime

        data = path.read_bytes()
        self.convolutions = convolutions(data)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        names = [convolution.output for convolution in self.convolutions]
        handed = [self.convolutions[0].input]
        try:
            self._session = onnxruntime.InferenceSession(
                with_outputs(data, names + [name for name in handed if name != "pixels"]),
                options,
                providers=["CPUExecutionProvider"],
            )
        except Exception as error:  # onnxruntime raises its own types
            raise SpaceHubError(
                "Cannot run the network of the published model.", "Publish the model again."
            ) from error

    def maps(self, pixels: np.ndarray, place: int) -> np.ndarray:
        """Return the output of convolution `place` (from 0) for a prepared image [1, C, S, S], float32 [F, h, w]."""
        return self._run(self.convolutions[place].output, pixels)

    def handed(self, pixels: np.ndarray) -> np.ndarray:
        """Return the input of the first convolution for a prepared image: float32 [C, h, w]."""
        name = self.convolutions[0].input
        return pixels[0] if name == "pixels" else self._run(name, pixels)

    def _run(self, name: str, pixels: np.ndarray) -> np.ndarray:
        return self._session.run([name], {"pixels": pixels})[0][0]


def by_hand(output: Convolution, handed: np.ndarray) -> np.ndarray:
    """Return a convolution's output [F, h', w'], computed by our own `slide` from its input `handed` [C, h, w].

    The convolution must not be grouped: each filter covers all channels.
    """
    top, left, bottom, right = output.pads
    padded = np.pad(handed, ((0, 0), (top, bottom), (left, right)))
    return slide(padded, output.weights, stride=output.stride) + output.bias[:, np.newaxis, np.newaxis]


def character(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how strongly each of the filters [F, C, h, w] responds to colour and to edges, [F] each.

    A filter is the sum of its mean over channels and a remainder, which are orthogonal. The remainder's fraction of
    the squared weights measures the response to colour. The mean over positions gives the response to edges in the
    same way.
    """
    whole = (weights**2).sum(axis=(1, 2, 3))
    grey = (weights.mean(axis=1) ** 2).sum(axis=(1, 2)) * weights.shape[1]
    even = (weights.mean(axis=(2, 3)) ** 2).sum(axis=1) * weights.shape[2] * weights.shape[3]
    safe = np.where(whole == 0, 1, whole)
    return 1 - grey / safe, 1 - even / safe
