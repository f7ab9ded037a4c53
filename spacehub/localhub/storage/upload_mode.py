"""How a file is to be uploaded: as a git blob ("regular") or as a large file ("lfs")."""

from spacehub.localhub.storage.patterns import FolderAttributes

REGULAR_BYTES = 10 * 1000 * 1000  # the Hub takes no longer file into git itself


def upload_mode(path: str, size: int, sample: bytes, attributes: FolderAttributes) -> str:
    """Decide as the Hub does: .gitattributes first, then length, then whether the content is binary.

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
    said = attributes.is_lfs(path)
    if said is not None and (said or size <= REGULAR_BYTES):
        return "lfs" if said else "regular"
    return "lfs" if size > REGULAR_BYTES or is_binary(sample) else "regular"


def is_binary(sample: bytes) -> bool:
    """Whether a file's beginning is not text in UTF-8; a character cut at its end is no fault."""
    if b"\0" in sample:
        return True
    try:
        sample.decode()
    except UnicodeDecodeError as error:
        return not (error.reason == "unexpected end of data" and len(sample) - error.start < 4)
    return False


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
