"""Whether a file is uploaded as a git blob ("regular") or as a large file ("lfs")."""

import re

from localhub.rules.patterns import Attributes, FolderAttributes

REGULAR_BYTES = 10 * 1000 * 1000  # huggingface.co rejects longer files in git itself
SAMPLE_BYTES = 512  # the clients send this much of a file, which decides whether it is binary


def upload_mode(path: str, size: int, sample: bytes, attributes: FolderAttributes | Attributes) -> str:
    """Decide as huggingface.co does: a file is large if .gitattributes says so, or if it is long or binary.

    Parameters
    ----------
    path : str
        Where the file will be in the repo.
    size : int
        Length of the file in bytes.
    sample : bytes
        Its first 512 bytes, or fewer.
    attributes : FolderAttributes
        The repo's .gitattributes.
    """
    large = size > REGULAR_BYTES or is_binary(sample) or bool(attributes.is_lfs(path))
    return "lfs" if large else "regular"


def is_binary(sample: bytes) -> bool:
    """Return whether a file is binary: its start has a zero byte, or more than a tenth of it is neither UTF-8 nor printable.

    So a table in Latin-1 with a few accents counts as text, as on huggingface.co.
    """
    sample = sample[:SAMPLE_BYTES]
    if b"\0" in sample or sample.startswith(b"%PDF-"):
        return True
    text = sample.decode(errors="replace")
    return len(_STRANGE.findall(text)) * 10 > len(text)


# The replacement character and the control characters that text does not use.
_STRANGE = re.compile("[\ufffd\x00-\x06\x0e-\x1a\x1c-\x1f]")

_LFS_PATTERNS = [
    "*.7z",
    "*.arrow",
    "*.bin",
    "*.bz2",
    "*.ckpt",
    "*.ftz",
    "*.gz",
    "*.h5",
    "*.joblib",
    "*.lfs.*",
    "*.mlmodel",
    "*.model",
    "*.msgpack",
    "*.npy",
    "*.npz",
    "*.onnx",
    "*.ot",
    "*.parquet",
    "*.pb",
    "*.pickle",
    "*.pkl",
    "*.pt",
    "*.pth",
    "*.rar",
    "*.safetensors",
    "saved_model/**/*",
    "*.tar.*",
    "*.tar",
    "*.tflite",
    "*.tgz",
    "*.wasm",
    "*.xz",
    "*.zip",
    "*.zst",
    "*tfevents*",
]

_MEDIA_PATTERNS = [
    "*.lz4",
    "*.mds",
    "*.pcm",
    "*.sam",
    "*.raw",
    "*.aac",
    "*.flac",
    "*.mp3",
    "*.ogg",
    "*.wav",
    "*.bmp",
    "*.gif",
    "*.png",
    "*.tiff",
    "*.jpg",
    "*.jpeg",
    "*.webp",
    "*.mp4",
    "*.webm",
]


def default_gitattributes(*, media: bool) -> str:
    """Return the .gitattributes of a new repo, as huggingface.co writes it; for datasets it also lists audio, images and video."""
    patterns = _LFS_PATTERNS + (_MEDIA_PATTERNS if media else [])
    return "".join(f"{pattern} filter=lfs diff=lfs merge=lfs -text\n" for pattern in patterns)
