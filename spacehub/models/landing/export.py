"""Write the published landing model's files: skops with its Hub settings, ONNX with its inputs, and the forecasts."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import sklearn
from sklearn.pipeline import Pipeline

from spacehub.models import onnx_export
from spacehub.models.landing import storage
from spacehub.models.landing.features import NAMES, inputs


def export(model: Pipeline, flights: pd.DataFrame, chances: np.ndarray, folder: Path) -> dict:
    """Write ``model.skops``, ``config.json``, ``onnx/``, ``predictions.csv`` into `folder`.

    Parameters
    ----------
    model : Pipeline
        Fitted on all `flights`.
    chances : numpy.ndarray
        Out-of-fold probabilities of landing, shape (repeats, n); the file holds their mean.

    Returns
    -------
    dict
        ``trusted_types`` of the skops file; ``onnx``: on how many rows (`n`) the two files were compared,
        and the largest difference of their probabilities (`max_abs_difference`); and ``known``, as in
        `known_answers`.
    """
    (folder / "onnx").mkdir()
    storage.save(model, folder / "model.skops")
    text = json.dumps(hub_config(flights), indent=1, ensure_ascii=False, allow_nan=False)
    (folder / "config.json").write_text(text + "\n", encoding="utf-8")
    onnx_export.export(model, flights[list(NAMES)], folder / "onnx" / "model.onnx")
    form = json.dumps(inputs(flights), indent=1, ensure_ascii=False)
    (folder / "onnx" / "inputs.json").write_text(form + "\n", encoding="utf-8")
    predictions(flights, chances, folder / "predictions.csv")
    return {
        "trusted_types": storage.trusted_types(folder / "model.skops"),
        "onnx": {"n": len(flights), "max_abs_difference": difference(folder, flights)},
        "known": known_answers(folder, flights),
    }


def hub_config(flights: pd.DataFrame) -> dict:
    """Return what the Hub's *Use this model* box reads for a scikit-learn model, in the layout that skops defined."""
    examples = flights.dropna(subset=list(NAMES)).tail(3)
    return {
        "sklearn": {
            "columns": list(NAMES),
            "environment": [f"scikit-learn={sklearn.__version__}", "skops"],
            "example_input": {name: examples[name].tolist() for name in NAMES},
            "model": {"file": "model.skops"},
            "model_format": "skops",
            "task": "tabular-classification",
            "use_intelex": False,
        }
    }


def known_answers(folder: Path, flights: pd.DataFrame) -> list[dict]:
    """Return three flights with the ONNX file's probability for each flight, which every server must reproduce."""
    chosen = flights.dropna(subset=list(NAMES)).tail(3)[list(NAMES)]
    chances = onnx_export.run(folder / "onnx" / "model.onnx", chosen)["probabilities"][:, 1]
    rows = json.loads(chosen.to_json(orient="records"))
    return [{"flight": row, "chance": float(chance)} for row, chance in zip(rows, chances, strict=True)]


def predictions(flights: pd.DataFrame, chances: np.ndarray, path: Path) -> None:
    """Write each flight with its features and the mean over repeats of its out-of-fold probabilities (repeats, n)."""
    table = flights.assign(probability=chances.mean(axis=0))
    columns = ["name", "date_utc", "booster_serial", "landed", "probability", *NAMES]
    table[columns].to_csv(path, index=False, float_format="%.9g", lineterminator="\n")


def difference(folder: Path, flights: pd.DataFrame) -> float:
    """Return the largest difference in probability between the folder's skops and ONNX files, over all rows."""
    features = flights[list(NAMES)]
    theirs = onnx_export.run(folder / "onnx" / "model.onnx", features)["probabilities"]
    return float(np.abs(storage.load(folder).predict_proba(features) - theirs).max())
