"""Read Stable-Baselines3's zip without unpickling: pickled parts are scanned, and only tensors are loaded.

``PPO.load`` unpickles, and a pickle can run any command. Therefore every global that a pickled part names
must be in `GLOBALS`, and every member must be one that the library writes.
"""

import base64
import io
import json
import pickletools
import zipfile
from pathlib import Path

import numpy as np

MEMBERS = {
    "_stable_baselines3_version",
    "data",
    "policy.optimizer.pth",
    "policy.pth",
    "pytorch_variables.pth",
    "system_info.txt",
}
LARGEST = 64 * 2**20  # bytes of one unpacked member
# Classes, and functions that only build arrays, generators and spaces. The source of each was reviewed:
# none opens a file, imports by name, or calls anything outside this list.
GLOBALS = {
    "collections deque",
    "gymnasium.spaces.box Box",
    "gymnasium.spaces.discrete Discrete",
    "numpy array",
    "numpy dtype",
    "numpy ndarray",
    "numpy._core.multiarray scalar",
    "numpy._core.multiarray _reconstruct",
    "numpy._core.numeric _frombuffer",
    "numpy.core.multiarray scalar",
    "numpy.core.multiarray _reconstruct",
    "numpy.core.numeric _frombuffer",
    "numpy.random._pcg64 PCG64",
    "numpy.random._pickle __bit_generator_ctor",
    "numpy.random._pickle __generator_ctor",
    "numpy.random.bit_generator SeedSequence",
    "numpy.random.bit_generator __pyx_unpickle_SeedSequence",
    "stable_baselines3.common.buffers RolloutBuffer",
    "stable_baselines3.common.policies ActorCriticPolicy",
    "stable_baselines3.common.type_aliases TrainFreq",
    "stable_baselines3.common.type_aliases TrainFrequencyUnit",
    "stable_baselines3.common.utils ConstantSchedule",
    "stable_baselines3.common.utils FloatSchedule",
    "stable_baselines3.common.utils LinearSchedule",
    "stable_baselines3.dqn.policies DQNPolicy",
    "torch.nn.modules.activation ReLU",
    "torch.nn.modules.activation Tanh",
}
_STRINGS = {"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "UNICODE"}
_REMEMBER = {"MEMOIZE", "PUT", "BINPUT", "LONG_BINPUT"}
_RECALL = {"GET", "BINGET", "LONG_BINGET"}


def read_tensors(path: Path) -> dict[str, np.ndarray]:
    """Return the tensors of ``policy.pth`` by name, and check that the zip's other parts contain nothing foreign.

    Raises
    ------
    ValueError
        If a member is foreign, missing or too large, or a pickled part names a global outside `GLOBALS`.
    """
    import torch

    with zipfile.ZipFile(path) as archive:
        names = [member.filename for member in archive.infolist()]
        if sorted(names) != sorted(MEMBERS):
            odd = sorted(set(names) ^ MEMBERS) or "a file occurs twice"
            raise ValueError(
                f"The files in the archive differ from those that Stable-Baselines3 writes: {odd}."
            )
        if any(member.file_size > LARGEST for member in archive.infolist()):
            raise ValueError(f"A file in the archive is larger than {LARGEST:,} bytes.")
        parts = {name: archive.read(name) for name in names}
    for key, value in json.loads(parts["data"]).items():
        if isinstance(value, dict) and ":serialized:" in value:
            scan(base64.b64decode(value[":serialized:"], validate=True), key)
    for name in ("policy.optimizer.pth", "pytorch_variables.pth"):
        torch.load(io.BytesIO(parts[name]), weights_only=True, map_location="cpu")
    tensors = torch.load(io.BytesIO(parts["policy.pth"]), weights_only=True, map_location="cpu")
    return {name: value.numpy() for name, value in tensors.items()}


def scan(data: bytes, name: str) -> None:
    """Read a pickle's opcodes without running any; every global that it names must be in `GLOBALS`.

    Raises
    ------
    ValueError
        If a global is not in `GLOBALS`, or the opcodes do not show it.
    """
    strings: list[str | None] = []  # what the last opcodes left on the stack, None for anything except text
    memo: dict[int, str | None] = {}
    for opcode, argument, _ in pickletools.genops(data):
        kind = opcode.name
        if kind in ("GLOBAL", "INST"):
            _allow(argument, name)
        elif kind == "STACK_GLOBAL":
            if len(strings) < 2 or None in strings[-2:]:
                raise ValueError(f"{name} contains a pickle reference (global) whose name cannot be read.")
            _allow(" ".join(map(str, strings[-2:])), name)
        elif kind in ("EXT1", "EXT2", "EXT4", "PERSID", "BINPERSID"):
            raise ValueError(f"{name} refers to an object outside the pickle ({kind}).")
        if kind in _STRINGS:
            strings.append(argument)
        elif kind in _RECALL:
            strings.append(memo.get(argument))
        elif kind in _REMEMBER:
            memo[len(memo) if argument is None else argument] = strings[-1] if strings else None
        else:
            strings.append(None)


def _allow(global_name: str, name: str) -> None:
    if global_name not in GLOBALS:
        raise ValueError(
            f"The pickled part {name!r} refers to {global_name.replace(' ', '.')}, which no agent needs."
        )
