"""Convert a fitted scikit-learn pipeline over a DataFrame to ONNX, with one named input per column."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer


def export(model: Pipeline, features: pd.DataFrame, path: Path) -> None:
    """Convert `model`; numbers enter as float32 (N, 1), categories as text (N, 1).

    A classifier's outputs are ``label`` (N,) and ``probabilities`` (N, 2), a regressor's ``variable`` (N,
    1). A FunctionTransformer may only use the function `numpy.log1p`.
    """
    from skl2onnx import convert_sklearn
    from skl2onnx.common.data_types import FloatTensorType, StringTensorType

    inputs = [
        (name, (FloatTensorType if _is_number(column) else StringTensorType)([None, 1]))
        for name, column in features.items()
    ]
    options = {id(model): {"zipmap": False}} if hasattr(model, "predict_proba") else None
    converted = convert_sklearn(
        model,
        initial_types=inputs,
        options=options,
        custom_conversion_functions={FunctionTransformer: _write_log1p},
        custom_shape_calculators={FunctionTransformer: _same_shape},
    )
    path.write_bytes(converted.SerializeToString())


def feed(features: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return the columns as ONNX Runtime takes them, each of shape (N, 1)."""
    return {
        name: column.to_numpy(np.float32 if _is_number(column) else object)[:, np.newaxis]
        for name, column in features.items()
    }


def run(path: Path, features: pd.DataFrame) -> Mapping[str, np.ndarray]:
    """Return every output of the ONNX file at `path` by name."""
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, feed(features)), strict=True))


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column)


def _same_shape(operator) -> None:
    from skl2onnx.common.data_types import FloatTensorType

    columns = operator.inputs[0].type.shape[1]
    operator.outputs[0].type = FloatTensorType([None, columns])


def _write_log1p(scope, operator, container) -> None:
    """Write log(1 + x), because skl2onnx cannot convert a FunctionTransformer with a function."""
    if operator.raw_operator.func is not np.log1p:
        raise ValueError(
            f"Only the numpy.log1p function can be converted to ONNX, not {operator.raw_operator.func}."
        )
    one, total = scope.get_unique_variable_name("one"), scope.get_unique_variable_name("total")
    container.add_initializer(one, 1, [1], [1.0])
    name = scope.get_unique_operator_name("Add")
    container.add_node("Add", [operator.inputs[0].full_name, one], total, name=name)
    name = scope.get_unique_operator_name("Log")
    container.add_node("Log", total, operator.outputs[0].full_name, name=name)
