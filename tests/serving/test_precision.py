"""Which processors need the exact products of eight-bit numbers, and that a session takes the setting."""

import onnxruntime
import pytest

from spacehub.serving import precision


@pytest.mark.parametrize(
    ("machine", "flags", "expected"),
    [
        ("x86_64", "flags : sse2 avx avx2 fma", True),
        ("AMD64", "", True),
        ("x86_64", "flags : avx2 avx512_vnni amx_int8", False),
        ("x86_64", "flags : avx2 avx_vnni", False),
        ("aarch64", "", False),
        ("arm64", "", False),
    ],
)
def test_only_x86_without_vnni_saturates(machine, flags, expected):
    assert precision.saturates(machine, flags) == expected


def test_a_session_is_set_as_this_processor_needs():
    options = onnxruntime.SessionOptions()
    precision.require_exact_products(options)
    needed = precision.saturates(precision.platform.machine(), precision._flags())
    if needed:
        assert options.get_session_config_entry("session.x64quantprecision") == "1"
    else:
        with pytest.raises(RuntimeError):
            options.get_session_config_entry("session.x64quantprecision")
