"""Measure the sliders of the Lab, each compared with a library call.

    python -m benchmarks.lab [--repeats 12] [--json FILE]

The benchmark moves the sliders with gradio_client through the API of the app, which runs in a separate process. The
times include the figures. The benchmark takes less than a minute on a CPU. It measures the experiments with the
published title classifier only if the Hub in HF_ENDPOINT has this classifier.
"""

import argparse
import contextlib
import functools
import itertools
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import torch
from huggingface_hub import snapshot_download
from scipy.signal import correlate2d
from skimage.feature import blob_log
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import TfidfVectorizer
from tokenizers import Tokenizer, models
from torch.nn.functional import scaled_dot_product_attention

from benchmarks.report import report, row
from localhub import LocalHub
from spacehub import catalogue
from spacehub.endpoint import published_commit
from spacehub.lab import (
    bandits,
    bayes,
    chance,
    gravity,
    kepler,
    lagrange,
    launches,
    meteorites,
    networks_data,
    pca_pictures,
    plain,
    planets,
    q_learning,
    regression_landing,
    regression_nebulae,
    regression_overfit,
    regression_payload,
    segmentation,
)
from spacehub.lab.convolution_kernels import KERNELS
from spacehub.lab.meteorites_look import look
from spacehub.lab.networks import initialise
from spacehub.lab.networks_check import check_gradient
from spacehub.lab.networks_data import digits
from spacehub.lab.networks_training import Plan, train
from spacehub.lab.q_learning_lake import lake
from spacehub.lab.telemetry import flights, judge
from spacehub.lab.telemetry.detectors import Panel
from spacehub.lab.telemetry.spread import spread
from spacehub.lab.trees import gains
from spacehub.lab.trees_forest import grow_forest
from spacehub.lab.trees_launches import RETURNS, cross_validate, samples
from spacehub.serving import space_pictures

TITLES = ["The Moon tonight", "A new moon of Saturn", "The rocket left the pad", "Dust on Mars"]


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def orbit() -> None:
    molniya = kepler.ORBITS["Molniya"]
    gravity.follow(
        gravity.central,
        molniya.gm,
        *molniya.start(),
        step=molniya.period / 240,
        steps=4 * 240,
        method="leapfrog",
    )


def solar_system() -> None:
    gravity.follow(gravity.mutual, *planets.at_j2000(), step=5 * 86_400, steps=1753, method="leapfrog")


def teach(sizes: list[int], examples: tuple, **plan: int) -> None:
    train(initialise(sizes, seed=1), *examples, Plan(**plan))


def attend_in_torch(*shape: int) -> None:
    x = torch.ones(shape)
    scaled_dot_product_attention(x, x, x)


