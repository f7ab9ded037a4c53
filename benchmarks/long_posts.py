"""Measure how well the BERT for titles classifies real posts, which are longer than its training titles.

    python -m benchmarks.long_posts [FOLDER] [--split test]
    python -m benchmarks.long_posts [FOLDER] --newsgroups [--split test]

FOLDER is an artefact folder of the model (default: the newest model trained on this machine). By default, the benchmark
classifies the first 120 words of each post, and skips posts with fewer than 40 words (`--words 40 120`). It compares the app's method
with scoring each sentence by itself, and with reading only the first 45 words (about as long as the longest training
titles).

By default, the posts are those in `artefacts/space-titles` under SPACEHUB_HOME. Their bodies come from the raw files
of this dataset, and each post has the label of its community. With `--newsgroups`, the posts come from 20 Newsgroups
(Lang 1995), which scikit-learn downloads. A post is about space if it was posted in sci.space.
"""

import argparse
import html
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import trained
from spacehub.data import sources, space_titles
from spacehub.home import home
from spacehub.models.titles import evaluation
from spacehub.models.titles.titles import SPLITS, read_snapshot
from spacehub.serving.titles import passages
from spacehub.serving.titles.reader import Reader

WORDS = (40, 120)  # of a post
FIRST = 45  # words
SPACE = "sci.space"
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)|https?://\S+")
_MARKS = re.compile(r"[*_~^#`]+")


def plain(markdown: str) -> str:
    """Return a post without Markdown and links; keep the line breaks."""
    text = _LINK.sub(lambda link: link[1] or "", html.unescape(html.unescape(markdown)))
    return _MARKS.sub("", text)


def shortened(texts: Iterable[str], fewest: int, most: int) -> pd.Series:
    """Return the first `most` words of each text; drop the texts with fewer than `fewest` words."""
    words = re.compile(rf"(?:\S+\s+){{0,{most - 1}}}\S+")
    short = pd.Series(texts, dtype=object).map(lambda text: (words.search(text) or [""])[0])
    return short[short.str.split().str.len() >= fewest]


def bodies(files: sources.Sources, ids: np.ndarray, words: Sequence[int]) -> pd.Series:
    """Return the bodies of the Reddit posts in `ids` that have enough words, by ID."""
    columns = {"usecols": ["id", "selftext"], "dtype": str, "keep_default_na": False}
    raw = pd.concat([pd.read_csv(files[name], **columns) for name in files])
    return shortened(
        raw[raw["id"].isin(ids)].drop_duplicates("id").set_index("id")["selftext"].map(plain), *words
    )


def reddit(split: str, words: Sequence[int]) -> tuple[list[str], np.ndarray] | None:
    """Return the posts of a split and whether each is about space; None if the data is not on this machine."""
    dataset = home() / "artefacts" / "space-titles"
    files = sources.find(space_titles.FILES["default"])
    if files is None or not (dataset / "build.json").exists():
        print(f"Skipped: the benchmark needs the raw files, and the dataset in {dataset}.")
        return None
    titles = read_snapshot(dataset, repo_id="spacehub/space-titles", commit="")
    rows = titles.rows(split)
    posts = bodies(files, titles.ids[rows], words)
    labels = pd.Series(titles.labels[rows], titles.ids[rows]).loc[posts.index]
    return posts.tolist(), labels.to_numpy()


def newsgroups(split: str, words: Sequence[int]) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return the posts of 20 Newsgroups without headers, quotes and signatures, and the newsgroup of each."""
    from sklearn.datasets import fetch_20newsgroups

    read = fetch_20newsgroups(subset=split, remove=("headers", "footers", "quotes"), shuffle=False)
    posts = shortened(read.data, *words)
    groups = np.array(read.target_names)[read.target][posts.index]
    return posts.tolist(), groups == SPACE, groups


def sentence_by_sentence(reader: Reader, texts: list[str]) -> np.ndarray:
    """Return the probability of each text, combined from its sentences as the app combines passages."""
    spans = [passages.sentences(text) for text in texts]
    owners = np.repeat(np.arange(len(texts)), [len(some) for some in spans])
    plain = [passages.unquoted(text) for text in texts]
    chances = reader.chances([plain[row][start:end] for row, some in enumerate(spans) for start, end in some])
    known = np.isfinite(chances)
    odds = np.log(chances[known] / (1 - chances[known]))
    return 1 / (1 + np.exp(-passages.together(odds, owners[known], len(texts), reader.prior)))


def show(name: str, chances: np.ndarray, labels: np.ndarray) -> None:
    """Print the ROC-AUC with its 95 % bootstrap confidence interval."""
    weights = evaluation.resampled(len(labels))
    scored = evaluation.metrics(chances, labels.astype(int), threshold=0.5, weights=weights, split="")
    area = next(metric for metric in scored if metric["key"] == "roc_auc")
    print(f"{name:<40} ROC-AUC {area['value']:.3f} ({area['low']:.3f} to {area['high']:.3f})", flush=True)


def main() -> None:
    """Run the benchmark, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", help="artefact folder of the model")
    parser.add_argument("--split", choices=SPLITS, default="test", help="split that contains the posts")
    parser.add_argument("--newsgroups", action="store_true", help="use the posts of 20 Newsgroups")
    parser.add_argument(
        "--words", type=int, nargs=2, default=WORDS, metavar=("MIN", "MAX"), help="number of words in a post"
    )
    options = parser.parse_args()
    if options.newsgroups and options.split not in ("train", "test"):
        parser.error("20 Newsgroups has only the splits train and test")
    reader = Reader(trained.folder(options.folder, "titles"), "model_int8.onnx")
    data = (newsgroups if options.newsgroups else reddit)(options.split, options.words)
    if data is None:
        return
    texts, labels, *groups = data
    print(f"{len(texts)} posts in the {options.split} split, {labels.sum()} of them about space")
    by_app = reader.chances(texts)
    show("the whole post (the app)", by_app, labels)
    show("sentence by sentence", sentence_by_sentence(reader, texts), labels)
    show(
        f"only the first {FIRST} words", reader.chances([" ".join(t.split()[:FIRST]) for t in texts]), labels
    )
    for kind in sorted({group.split(".")[0] for group in groups[0]}) if groups else []:
        chosen = labels | np.array([group.split(".")[0] == kind for group in groups[0]])
        show(f"the whole post, {SPACE} and other {kind}.*", by_app[chosen], labels[chosen])


if __name__ == "__main__":
    main()
