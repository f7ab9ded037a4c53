"""Kernels to slide over an image: well-known kernels, or a kernel that you type."""

import numpy as np

from spacehub.errors import SpaceHubError

LARGEST, LIMIT = 11, 1e6
HOW = "Write its rows from the top, separated by semicolons, as in 1 0 -1; 2 0 -2; 1 0 -1."

# Gonzalez and Woods, Digital Image Processing, 2018, chapters 3 and 10.
KERNELS = {
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "box blur": np.full((5, 5), 1 / 25).tolist(),
    "Gaussian blur": (np.outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1]) / 256).tolist(),
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "Sobel, left to right": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "Sobel, top to bottom": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "Laplace": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
}


def kernel(name: str, typed: str = "") -> np.ndarray:
    """Return the typed kernel, or the named one if nothing was typed, float [h, w].

    Raises
    ------
    SpaceHubError
        If no kernel has that name, or the typed text is not a kernel.
    """
    if isinstance(typed, str) and typed.strip():
        return parse(typed)
    if name not in KERNELS:
        raise SpaceHubError(f"Unknown kernel: {name!r}.", f"Choose one of: {'; '.join(KERNELS)}.")
    return np.array(KERNELS[name], dtype=float)


def parse(text: str) -> np.ndarray:
    """Parse a kernel: rows are separated by semicolons or new lines, numbers by spaces or commas; float [h, w].

    Raises
    ------
    SpaceHubError
        If the text contains a word, rows of different lengths, too many rows or columns, or a number out of range.
    """
    rows = [row.replace(",", " ").split() for row in text.replace("\n", ";").split(";") if row.strip()]
    try:
        numbers = [[float(number) for number in row] for row in rows]
    except ValueError as error:
        raise SpaceHubError("The kernel contains a value that is not a number.", HOW) from error
    if not numbers or any(len(row) != len(numbers[0]) or not row for row in numbers):
        raise SpaceHubError("The rows of the kernel have different lengths.", HOW)
    if len(numbers) > LARGEST or len(numbers[0]) > LARGEST:
        raise SpaceHubError(
            f"The kernel has {len(numbers)} rows of {len(numbers[0])} numbers.",
            f"Use at most {LARGEST} × {LARGEST} numbers.",
        )
    values = np.array(numbers)
    if not (np.abs(values) <= LIMIT).all():
        raise SpaceHubError(
            "A number in the kernel is out of range.", f"Use numbers from -{LIMIT:,.0f} to {LIMIT:,.0f}."
        )
    return values
