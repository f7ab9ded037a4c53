"""How a file is to be uploaded: as a git blob ("regular") or as a large file ("lfs")."""

from spacehub.localhub.storage.patterns import FolderAttributes

REGULAR_BYTES = 10 * 1000 * 1000  # the Hub takes no longer file into git itself
SAMPLE_BYTES = 512  # what the clients send of a file, and what decides whether it is binary


def upload_mode(path: str, size: int, sample: bytes, attributes: FolderAttributes) -> str:
    """Decide as the Hub does: large is what .gitattributes says, what is long, and what is binary.

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
    """Whether a file's beginning is not text: a zero byte, or more than a tenth of it neither UTF-8 nor printable.

    So a table in Latin-1 with a few accents is text, as it is for the Hub.
    """
    sample = sample[:SAMPLE_BYTES]
    if b"\0" in sample or sample.startswith(b"%PDF-"):
        return True
    text = sample.decode(errors="replace")
    strange = sum(character == "\ufffd" or character in _CONTROLS for character in text)
    return strange * 10 > len(text)


_CONTROLS = frozenset(map(chr, range(32))) - frozenset("\a\b\t\n\v\f\r\x1b")

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
    """The .gitattributes of a new repo, as the Hub writes it; datasets also list sound, pictures and films."""
    patterns = _LFS_PATTERNS + (_MEDIA_PATTERNS if media else [])
    return "".join(f"{pattern} filter=lfs diff=lfs merge=lfs -text\n" for pattern in patterns)
