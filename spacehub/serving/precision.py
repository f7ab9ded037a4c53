"""Compute exact products of eight-bit numbers on every processor."""

import platform
from functools import cache
from pathlib import Path

import onnxruntime

_X86 = ("x86_64", "amd64")


def require_exact_products(options: onnxruntime.SessionOptions) -> None:
    """Make a session add up eight-bit products exactly if the processor's fast instruction would saturate.

    Without VNNI, x86 adds two products of unsigned and signed bytes in 16 bits, which 255 × 127 × 2
    exceeds. ONNX Runtime's other method is exact but several times slower than VNNI, so it is chosen only
    if VNNI is missing.
    """
    if saturates(platform.machine(), _flags()):
        options.add_session_config_entry("session.x64quantprecision", "1")


def saturates(machine: str, flags: str) -> bool:
    """Return whether a processor, by its architecture and its flags in ``/proc/cpuinfo``, is an x86 without VNNI."""
    return machine.lower() in _X86 and "vnni" not in flags


@cache
def _flags() -> str:
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
            return next((line for line in lines if line.startswith("flags")), "")
    except OSError:  # not Linux: exact is the safe choice
        return ""
