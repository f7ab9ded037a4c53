"""A mission's rows, split and scores, computed by the same code for publishing and for verifying."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import pandas as pd
import pyarrow.parquet

from spacehub.errors import SpaceHubError, reason
from spacehub.mission.spec import KINDS, Spec
from spacehub.models import onnx_export
from spacehub.models.intervals import bootstrap_weights, percentile

LARGEST_TABLE, MOST_ROWS, LARGEST_MODEL = 100 * 2**20, 200_000, 20 * 2**20
FEWEST = 20
RESAMPLES = 1000


@dataclass(frozen=True, kw_only=True)
class Part:
    """Training or test rows: the features, and the target as float (n,), 1 for yes."""

    features: pd.DataFrame
    target: np.ndarray


def split(spec: Spec, path: Path) -> tuple[Part, Part]:
    """Read the table, and return the training part and the test part.

    Raises
    ------
    SpaceHubError
        If the table is too large, lacks a column, or leaves fewer than `FEWEST` rows in a part.
    """
    table = _table(spec, path)
    for column, values in spec.only.items():
        table = table[table[column].astype(str).isin(values)]
    table = table[table[spec.target].notna() & table[spec.test_column].notna()]
    if spec.kind == KINDS[0]:
        target = (table[spec.target].astype(str) == spec.yes).to_numpy(float)
    else:
        target = pd.to_numeric(table[spec.target], errors="coerce").to_numpy(float)
    known = np.isfinite(target)
    table, target = table[known], target[known]
    features = pd.DataFrame(
        {name: pd.to_numeric(table[name], errors="coerce").astype(np.float32) for name in spec.numbers}
        | {name: table[name].astype(object).where(table[name].notna(), "").astype(str) for name in spec.words}
    )
    tested = _tested(spec, table[spec.test_column])
    parts = [Part(features=features[rows], target=target[rows]) for rows in (~tested, tested)]
    for name, part in zip(("training", "test"), parts, strict=True):
        if len(part.target) < FEWEST:
            raise SpaceHubError(
                f"The {name} split has {len(part.target)} rows, but it needs at least {FEWEST}.",
                "Change the split or the selection of rows in mission.toml.",
            )
    return parts[0], parts[1]


def _table(spec: Spec, path: Path) -> pd.DataFrame:
    if path.stat().st_size > LARGEST_TABLE:
        raise SpaceHubError(f"{spec.file} is larger than 100 MB.", "Publish a smaller table.")
    try:
        if path.suffix == ".csv":
            table = pd.read_csv(
                path, keep_default_na=False, na_values=[""], nrows=MOST_ROWS + 1, low_memory=False
            )
        else:
            table = _parquet(path)
    except (OSError, ValueError) as error:
        raise SpaceHubError(
            f"{spec.file} is not a table. {reason(error)}", "Use a CSV or Parquet file."
        ) from error
    if len(table) > MOST_ROWS:
        raise SpaceHubError(f"{spec.file} has more than {MOST_ROWS:,} rows.", "Publish a smaller table.")
    wanted = (*spec.features, spec.target, spec.test_column, *spec.only)
    missing = [name for name in wanted if name not in table]
    if missing:
        raise SpaceHubError(
            f"{spec.file} has no column named {missing[0]!r}.",
            f"Use one of its columns: {', '.join(map(str, table.columns[:40]))}.",
        )
    return table


def _parquet(path: Path) -> pd.DataFrame:
    """Read a Parquet file, unless its footer states more rows or bytes than a mission may have."""
    about = pyarrow.parquet.read_metadata(path)
    size = sum(about.row_group(number).total_byte_size for number in range(about.num_row_groups))
    if about.num_rows > MOST_ROWS or size > LARGEST_TABLE:
        raise ValueError(
            f"The table is too large: it has {about.num_rows:,} rows and takes {size >> 20:,} MiB when decompressed."
        )
    return pd.read_parquet(path)


def _tested(spec: Spec, column: pd.Series) -> np.ndarray:
    """Return which rows are in the test part: from a value on, or by a hash of the value, so that groups stay together."""
    if spec.test_from:
        try:
            if pd.api.types.is_numeric_dtype(column):
                return (column >= float(spec.test_from)).to_numpy()
            dates = pd.to_datetime(column, errors="coerce", utc=True)
            return (dates >= pd.to_datetime(spec.test_from, utc=True)).to_numpy()
        except ValueError as error:
            raise SpaceHubError(
                f"test_from is {spec.test_from!r}, which cannot be compared with the values of {spec.test_column}.",
                "Use a date, such as 2021-01-01, or a number.",
            ) from error
    digests = [hashlib.sha256(str(value).encode()).digest()[:4] for value in column]
    return np.array([int.from_bytes(one, "big") / 2**32 < spec.test_share for one in digests], bool)


def predictions(spec: Spec, model: Path, features: pd.DataFrame) -> np.ndarray:
    """Return what the ONNX file predicts, float (n,): the probability of yes, or the predicted number.

    Raises
    ------
    SpaceHubError
        If the file is too large, or does not return one finite number per row.
    """
    try:
        if model.stat().st_size > LARGEST_MODEL:
            raise ValueError("The ONNX file is larger than 20 MB.")
        # The model is loaded from bytes, so that it cannot refer to other files.
        session = onnxruntime.InferenceSession(model.read_bytes(), providers=["CPUExecutionProvider"])
        name = "probabilities" if spec.kind == KINDS[0] else "variable"
        found = np.asarray(session.run([name], onnx_export.feed(features))[0], float)
        found = found[:, 1] if spec.kind == KINDS[0] else found.reshape(-1)
        if found.shape != (len(features),) or not np.isfinite(found).all():
            raise ValueError("The model does not return one finite number per row.")
        return found
    except Exception as error:  # whatever a runtime raises for a stranger's file
        raise SpaceHubError(
            f"Cannot run the model. {reason(error)[:200]}", "Publish the mission again."
        ) from error


def scores(spec: Spec, train: Part, test: Part, found: np.ndarray) -> list[dict]:
    """Return each score with its interval, n, the baseline's value and the paired gain over it, in [low, high].

    The baseline uses no features: it always predicts the training part's share of yes, or its median.
    """
    weights = bootstrap_weights(len(test.target), resamples=RESAMPLES, seed=0) / len(test.target)
    if spec.kind == KINDS[0]:
        share = float(train.target.mean())
        losses = {
            "brier": ("Brier score", (found - test.target) ** 2, (share - test.target) ** 2),
            "error_rate": ("Error rate", (found >= 0.5) != test.target, (share >= 0.5) != test.target),
        }
    else:
        middle = float(np.median(train.target))
        losses = {"mae": ("Mean absolute error", abs(found - test.target), abs(middle - test.target))}
    listed = []
    for key, (name, ours, theirs) in losses.items():
        ours, theirs = ours.astype(float), theirs.astype(float)
        low, high = percentile(weights @ ours)
        gain_low, gain_high = percentile(weights @ (theirs - ours))
        listed.append(
            {
                "key": key,
                "name": name,
                "value": float(ours.mean()),
                "low": low,
                "high": high,
                "n": len(ours),
                "baseline": float(theirs.mean()),
                "gain": {"value": float((theirs - ours).mean()), "low": gain_low, "high": gain_high},
            }
        )
    return listed


def verdict(metric: dict) -> str:
    """Return in words whether the model beats the baseline on its first score."""
    if metric["gain"]["low"] > 0:
        return "beats the baseline"
    return "is worse than the baseline" if metric["gain"]["high"] < 0 else "is not shown to beat the baseline"
