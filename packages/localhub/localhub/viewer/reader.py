"""Read the rows of data files. This is a separate program, so a malformed file cannot harm the Hub.

The program reads ``{"files": [{"path", "format"}], "rows"}`` as JSON from its standard input. The program
prints ``{"features", "files": [{"rows", "bytes"}], "first_rows"}``: the Arrow schema as the `datasets` library
writes it, each file's number of rows and bytes in memory, and the first rows of all files together.
"""

import base64
import datetime
import json
import math
import sys
from typing import Any

CELL_CHARACTERS = 1000
MEMORY_BYTES = 4 << 30
CPU_SECONDS = 60


def main() -> None:
    """Answer one request."""
    _limit()
    asked = json.load(sys.stdin)
    answer: dict[str, Any] = {"features": None, "files": [], "first_rows": []}
    for file in asked["files"]:
        wanted = asked["rows"] - len(answer["first_rows"])
        schema, rows, size, first = _read(file["path"], file["format"], wanted)
        answer["features"] = answer["features"] or _features(schema)
        answer["files"].append({"rows": rows, "bytes": size})
        answer["first_rows"] += [_plain(row) for row in first]
    json.dump(answer, sys.stdout)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


def _read(path: str, kind: str, wanted: int):
    """Return schema, number of rows, bytes in memory, and the first rows of a file."""
    if kind == "parquet":
        import pyarrow.parquet as pq

        with pq.ParquetFile(path) as file:
            size = sum(
                file.metadata.row_group(n).total_byte_size for n in range(file.metadata.num_row_groups)
            )
            batches = file.iter_batches(batch_size=wanted) if wanted > 0 else iter(())
            first = next(batches, None)
            rows = first.to_pylist() if first is not None else []
            return file.schema_arrow, file.metadata.num_rows, size, rows
    if kind == "json":
        import pyarrow.json as reading

        table = reading.read_json(path)
    else:
        import pyarrow.csv as reading

        options = reading.ParseOptions(delimiter="\t" if kind == "tsv" else ",", newlines_in_values=True)
        table = reading.read_csv(path, parse_options=options)
    return table.schema, table.num_rows, table.nbytes, table.slice(0, max(wanted, 0)).to_pylist()


def _features(schema: Any) -> dict[str, Any]:
    """Return the features as `datasets` describes them: from the file if that library wrote it, otherwise from Arrow's types."""
    try:
        features = json.loads(schema.metadata[b"huggingface"])["info"]["features"]
        if set(features) == set(schema.names):
            return {name: features[name] for name in schema.names}
    except (TypeError, KeyError, ValueError):
        pass
    return {field.name: _feature(field.type) for field in schema}


def _feature(kind: Any) -> dict[str, Any]:
    import pyarrow as pa

    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return {"feature": _feature(kind.value_type), "_type": "List"}
    if pa.types.is_struct(kind):
        return {field.name: _feature(field.type) for field in kind}
    name = {"double": "float64", "float": "float32", "halffloat": "float16"}.get(str(kind), str(kind))
    return {"dtype": name, "_type": "Value"}


def _plain(value: Any):
    """Convert a value for JSON."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        return base64.b64encode(value[: CELL_CHARACTERS + 1]).decode()
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | str) else str(value)


if __name__ == "__main__":
    main()