# An experiment, its controls, and the corresponding library call. The first experiment has no figure and computes
# almost nothing, so its time is the overhead of Gradio, which all other experiments also have.
SLIDERS = {
    "/lab_hohmann": ((300, 35_786), lambda: kepler.hohmann(300e3, 35_786e3)),
    "orbit": (("Molniya", "leapfrog", 240, 4), orbit),
    "hohmann": ((300, 35_786), lambda: kepler.hohmann(300e3, 35_786e3)),
    "planets": ((24, 5, "leapfrog"), solar_system),
    "lagrange": (("L4", 2000, 6), lambda: lagrange.release("L4", offset=0.005, turns=6, craft=12)),
    "derivative": (("sin x", 1, -4), lambda: plain.central_difference(np.sin, 1, 1e-4)),
    "matrix_product": ((48,), lambda: plain.matrix_product(np.ones((48, 48)).tolist(), np.ones((48, 48)).tolist())),
    "rotation": ((1, 360), lambda: plain.rotate(np.ones((12, 2)).tolist(), 0.1)),
    "dice": ((2, 10_000, 1), lambda: chance.roll(2, 10_000, seed=1)),
    "large_numbers": ((0.3, 10_000, 1), lambda: chance.binomial(10_000, 0.3)),
    "pi": ((100_000, 1), lambda: chance.throw_at_circle(100_000, seed=1)),
    "debris": (("1 cm", 10, 1, 100_000, 1), lambda: chance.fly_satellites(2e-4, 10, 1, 100_000, seed=1)),
    "signal": (("a signal", 0.01, 0.7, 0.2, 40, 1), lambda: bayes.follow(0.01, [True] * 40, 0.7, 0.2)),
    "spam": (("Claim your free trip to the Moon now", 1), lambda: bayes.learn().follow("win a free trip")),
    "nebulae": (
        (0.3, 200, "in Mpc, as it is"),
        lambda: regression_nebulae.learn(share=0.3, steps=200, standardised=False),
    ),
    "rate": (
        (1.05, 200, "in Mpc, as it is"),
        lambda: regression_nebulae.learn(share=1.05, steps=200, standardised=False),
    ),
    "overfit": (
        (14, 60, 0.15, -6, 1),
        lambda: regression_overfit.fit(regression_overfit.observe(60, 0.15, seed=1)[0], 14),
    ),
    "network_points": (
        ("spirals", 0.1, "tanh", 2, 16, "Adam", -1.5, 0, 0, 1),
        lambda: teach([2, 16, 16, 2], networks_data.points("spirals", 240, noise=0.1, seed=1), epochs=300),
    ),
    "network_digits": (
        ("ReLU", 1, 48, -2.25, 0, 0, 20, "a random quarter", 1),
        lambda: teach([64, 48, 10], (digits().x, digits().labels), epochs=20, batch=64),
    ),
    "gradient_check": (
        ("none", -5, "tanh", 2, 4, 1),
        lambda: check_gradient(initialise([2, 4, 4, 2], seed=1), *networks_data.points("moons", 24, noise=0.2, seed=1)),
    ),
    "wordpiece": (
        ("The spaceplane's heatshield", "the tokens below", 80, "space heat ##plane ##shield the ' s"),
        lambda: models.WordPiece({"space": 0, "##plane": 1, "[UNK]": 2}, unk_token="[UNK]").tokenize("spaceplane"),
    ),
    "tfidf": (
        ("The moon of Saturn", "the lines below", False, "\n".join(TITLES)),
        lambda: TfidfVectorizer().fit(TITLES).transform(TITLES),
    ),
    "attention_scale": ((10, 0.3, 32, 1), lambda: attend_in_torch(8, 32, 1024)),
    "attention_words": ((" ".join(["rocket"] * 16), 0.8, 3, 0, False, "like words"), lambda: attend_in_torch(3, 16, 32)),
    "bandit": (
        (5, 0.6, 0.15, 0.1, False, 2, 1000, 1),
        lambda: [
            bandits.play([0.45, 0.45, 0.6, 0.45, 0.45], bandits.Strategy(name=name), pulls=1000, runs=100, seed=1)
            for name in bandits.STRATEGIES
        ],
    ),
    "frozen_lake": (
        ("4 × 4", "slippery", 30_000, 1, 0.1, 0.1, False, 0.99, 0, 1),
        lambda: q_learning.learn(lake(), q_learning.Schedule(moves=30_000, rate=0.1), seed=1),
    ),
}  # fmt: skip


