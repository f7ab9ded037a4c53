"""What Python lacks on Windows, taken away: the Hub does without."""

import os
import subprocess
import sys

import pytest

from localhub.files import positioned

SCRIPT = """
import os, sys
for name in ("pread", "preadv", "pwrite", "pwritev"):
    if hasattr(os, name):
        delattr(os, name)
sys.modules["fcntl"] = None
real = os.open
def os_open(path, flags, *more, **named):
    if os.path.isdir(path):
        raise PermissionError(13, "Permission denied", path)
    return real(path, flags, *more, **named)
os.open = os_open
from localhub import LocalHub
with LocalHub() as hub:
    from localhub.storage import multipart
    multipart.MULTIPART_BYTES = 30_000
    multipart.part_bytes = lambda size: 20_000
    multipart.part_count = lambda size: -(-size // 20_000)
    from huggingface_hub import HfApi, hf_hub_download
    api = HfApi()
    api.create_repo("me/m")
    for size in (0, 10_000, 50_000):
        data = os.urandom(size)
        api.upload_file(path_or_fileobj=data, path_in_repo=f"{size}.bin", repo_id="me/m")
        with open(hf_hub_download("me/m", f"{size}.bin"), "rb") as file:
            assert file.read() == data
"""


def test_large_files_up_and_down(tmp_path):
    environment = {**os.environ, "HF_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("missing", [(), ("pread", "preadv", "pwrite")])
def test_positions(tmp_path, monkeypatch, missing):
    for name in missing:
        monkeypatch.delattr(os, name, raising=False)
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    descriptor = os.open(path, os.O_RDWR | positioned.BINARY)
    try:
        assert positioned.pread(descriptor, 3, 8) == b"89"
        assert positioned.pread(descriptor, 3, 10) == b""
        buffers = [bytearray(2), memoryview(bytearray(4)), bytearray(9)]
        assert positioned.preadv(descriptor, buffers, 1) == 9
        assert [bytes(buffer) for buffer in buffers] == [b"12", b"3456", b"789".ljust(9, b"\0")]
        assert positioned.pwrite(descriptor, b"xy", 9) == 2
    finally:
        os.close(descriptor)
    assert path.read_bytes() == b"012345678xy"
