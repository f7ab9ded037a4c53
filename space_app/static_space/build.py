"""Build the static Space's files: page, script, style, ONNX Runtime, course, and a list of all with hashes."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import gradio
from huggingface_hub import constants

from space_app import theme
from space_app.html import render
from space_app.served import satellite, titles
from space_app.static_space import course, described, runtime
from space_app.static_space.described import require
from space_app.watch import Served, Watch
from spacehub.errors import SpaceHubError
from spacehub.serving.experience import EXPERIENCE
from spacehub.serving.landing import FILES, LandingPredictor

HERE = Path(__file__).resolve().parent
FONTS = Path(gradio.__file__).parent / "templates" / "frontend" / "static" / "fonts"
STYLES = (
    HERE.parent / "style.css",
    HERE.parent / "titles" / "titles.css",
    HERE.parent / "satellite" / "satellite.css",
)
LIST = "files.json"
SERVED = {"landing": Served(files=FILES, load=LandingPredictor), **satellite.SERVED, **titles.SERVED}
# huggingface.co redirects downloads of large files to these hosts.
_CDN = ("https://*.huggingface.co", "https://*.hf.co")
MOST_SCRIPT_BYTES = 2**20


def write(folder: Path) -> dict[str, Any]:
    """Write the page into a new or empty `folder`; return the front matter that lists the repositories it reads.

    Raises
    ------
    SpaceHubError
        If a model is not published or cannot be used, or ONNX Runtime cannot be fetched.
    """
    watch = Watch(SERVED)
    watch.look()
    statuses = {key: require(watch.status(key)) for key in SERVED}
    files = runtime.runtime()
    space = described.described(
        statuses["landing"],
        statuses[satellite.KEY],
        statuses[satellite.DATASET],
        statuses[titles.KEY],
        statuses[titles.DATASET],
    )
    folder.mkdir(parents=True, exist_ok=True)
    for name in runtime.FILES:
        _copy(files / name, folder / "runtime" / name)
    for script in sorted((HERE / "web").glob("*.js")):
        if script.name != "sw.js":
            _copy(script, folder / "web" / script.name)
    for picture in statuses[satellite.DATASET].served.pictures[: described.EXAMPLES]:
        _copy(picture.path, folder / "examples" / picture.path.name)
    (folder / "space.json").write_text(json.dumps(space, allow_nan=False), encoding="utf-8")
    _write_style(folder)
    course.write(folder / "course")
    page = _page(statuses, space)
    (folder / "index.html").write_text(page, encoding="utf-8")
    _write_list(folder)
    kinds = {
        kind: [one.entry for one in statuses.values() if one.entry.repo_type == kind]
        for kind in ("model", "dataset")
    }
    return {f"{kind}s": [entry.repo_id for entry in entries] for kind, entries in kinds.items()}


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _write_style(folder: Path) -> None:
    """Write the app's own style and theme, with the typefaces that Gradio ships, and the page's additional style."""
    gradio_theme = theme.theme()
    parts = [gradio_theme._get_theme_css().replace("static/fonts/", "fonts/")]
    parts += [path.read_text(encoding="utf-8") for path in (*STYLES, HERE / "page.css")]
    (folder / "style.css").write_text("\n".join(parts), encoding="utf-8")
    for family in "IBMPlexSans", "IBMPlexMono":
        for weight in "Regular", "Bold":
            _copy(
                FONTS / family / f"{family}-{weight}.woff2",
                folder / "fonts" / family / f"{family}-{weight}.woff2",
            )


def _page(found: dict, space: dict[str, Any]) -> str:
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(constants.ENDPOINT))
    hub = (origin, *(_CDN if origin == "https://huggingface.co" else ()))
    landing = found["landing"].served
    return render(
        "static_space/index.html",
        header=theme.HEADER,
        hub=" ".join(hub),
        fields=[field for field in landing.fields if field.name not in EXPERIENCE],
        experience=[field for field in landing.fields if field.name in EXPERIENCE],
        landing_examples=landing.examples(),
        kind=landing.kind,
        pictures=space["models"]["satellite"]["settings"]["examples"],
        titles=space["models"]["titles"]["settings"]["examples"],
        known=found[satellite.DATASET].served,
        limits=space["limits"],
        picture_bytes=described.LARGEST_PICTURE_BYTES,
        statuses={key: found[key] for key in ("landing", satellite.KEY, titles.KEY)},
        optional=EXPERIENCE,
    )


def _write_list(folder: Path) -> None:
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    hashes = {path: hashlib.sha256((folder / path).read_bytes()).hexdigest() for path in paths}
    script = sum((folder / path).stat().st_size for path in paths if path.endswith((".js", ".json")))
    if script > MOST_SCRIPT_BYTES:
        raise SpaceHubError(
            f"The page has {script:,} bytes of script, but the limit is 1 MB.", "Shorten space.json."
        )
    version = hashlib.sha256(json.dumps(hashes).encode()).hexdigest()[:16]
    worker = (HERE / "web" / "sw.js").read_text(encoding="utf-8").replace("{{ version }}", version)
    (folder / "sw.js").write_text(worker, encoding="utf-8")
    listed = {"worker": hashlib.sha256(worker.encode()).hexdigest(), "files": hashes}
    (folder / LIST).write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")
