"""The dataset viewer's API (https://huggingface.co/docs/dataset-viewer), at the embedded Hub's address.

Parquet files are served as they are; other files are counted and shown, not converted.
"""

import json
from typing import Any

from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from localhub.errors import HubError
from localhub.git.entries import Snapshot
from localhub.ids import RepoId, RepoType
from localhub.viewer.reader import CELL_CHARACTERS
from localhub.viewer.reading import ROWS, read_files
from localhub.viewer.splits import Splits, file_format, splits
from localhub.web.call import Call, endpoint
from localhub.web.info import card_data
from localhub.web.rights import check_access

ANSWER_BYTES = 1 << 20  # the viewer returns fewer rows to stay below this
FILES_LOOKED_AT = 100_000


def list_splits(call: Call) -> Response:
    """List all configs and splits."""
    _, snapshot, found = _dataset(call)
    listed = [_named(call, config, split) for config, split, _ in _asked(call, found)]
    return _answer(snapshot, {"splits": listed, "pending": [], "failed": []})


def is_valid(call: Call) -> Response:
    """Return whether there is anything to view."""
    _, snapshot, found = _dataset(call)
    valid = any(found.values())
    kinds = {"preview": valid, "viewer": False, "search": False, "filter": False, "statistics": False}
    return _answer(snapshot, kinds)


def list_parquet(call: Call) -> Response:
    """List the Parquet files at their own addresses."""
    id, snapshot, found = _dataset(call)
    files, failed = [], []
    for config, split, paths in _asked(call, found):
        for path in paths:
            if file_format(path) != "parquet":
                failed.append({**_named(call, config, split), "kind": "config-parquet"})
                break
            url = f"{call.endpoint}/{id.web_path}/resolve/{snapshot.commit_id}/{path}"
            entry = {"url": url, "filename": path.rpartition("/")[2], "size": snapshot.require(path).size}
            files.append({**_named(call, config, split), **entry})
    answer = {"parquet_files": files, "pending": [], "failed": failed, "partial": False}
    return _answer(snapshot, answer)


def first_rows(call: Call) -> Response:
    """Return the first rows of a split; long texts are truncated, and if rows are long there are fewer."""
    _, snapshot, found = _dataset(call)
    config, split = _required(call, "config"), _required(call, "split")
    paths = found.get(config, {}).get(split)
    if paths is None:
        raise _missing(f"The {split!r} split of the {config!r} config does not exist.")
    read = read_files(snapshot, paths)
    rows, size = [], 0
    for number, row in enumerate(read["first_rows"][:ROWS]):
        cut = [name for name, value in row.items() if isinstance(value, str) and len(value) > CELL_CHARACTERS]
        row = row | {name: row[name][:CELL_CHARACTERS] for name in cut}
        size += len(json.dumps(row))
        if size > ANSWER_BYTES:
            break
        rows.append({"row_idx": number, "row": row, "truncated_cells": cut})
    total = sum(file["rows"] for file in read["files"])
    features = [
        {"feature_idx": number, "name": name, "type": kind}
        for number, (name, kind) in enumerate((read["features"] or {}).items())
    ]
    answer = {**_named(call, config, split), "features": features, "rows": rows}
    return _answer(snapshot, {**answer, "truncated": len(rows) < total})


def size(call: Call) -> Response:
    """Return the numbers of rows and bytes of each split, of each config, and in total."""
    _, snapshot, found = _dataset(call)
    by_split, by_config = [], {}
    for config, split, paths in _asked(call, found):
        read = read_files(snapshot, paths)
        parquet = [snapshot.require(path).size for path in paths if file_format(path) == "parquet"]
        numbers = {
            "num_bytes_parquet_files": sum(parquet),
            "num_bytes_memory": sum(file["bytes"] for file in read["files"]),
            "num_rows": sum(file["rows"] for file in read["files"]),
        }
        more = {"num_columns": len(read["features"] or {}), "estimated_num_rows": None}
        by_split.append({**_named(call, config, split), **numbers, **more})
        total = by_config.setdefault(
            config, dict.fromkeys(numbers, 0) | {"num_bytes_original_files": 0} | more
        )
        total["num_bytes_original_files"] += sum(snapshot.require(path).size for path in paths)
        for name, number in numbers.items():
            total[name] += number
    dataset: dict[str, Any] = {"dataset": call.query("dataset"), "estimated_num_rows": None}
    for name in ("num_bytes_original_files", "num_bytes_parquet_files", "num_bytes_memory", "num_rows"):
        dataset[name] = sum(config[name] for config in by_config.values())
    configs = [
        {"dataset": call.query("dataset"), "config": name, **numbers} for name, numbers in by_config.items()
    ]
    sizes = {"dataset": dataset, "configs": configs, "splits": by_split}
    return _answer(snapshot, {"size": sizes, "pending": [], "failed": [], "partial": False})