@contextlib.contextmanager
def app(**settings: str) -> Iterator[Callable]:
    """Run the app; yield a function that calls its endpoints."""
    from gradio_client import Client

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with tempfile.TemporaryDirectory() as scratch:
        process = subprocess.Popen(
            [sys.executable, "-m", "space_app.app"],
            env=os.environ | {"SPACEHUB_APP_PORT": str(port), "HF_HOME": scratch} | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            process.stdout.readline()
            yield Client(f"http://127.0.0.1:{port}/", verbose=False).predict
        finally:
            process.terminate()
            process.wait()


def in_turn(name: str, move: Callable, call: Callable, repeats: int) -> dict:
    """Time a slider and the library call in turn, after one warm-up call of each."""
    move()
    call()
    times = [(seconds(move), seconds(call)) for _ in range(repeats)]
    ours, theirs = (1000 * statistics.median(side) for side in zip(*times, strict=True))
    return row(f"slider of {name} / library call", ours, theirs, "ms", repeats)


def sliders(repeats: int) -> list[dict]:
    """Move each slider through the API, in turn with the library call."""
    # These experiments do not need the Hub, so the benchmark does not start a Hub.
    with app(HF_ENDPOINT="http://127.0.0.1:9") as ask:
        rows = []
        for name, (controls, call) in SLIDERS.items():
            endpoint = name if name.startswith("/") else f"/lab_view_{name}"
            rows.append(in_turn(name, functools.partial(ask, *controls, api_name=endpoint), call, repeats))
    return rows


@contextlib.contextmanager
def fed(dataset: str) -> Iterator[tuple[Callable, Path]]:
    """Run the app on a Hub that contains a dataset.

    Yield a function that calls the app's endpoints, and the dataset's folder.
    """
    with LocalHub() as hub, tempfile.TemporaryDirectory() as home:
        subprocess.run(
            [sys.executable, "-m", "train_scripts.build_datasets", "--only", dataset],
            env=os.environ | {"SPACEHUB_HOME": home},
            check=True,
            capture_output=True,
        )
        with app(HF_ENDPOINT=hub.endpoint) as ask:
            yield ask, Path(home) / "artefacts" / dataset


def meteorite_filters(repeats: int) -> list[dict]:
    """Move the filters of the meteorites, which update seven figures at once, on a Hub that contains the dataset."""
    years = {"all years": (860, 2013), "1900 to 1950": (1900, 1950)}
    with fed("meteorite-landings") as (ask, folder):
        table = meteorites.read(folder / "meteorites.csv")
        return [
            in_turn(
                f"meteorites, {name}",
                functools.partial(
                    ask, *span, -2, 8, "Both", [], 200, 10, "median", 999, api_name="/lab_view_meteorites"
                ),
                functools.partial(look, table, wanted),
                repeats,
            )
            for (name, span), wanted in zip(
                years.items(),
                (meteorites.Filter(), meteorites.Filter(year_from=1900, year_to=1950)),
                strict=True,
            )
        ]


def of_launches(repeats: int) -> list[dict]:
    """Move the sliders of regressions and trees that are trained on launches, on a Hub that contains the launches."""
    with fed("falcon9-landings") as (ask, folder):
        flown = launches.read(folder / "launches.csv")
        two, all_four = samples(flown, ["year", "mass_kg"]), samples(flown, list(launches.NUMBERS))
        options = {"classes": len(RETURNS), "max_depth": 12}
        moves = {
            "logistic": (
                ("year", 0.5, 400, -3),
                lambda: regression_landing.learn(flown, "year", share=0.5, steps=400),
            ),
            "payload": ((["orbit", "site"], 0, "LEO", "CCSFS SLC-40"), lambda: regression_payload.fit(flown)),
            "cut": (("mass_kg", "gini", 1), lambda: gains(all_four.x, all_four.y, classes=len(RETURNS))),
            "surface": (
                (12, "year", "mass_kg", "gini", 1, 15, 1),
                lambda: grow_forest(two.x, two.y, trees=15, seed=1, **options),
            ),
            "depth": (
                (["year", "mass_kg"], "gini", 1, 8, 1),
                lambda: cross_validate(two, deepest=12, trees=8, seed=1),
            ),
        }
        return [
            in_turn(name, functools.partial(ask, *controls, api_name=f"/lab_view_{name}"), call, repeats)
            for name, (controls, call) in moves.items()
        ]


def of_telemetry(repeats: int) -> list[dict]:
    """Move the sliders of the telemetry, on a Hub that contains the telemetry."""
    with fed("falcon9-telemetry") as (ask, folder):
        panel = Panel(flights.read(folder))
        moves = {
            "telemetry": (
                ("altitude_km", 33, "either", "meco", 60),
                lambda: spread(panel.flights, "altitude_km", 60),
            ),
            "telemetry_fault": (
                (40, "sensor freeze", 4, 60, 0.1),
                lambda: judge.try_fault(panel, 40, "sensor freeze", 8, 60, 0.1),
            ),
        }
        return [
            in_turn(name, functools.partial(ask, *controls, api_name=f"/lab_view_{name}"), call, repeats)
            for name, (controls, call) in moves.items()
        ]


def of_pictures(repeats: int) -> list[dict]:
    """Move the sliders that analyse images, in turn with library calls, on a Hub that contains the images."""
    with fed("space-images") as (ask, folder):
        known = space_pictures.load(folder)
        scene, plain_of_moon = known.read("landsat-bahamas"), known.read("lunar-surface")
        points = segmentation.look(scene, "Lab", seed=1)
        learners, compared = points.points[points.sample], points.points[points.sample[:800]]
        rows, _ = pca_pictures.cut(plain_of_moon[:256, :256], pca_pictures.PATCHES)
        grey, kernel = plain_of_moon[:384, :384, 0].astype(float), np.array(KERNELS["Laplace"], dtype=float)

        flat, deep = (
            np.ascontiguousarray(known.read(name)[..., 1]) for name in ("lunar-surface", "hubble-deep-field")
        )

        def cluster() -> None:
            KMeans(5, n_init=segmentation.STARTS).fit(learners)

        moves = {
            "pca_digits": ((10, 1, 2, 1), lambda: PCA().fit(load_digits().data)),
            "pca_picture": (("lunar-surface", None, 8, pca_pictures.PATCHES), lambda: PCA().fit(rows)),
            "segmentation": (("landsat-bahamas", None, 5, "Lab", 1), cluster),
            "segmentation_others": (
                ("landsat-bahamas", None, "Lab", 5, 4, 10, "ward", 1),
                lambda: AgglomerativeClustering(5).fit(compared),
            ),
            "segmentation_water": (("chromaticity", 5, 1), cluster),
            "convolution_step": (
                ("Laplace", "", "lunar-surface", 1, 0),
                lambda: correlate2d(grey[:8, :8], kernel, mode="valid"),
            ),
            "convolution_picture": (
                ("lunar-surface", None, "Laplace", "", 1, 0, "none", 2),
                lambda: correlate2d(grey, kernel, mode="valid"),
            ),
            "edges": (("rocket", None, 1.4, 4, 10), lambda: cv2.Canny(flat, 32, 80, L2gradient=True)),
            "regions": (
                ("lunar-surface", None, 0, 30),
                lambda: cv2.findContours(
                    (flat > 120).astype("uint8"), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
                ),
            ),
            "corners": (
                ("lunar-surface", None, 100, 0.05, 10),
                lambda: cv2.goodFeaturesToTrack(flat, 100, 0.05, 10),
            ),
            "blobs": (
                ("lunar-surface", None, "bright", 3, 24, 12),
                lambda: blob_log(flat / 255, min_sigma=2.1, max_sigma=17, num_sigma=10, threshold=0.035),
            ),
            "channels": (("landsat-bahamas", None, "Lab"), lambda: cv2.cvtColor(scene, cv2.COLOR_RGB2LAB)),
            "galaxies": ((5, 5), lambda: cv2.connectedComponentsWithStats((deep > 22).astype("uint8"))),
            "template": (
                ("moon", None, 0.42, 0.4, 72, 30, 1.2, 10),
                lambda: cv2.matchTemplate(flat[:256, :256], flat[90:162, 90:162], cv2.TM_CCOEFF_NORMED),
            ),
        }
        return [
            in_turn(name, functools.partial(ask, *controls, api_name=f"/lab_view_{name}"), call, repeats)
            for name, (controls, call) in moves.items()
        ]


def of_titles(repeats: int) -> list[dict]:
    """Move the sliders of the published title classifier, if the Hub in HF_ENDPOINT has this classifier."""
    endpoint, repo_id = os.environ.get("HF_ENDPOINT"), catalogue.find("titles").repo_id
    commit = published_commit(repo_id, repo_type="model") if endpoint else None
    if commit is None:
        return []
    files = ["tokenizer.json", "onnx/model.onnx"]
    folder = Path(snapshot_download(repo_id, revision=commit, allow_patterns=files))
    tokenizer = Tokenizer.from_file(str(folder / files[0]))
    alone = onnxruntime.SessionOptions()
    alone.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(folder / files[1], alone, providers=["CPUExecutionProvider"])
    title, turns = "Scientists find ice in a crater that never sees the Sun", itertools.count()

    def run() -> None:
        read = tokenizer.encode(title)
        every = {
            "input_ids": read.ids,
            "attention_mask": read.attention_mask,
            "token_type_ids": read.type_ids,
        }
        session.run(
            None,
            {model_input.name: np.array([every[model_input.name]]) for model_input in session.get_inputs()},
        )

    with app(HF_ENDPOINT=endpoint) as ask:
        cut = functools.partial(ask, title, "the published BERT's", 60, "", api_name="/lab_view_wordpiece")

        def look(text: str) -> None:
            ask(text, 1, 3, "[SEP]", api_name="/lab_view_attention_bert")

        return [
            in_turn("wordpiece, published", cut, lambda: tokenizer.encode(title), repeats),
            in_turn("attention_bert, another head", lambda: look(title), run, repeats),
            in_turn("attention_bert, another title", lambda: look(f"{title} {next(turns)}"), run, repeats),
        ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=12, help="number of measurements per row")
    parser.add_argument("--json", type=Path, help="also write the results to this file, as JSON")
    options = parser.parse_args()
    rows = [
        *sliders(options.repeats),
        *meteorite_filters(options.repeats),
        *of_launches(options.repeats),
        *of_telemetry(options.repeats),
        *of_pictures(options.repeats),
        *of_titles(options.repeats),
    ]
    report(rows, options.json)


if __name__ == "__main__":
    main()
