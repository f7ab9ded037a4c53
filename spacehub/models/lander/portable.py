"""Make a Stable-Baselines3 zip that loads under other versions of NumPy and Gymnasium than the writer's.

Stable-Baselines3 pickles the spaces with all their content: arrays under names that only NumPy 2 has, the
state of a random generator, and attributes that Gymnasium renames. This module pickles a space as the
call that creates it.
"""

import base64
import json
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from gymnasium import Space
from gymnasium.spaces import Box, Discrete

SPACES = ("observation_space", "action_space")
PROTOCOL = 4
_PICKLED = ":serialized:"


class _Call:
    """An object that is pickled as a call."""

    def __init__(self, function: Any, *arguments: Any):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def rewrite_spaces(path: Path, spaces: dict[str, Space]) -> None:
    """Replace the pickled spaces of a zip by calls of `Box` or `Discrete`; every other member stays unchanged."""
    with zipfile.ZipFile(path) as file:
        members = [(member, file.read(member)) for member in file.infolist()]
    with zipfile.ZipFile(path, "w") as file:
        for member, content in members:
            if member.filename == "data":
                data = json.loads(content)
                for name, space in spaces.items():
                    kept = {key: value for key, value in data[name].items() if key.startswith(":type")}
                    data[name] = kept | {_PICKLED: _pickle(_constructor(space)), "space": str(space)}
                content = json.dumps(data, indent=4).encode()
            file.writestr(member, content)


def _constructor(space: Space) -> _Call:
    if isinstance(space, Discrete):
        return _Call(Discrete, int(space.n))
    if isinstance(space, Box):
        kind = space.dtype.name
        low, high = (_Call(np.array, values.tolist(), kind) for values in (space.low, space.high))
        return _Call(Box, low, high, space.shape, kind)
    raise TypeError(f"A space must be of type Discrete or Box, not {type(space).__name__}")


def _pickle(call: _Call) -> str:
    return base64.b64encode(pickle.dumps(call, protocol=PROTOCOL)).decode()