def parquet_of(call: Call) -> Response:
    """Return the Parquet files' addresses in huggingface.co's format, by config and split; or one of these files."""
    id = RepoId.of_path(RepoType.DATASET, call.path("namespace"), call.path("name"))
    snapshot, found = _opened(call, id)
    base = f"{call.endpoint}/api/datasets/{id}/parquet"
    parts = [part for part in call.request.path_params.get("rest", "").split("/") if part]
    answer: Any = {}
    for config, by_split in found.items():
        for split, paths in by_split.items():
            parquet = [path for path in paths if file_format(path) == "parquet"]
            if parquet and parts[2:] and parts[:2] == [config, split]:
                number = parts[2].removesuffix(".parquet")
                if not number.isdigit() or len(number) > 6 or int(number) >= len(parquet) or parts[3:]:
                    raise _missing("The Parquet file does not exist.")
                path = parquet[int(number)]
                return RedirectResponse(
                    f"/{id.web_path}/resolve/{snapshot.commit_id}/{path}", status_code=302
                )
            addresses = [f"{base}/{config}/{split}/{number}.parquet" for number in range(len(parquet))]
            if addresses:
                answer.setdefault(config, {})[split] = addresses
    for part in parts:
        if not isinstance(answer, dict) or part not in answer:
            raise _missing("The config or split does not exist.")
        answer = answer[part]
    return JSONResponse(answer)


def _dataset(call: Call) -> tuple[RepoId, Snapshot, Splits]:
    id = RepoId.parse(RepoType.DATASET, _required(call, "dataset"))
    return id, *_opened(call, id)


def _opened(call: Call, id: RepoId) -> tuple[Snapshot, Splits]:
    repo = call.find(id)
    check_access(call, repo)
    snapshot = repo.snapshot()
    paths = []
    for entry in snapshot.walk(recursive=True):
        if not entry.is_folder:
            paths.append(entry.path)
        if len(paths) > FILES_LOOKED_AT:
            raise HubError(
                413,
                f"This dataset exceeds the embedded viewer's limit of {FILES_LOOKED_AT} files.",
            )
    return snapshot, splits(paths, card_data(snapshot))


def _asked(call: Call, found: Splits):
    """Return config, split and files that match the query."""
    config, split = call.query("config"), call.query("split")
    if config is not None and config not in found:
        raise _missing(f"The {config!r} config does not exist.")
    for name, by_split in found.items():
        for part, paths in by_split.items():
            if config in (None, name) and split in (None, part):
                yield name, part, paths


def _named(call: Call, config: str, split: str) -> dict[str, str | None]:
    return {"dataset": call.query("dataset"), "config": config, "split": split}


def _required(call: Call, name: str) -> str:
    value = call.query(name)
    if not value:
        raise HubError(422, f"Parameter '{name}' is required", code="MissingRequiredParameter")
    return value


def _missing(message: str) -> HubError:
    return HubError(404, message)


def _answer(snapshot: Snapshot, answer: dict[str, Any]) -> JSONResponse:
    return JSONResponse(answer, headers={"X-Revision": snapshot.commit_id})


_PARQUET = "/api/datasets/{namespace:part}/{name:part}/parquet"

routes = [
    Route("/splits", endpoint(list_splits)),
    Route("/is-valid", endpoint(is_valid)),
    Route("/parquet", endpoint(list_parquet)),
    Route("/first-rows", endpoint(first_rows)),
    Route("/size", endpoint(size)),
    Route(_PARQUET, endpoint(parquet_of)),
    Route(f"{_PARQUET}/{{rest:rest}}", endpoint(parquet_of)),
]
