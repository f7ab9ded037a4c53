"""Measure how visitors' corrections change the title model, depending on the weight of each correction.

    python -m benchmarks.feedback [--titles 2000] [--corrections 30] [--weights 1 8 32] [--json FILE]

The benchmark needs the dataset in `artefacts/space-titles` under SPACEHUB_HOME. To build the dataset, run
`python -m train_scripts.build_datasets --only space-titles`.

1. The benchmark trains a first model on some of the training titles.
2. It collects other training titles that the first model misclassifies, although a cross-validated linear model confirms
   their labels. Half of these titles become corrections. The other half is the control group, which is never used for
   training.
3. For each weight, it trains a model on the same training titles and the corrections.
4. It measures the accuracy and the F1 of *space* on test titles.

With the default options, the benchmark takes three to five minutes on one core. A weight of 8 means that a correction
counts as eight training titles.
"""

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from spacehub.home import home
from spacehub.models import feedback
from spacehub.models.titles import base, bert, evaluation, linear, taught
from spacehub.models.titles.recipes import PRESETS
from spacehub.models.titles.titles import NAMES, Titles, read_snapshot
from spacehub.models.tracking import Silent
from spacehub.serving.feedback import Row

WEIGHTS = [1, 8, 32]
JUDGED = 1000  # titles in each held-out split
CANDIDATES = 100  # titles per correction; about one in 45 has a confirmed label and is misclassified
SEED = 0


def train(titles: Titles, folder: Path) -> tuple[Callable, dict[str, float]]:
    """Train a model; return a function from texts to labels, and the accuracy and F1 on the test split."""
    recipe = replace(PRESETS["quick"].recipe, base=str(base.packaged()))
    network, tokenizer, _, _ = bert.fit(
        titles,
        recipe=recipe,
        revision="main",
        seed=SEED,
        folder=folder,
        report=lambda done, total: None,
        tracker=Silent(),
    )

    def chances(texts: np.ndarray) -> np.ndarray:
        return evaluation.chances(bert.logits(network, tokenizer, texts, length=recipe.length))

    held_out, test = titles.rows("validation"), titles.rows("test")
    threshold = evaluation.threshold(chances(titles.texts[held_out]), titles.labels[held_out])

    def classify(texts: np.ndarray) -> np.ndarray:
        return chances(texts) >= threshold

    predicted, labels = classify(titles.texts[test]), titles.labels[test]
    return classify, {"accuracy": float(np.mean(predicted == labels)), "f1": evaluation.f1(predicted, labels)}


def correction(place: int, text: str, label: int) -> Row:
    """Return the feedback row of a visitor who corrects the label of a title."""
    fields = {"day": "2026-11-29", "model": "titles", "commit": "0" * 40, "right": False}
    return Row(id=f"{place:032x}", input=text, answer=NAMES[1 - label], correction=NAMES[label], **fields)


def measure(whole: Titles, *, titles: int, corrections: int, weights: list[int]) -> Iterator[dict]:
    """Yield a row without corrections, and then one row per weight."""
    known = whole.fewer(train=titles, judged=JUDGED)
    with tempfile.TemporaryDirectory() as scratch:
        classify, scores = train(known, Path(scratch) / "first")
        rest = whole.rows("train")[~np.isin(whole.ids[whole.rows("train")], known.ids)]
        rest = np.random.default_rng(SEED).permutation(rest)[: CANDIDATES * corrections]
        likely = linear.cross_validated(whole.texts[rest], whole.labels[rest], seed=SEED)
        confirmed = rest[(likely >= 0.5) == (whole.labels[rest] == 1)]
        wrong = confirmed[classify(whole.texts[confirmed]) != whole.labels[confirmed]]
        given, control = wrong[: 2 * corrections : 2], wrong[1 : 2 * corrections : 2]
        visitors = feedback.Feedback(
            rows=[correction(row, whole.texts[row], whole.labels[row]) for row in given],
            skipped=0,
            id="",
            commit="",
        )
        yield {"weight": 0, "corrected": 0.0, "control": 0.0, **scores, "n": len(given)}
        for weight in weights:
            taught.WEIGHT = weight
            lessons, _ = taught.add(known, visitors, known)
            classify, scores = train(lessons, Path(scratch) / str(weight))
            corrected, control_right = (
                float(np.mean(classify(whole.texts[places]) == whole.labels[places]))
                for places in (given, control)
            )
            right = {"corrected": corrected, "control": control_right}
            yield {"weight": weight, **right, **scores, "n": len(given)}


def main() -> None:
    """Run the benchmark, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--titles", type=int, default=2000, help="number of training titles")
    parser.add_argument("--corrections", type=int, default=30, help="number of corrections")
    parser.add_argument("--weights", type=int, nargs="+", default=WEIGHTS, help="weights to compare")
    parser.add_argument("--json", type=Path, help="also write the results to this file, as JSON")
    options = parser.parse_args()
    folder = home() / "artefacts" / "space-titles"
    if not (folder / "build.json").exists():
        print(
            f"Skipped: {folder} does not contain the dataset. Run: python -m train_scripts.build_datasets --only space-titles"
        )
        return
    whole = read_snapshot(folder, repo_id="spacehub/space-titles", commit="")
    settings = {"titles": options.titles, "corrections": options.corrections, "weights": options.weights}
    print("weight  corrected  control  accuracy     F1   n", flush=True)
    rows = []
    for row in measure(whole, **settings):
        rows.append(row)
        shares = f"{row['corrected']:>9.0%}  {row['control']:>7.0%}"
        print(
            f"{row['weight']:>6}  {shares}  {row['accuracy']:>8.1%}  {row['f1']:.3f}  {row['n']:>2}",
            flush=True,
        )
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
