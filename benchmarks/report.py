"""Print the results of a benchmark as a table, and write them as JSON if requested."""

import json
from pathlib import Path


def row(name: str, ours: float, theirs: float, unit: str, n: int) -> dict:
    """Return one comparison: the medians of ours and theirs in the same unit, each from `n` measurements in one run."""
    return {"name": name, "ours": ours, "theirs": theirs, "unit": unit, "ratio": ours / theirs, "n": n}


def report(rows: list[dict], json_path: Path | str | None = None) -> None:
    """Print `rows` (name, ours, theirs, unit, ratio, n) as a table; write them to `json_path` if it is given."""
    width = max(len(item["name"]) for item in rows)
    print(f"{'':{width}}  {'ours':>10}  {'theirs':>10}  {'unit':<6}  {'ours/theirs':>11}  {'n':>5}")
    for item in rows:
        print(
            f"{item['name']:{width}}  {item['ours']:>10.4g}  {item['theirs']:>10.4g}  {item['unit']:<6}"
            f"  {item['ratio']:>11.2f}  {item['n']:>5}"
        )
    if json_path is not None:
        Path(json_path).write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
