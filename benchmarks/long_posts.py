"""Measure how well the titles' BERT classifies real forum posts, which are longer than the titles it was trained on.

    python -m benchmarks.long_posts [FOLDER] [--split test]

FOLDER is an artefact folder of the model; by default the newest one trained here is used. The posts are the
bodies of the posts in `artefacts/space-titles` under SPACEHUB_HOME, from the raw files that this dataset is
built from. A post has the label of its community, and only its first 120 words are read. Posts with fewer
than 40 words are left out. The table compares the app, which reads a long text sentence by sentence, with
reading only the first tokens, and with the titles of the same posts.
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
    """Return the first words of a post without Markdown and links, with its lines."""
    text = _LINK.sub(lambda link: link[1] or "", html.unescape(html.unescape(markdown)))
    found = _WORDS.search(_MARKS.sub("", text))
    return found[0] if found else ""


def posts(files: sources.Sources, ids: np.ndarray) -> dict[str, str]:
    """Return the bodies of the posts `ids` that have enough words, by id."""
    columns = {"usecols": ["id", "selftext"], "dtype": str, "keep_default_na": False}
    raw = pd.concat([pd.read_csv(files[name], **columns) for name in files])
    bodies = raw[raw["id"].isin(ids)].drop_duplicates("id").set_index("id")["selftext"].map(plain)
    return bodies[bodies.str.split().str.len() >= FEWEST].to_dict()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--split", choices=SPLITS, default="test")
    options = parser.parse_args()
    folder, dataset = trained.folder(options.folder, "titles"), home() / "artefacts" / "space-titles"
    files = sources.find(space_titles.FILES["default"])
    if files is None or not (dataset / "build.json").exists():
        print(f"Skipped: this needs the raw files, and the dataset in {dataset}.")
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
    print(f"{len(rows)} posts of the split {options.split}, {labels.sum()} of them about space")
    weights = evaluation.resampled(len(labels))
    for name, said in chances.items():
        scored = evaluation.metrics(said, labels, threshold=0.5, weights=weights, split=options.split)
        area = next(one for one in scored if one["key"] == "roc_auc")
        print(f"{name:<32} ROC-AUC {area['value']:.3f} ({area['low']:.3f} to {area['high']:.3f})")


if __name__ == "__main__":
    main()
