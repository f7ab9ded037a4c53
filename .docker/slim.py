"""Remove from site-packages what the app never reads, and compile the rest.

python .docker/slim.py SITE_PACKAGES
"""

import compileall
import shutil
import sys
from pathlib import Path

UNNEEDED = (
    "**/tests",
    "**/*.pyi",
    "gradio/templates/node",  # server-side rendering
    "gradio/media_assets",
    "gradio/test_data",
    "onnxruntime/capi/libonnxruntime.so*",  # the Python module has a copy of its own inside
    "plotly/labextension",
    "hf_xet*",  # the client downloads a few megabytes over plain HTTP without it
    "pip",
)


def slim(folder: Path) -> None:
    """Remove `UNNEEDED` below `folder` and compile each module."""
    for pattern in UNNEEDED:
        for path in list(folder.glob(pattern)):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    compileall.compile_dir(folder, quiet=2, workers=0)


if __name__ == "__main__":
    slim(Path(sys.argv[1]))
