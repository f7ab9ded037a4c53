"""Measure how well the BERT for titles classifies real forum posts, which are longer than its training titles.

    python -m benchmarks.long_posts [FOLDER] [--split test]

FOLDER is an artefact folder of the model (default: the newest model trained on this machine). The benchmark uses the
posts in `artefacts/space-titles` under SPACEHUB_HOME, and reads their bodies from the raw files of this dataset. Each
post has the label of its community. The benchmark classifies the first 120 words of each post, and skips posts with
fewer than 40 words. The app classifies a long text sentence by sentence. The table compares the app's method with
classifying only the first tokens, and with classifying the titles of the same posts.
"""

import argparse
import html
import re
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import trained
from spacehub.data import sources, space_titles
from spacehub.home import home
from spacehub.models.titles import evaluation
from spacehub.models.titles.titles import SPLITS, read_snapshot
from spacehub.serving.titles.reader import Reader

FEWEST, MOST = 40, 120  # words of a post
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)|https?://\S+")
_MARKS = re.compile(r"[*_~^#`]+")
_WORDS = re.compile(rf"(?:\S+\s+){{0,{MOST - 1}}}\S+")


def plain(markdown: str) -> str:
    """Return the first words of a post without Markdown and links; keep the line breaks."""
    text = _LINK.sub(lambda link: link[1] or "", html.unescape(html.unescape(markdown)))
    words = _WORDS.search(_MARKS.sub("", text))
    return words[0] if words else ""


def posts(files: sources.Sources, ids: np.ndarray) -> dict[str, str]:
    """Return a mapping from ID to body for the posts in `ids` that have enough words."""
    columns = {"usecols": ["id", "selftext"], "dtype": str, "keep_default_na": False}
    raw = pd.concat([pd.read_csv(files[name], **columns) for name in files])
    bodies = raw[raw["id"].isin(ids)].drop_duplicates("id").set_index("id")["selftext"].map(plain)
    return bodies[bodies.str.split().str.len() >= FEWEST].to_dict()


def main() -> None:
    """Run the benchmark, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", help="artefact folder of the model")
    parser.add_argument("--split", choices=SPLITS, default="test", help="split that contains the posts")
    options = parser.parse_args()
    folder, dataset = trained.folder(options.folder, "titles"), home() / "artefacts" / "space-titles"
    files = sources.find(space_titles.FILES["default"])
    if files is None or not (dataset / "build.json").exists():
        print(f"Skipped: the benchmark needs the raw files, and the dataset in {dataset}.")
        return
    titles = read_snapshot(dataset, repo_id="spacehub/space-titles", commit="")
    rows = titles.rows(options.split)
    bodies = posts(files, titles.ids[rows])
    rows = rows[np.isin(titles.ids[rows], list(bodies))]
    texts, labels = [bodies[name] for name in titles.ids[rows]], titles.labels[rows]
    reader = Reader(folder, "model_int8.onnx")
    chances = {
        "sentence by sentence (the app)": reader.chances(texts),
        "the first tokens only": reader.chances(texts, at_once=True),
        "the title only": reader.chances(titles.texts[rows].tolist()),
    }
    print(f"{len(rows)} posts in the {options.split} split, {labels.sum()} of them about space")
    weights = evaluation.resampled(len(labels))
    for name, predicted in chances.items():
        scored = evaluation.metrics(predicted, labels, threshold=0.5, weights=weights, split=options.split)
        area = next(metric for metric in scored if metric["key"] == "roc_auc")
        print(f"{name:<32} ROC-AUC {area['value']:.3f} ({area['low']:.3f} to {area['high']:.3f})")


if __name__ == "__main__":
    main()
