"""Check the parts of a dataset's ``build.json`` that the Lab shows: the cleaning report, and what was measured on the data."""

from collections.abc import Mapping

from spacehub.lab.telemetry.detectors import DETECTORS
from spacehub.lab.telemetry.faults import FAULTS
from spacehub.serving.stated import is_number, listed, number, rows, text, whole

TRAP = ("name", "what", "handling", "count", "unit")
MOST_TRAPS, MOST_FLAGS, MOST_LAUNCHES, MOST_JUDGED, MOST_ONSETS = 100, 50, 10_000, 1_000, 100
LARGEST, LONGEST = 10**9, 2_000
SHOWN = ("velocity_straight", "altitude_held", "components_disagree")
ALARMED = ("alarmed", "alarmed_low", "alarmed_high", "by_chance")
RECALL = ("recall", "recall_low", "recall_high")
PRECISION = ("precision", "precision_low", "precision_high")
DELAY = ("delay_low_s", "delay_s", "delay_high_s")
CLEAN = ("detector", *ALARMED)
JUDGED = ("detector", "fault", "size", "unit", *RECALL, *PRECISION, *DELAY)


def check_traps(built: Mapping) -> None:
    """Check ``traps``, the defects of the source.

    Raises
    ------
    ValueError
        If a field does not have the published form; the error names it.
    """
    for place, trap in enumerate(rows(built.get("traps"), "traps", MOST_TRAPS, TRAP)):
        for name in ("name", "what", "handling", "unit"):
            text(trap[name], f"traps[{place}].{name}", LONGEST)
        whole(trap["count"], f"traps[{place}].count", 0, LARGEST)


def check_telemetry(built: Mapping) -> None:
    """Check what the Telemetry experiment shows besides the flights; raise as `check_traps`."""
    check_traps(built)
    whole(built.get("rows"), "rows", 1, LARGEST)
    listed(built.get("launches"), "launches", MOST_LAUNCHES)
    _check_flags(built.get("flags"))
    _check_judged(built.get("judged"))


def _check_flags(flags: object) -> None:
    if not isinstance(flags, dict) or len(flags) > MOST_FLAGS or not flags.keys() >= set(SHOWN):
        raise ValueError(f"`flags` is not an object with the keys {', '.join(SHOWN)}.")
    for name, counts in flags.items():
        text(name, "The name of a flag")
        for what in ("rows", "launches"):
            found = counts.get(what) if isinstance(counts, dict) else None
            whole(found, f"flags.{name}.{what}", 0, LARGEST)


def _check_judged(judged: object) -> None:
    if not isinstance(judged, dict):
        raise ValueError("`judged` is not an object.")
    for name in ("flights", "runs", "folds"):
        whole(judged.get(name), f"judged.{name}", 1, LARGEST)
    number(judged.get("false_alarms"), "judged.false_alarms", 0, 1)
    for onset in listed(judged.get("onsets_s"), "judged.onsets_s", MOST_ONSETS):
        whole(onset, "An entry of judged.onsets_s", 0, LARGEST)
    clean = rows(judged.get("clean"), "judged.clean", len(DETECTORS), CLEAN)
    for place, row in enumerate(clean):
        _check_shares(row, f"judged.clean[{place}]", ALARMED)
    if [row["detector"] for row in clean] != list(DETECTORS):
        raise ValueError(f"The field `judged.clean` must contain the detectors {', '.join(DETECTORS)}.")
    measured = rows(judged.get("rows"), "judged.rows", MOST_JUDGED, JUDGED)
    for place, row in enumerate(measured):
        _check_measured(row, f"judged.rows[{place}]")
    if {row["fault"] for row in measured} != set(FAULTS):
        raise ValueError(f"The field `judged.rows` must contain the faults {', '.join(FAULTS)}.")


def _check_measured(row: Mapping, name: str) -> None:
    if row["detector"] not in DETECTORS or row["fault"] not in list(FAULTS):
        raise ValueError(f"{name} contains an unknown detector or fault.")
    number(row["size"], f"{name}.size", 0, LARGEST)
    text(row["unit"], f"{name}.unit")
    _check_shares(row, name, RECALL)
    if not _absent(row, PRECISION):
        _check_shares(row, name, PRECISION)
    if row["recall"] or not _absent(row, DELAY):
        low, median, high = (number(row[key], f"{name}.{key}", 0, LARGEST) for key in DELAY)
        if not low <= median <= high:
            raise ValueError(f"In {name}, the delays must be in ascending order: {', '.join(DELAY)}.")


def _check_shares(row: Mapping, name: str, keys: tuple[str, ...]) -> None:
    for key in keys:
        if not is_number(row[key], 0, 1):
            raise ValueError(f"{name}.{key} is not a fraction from 0 to 1.")


def _absent(row: Mapping, names: tuple[str, ...]) -> bool:
    return all(row[name] is None for name in names)
