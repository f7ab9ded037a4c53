"""Remove from site-packages what the app never reads, and compile what it imports.

python .docker/slim.py SITE_PACKAGES APP
"""

import shutil
import subprocess
import sys
from pathlib import Path

UNNEEDED = (
    "**/tests",
    "**/*.pyi",
    "Box2D/examples",
    "gradio/media_assets",
    "gradio/templates/frontend/static/bokeh",
    "gradio/templates/frontend/static/ffmpeg",  # cuts videos in the browser
    "gradio/templates/node",  # server-side rendering
    "gradio/test_data",
    "hf_xet*",  # the client downloads a few megabytes over plain HTTP without it
    "onnxruntime/capi/libonnxruntime.so*",  # the Python module has a copy of its own inside
    "pip",
    "plotly/labextension",
    "plotly/package_data/datasets",
    "plotly/package_data/*.js",  # Gradio has its own
    "pygame/docs",
    "pygame/examples",
)
# Python compiles each module that is imported; compiling all modules there are would take three times the space.
IMPORT_ALL = """
import importlib, pkgutil
for package in ("spacehub", "space_app"):
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        importlib.import_module(module.name)
"""


def slim(packages: Path, app: Path) -> None:
    """Remove `UNNEEDED` below `packages`, and compile what the modules of `app` import."""
    for pattern in UNNEEDED:
        for path in list(packages.glob(pattern)):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    subprocess.run([sys.executable, "-c", IMPORT_ALL], cwd=app, check=True)


if __name__ == "__main__":
    slim(Path(sys.argv[1]), Path(sys.argv[2]))
