"""Store the trained pipeline with skops, and read it with only reviewed types trusted."""

import sys
from pathlib import Path
from types import ModuleType
from zipfile import ZIP_DEFLATED

from sklearn.pipeline import Pipeline

from spacehub.errors import SpaceHubError

# The source of each type was reviewed. Creating one runs no code from the file: a dtype describes bytes,
# and a Tree takes numbers into a fixed C structure.
TRUSTED = ("numpy.dtype", "sklearn.tree._tree.Tree")
# The oldest scikit-learn that reads a candidate's file written by 1.9 with `TRUSTED` and gives the same
# probabilities.
OLDEST = {
    "logistic_regression": "1.8",
    "decision_tree": "1.8",
    "random_forest": "1.8",
    "gradient_boosting": "1.9",
}


def save(model: Pipeline, path: Path) -> None:
    """Write a fitted pipeline, deflated."""
    _skops_io().dump(model, path, compression=ZIP_DEFLATED, compresslevel=9)


def load(folder: Path, name: str = "model.skops") -> Pipeline:
    """Read the pipeline of an artefact folder.

    Raises
    ------
    SpaceHubError
        If the file is missing, is not a skops file, or names a type that is not in `TRUSTED`.
    """
    skops_io, path = _skops_io(), folder / name
    try:
        foreign = sorted(set(skops_io.get_untrusted_types(file=path)) - set(TRUSTED))
        if not foreign:
            return skops_io.load(path, trusted=list(TRUSTED))
    except Exception as error:  # a broken zip, schema or JSON file each raises a different type
        raise SpaceHubError(
            f"Cannot read {path} as a skops file: {error}.", "Download the file again, or retrain the model."
        ) from error
    raise SpaceHubError(
        f"{path} contains types that this model does not use: {', '.join(foreign)}.",
        "Do not load this file. Use a file from a repository that you trust.",
    )


def trusted_types(path: Path) -> list[str]:
    """Return the types of `TRUSTED` that a reader of this file must name."""
    present = _skops_io().get_untrusted_types(file=path)
    return [name for name in TRUSTED if name in present]


class _NoTorch:
    """An import hook that finds no PyTorch."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name == "torch":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def _skops_io() -> ModuleType:
    """Import skops.io without PyTorch.

    skops imports every module of scikit-learn to list the estimators. One of these modules imports PyTorch, which
    takes two seconds and 600 MB, and adds no estimator.
    """
    sys.meta_path.insert(0, _NoTorch)
    try:
        import skops.io
    finally:
        sys.meta_path.remove(_NoTorch)
    return skops.io
