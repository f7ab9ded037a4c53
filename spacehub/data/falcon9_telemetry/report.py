"""Compute the numbers on the dataset's card: about the tables, and the source's defects."""

from collections.abc import Mapping

import pandas as pd

from spacehub.data.columns import described
from spacehub.data.falcon9_telemetry.table import COLUMNS, EVENTS, FIRST, FLAGS, SECOND
from spacehub.lab.telemetry import webcasts


def describe(telemetry: pd.DataFrame, events: pd.DataFrame) -> dict:
    """Count the content of the tables: rows, launches, flags, and the times of the events."""
    return {
        "rows": len(telemetry),
        "launches": [
            {"launch": row.launch, "followed": row.followed, "seconds": int(row.seconds)}
            for row in events.itertuples()
        ],
        "followed": {stage: int((events["followed"] == stage).sum()) for stage in (FIRST, SECOND)},
        "events": [_event(event, meaning, events[event].dropna()) for event, meaning in EVENTS.items()],
        "flags": {
            flag: {"meaning": meaning, **_touched(telemetry, _has(telemetry, flag))}
            for flag, meaning in FLAGS.items()
        },
        "columns": described(COLUMNS, telemetry),
    }


def _event(event: str, meaning: str, seconds: pd.Series) -> dict:
    known = len(seconds) > 0
    return {
        "event": event,
        "meaning": meaning,
        "launches": len(seconds),
        "first_s": int(seconds.min()) if known else None,
        "median_s": float(seconds.median()) if known else None,
        "last_s": int(seconds.max()) if known else None,
    }


def _has(telemetry: pd.DataFrame, flag: str) -> pd.Series:
    return telemetry["flags"].map(lambda flags: flag in flags)


def _touched(telemetry: pd.DataFrame, rows: pd.Series) -> dict:
    return {"rows": int(rows.sum()), "launches": int(telemetry.loc[rows, "launch"].nunique())}


def describe_traps(
    raw: Mapping[str, tuple[dict, dict]], telemetry: pd.DataFrame, events: pd.DataFrame
) -> list[dict]:
    """Report each known defect of the source, how it was handled, and how many items it affected."""
    other = [launch for launch in raw if not webcasts.is_falcon_9(launch)]
    dates = events[list(EVENTS)]
    never = [event for event in EVENTS if dates[event].isna().all()]
    late = dates.gt(events["seconds"] - 1, axis=0).fillna(False)
    second = events["followed"] == SECOND
    up, speed = telemetry["velocity_vertical_m_s"], telemetry["velocity_m_s"]
    flagged = {flag: _touched(telemetry, _has(telemetry, flag)) for flag in FLAGS}
    before = {
        "moving_at_start": "The rocket is already moving when the record begins, so the clock starts a few "
        "seconds too late",
        "velocity_spike": "The speed has a spike soon after liftoff",
        "velocity_straight": "The speed changes linearly with time, as in a coast phase or in a gap that the source "
        "interpolated",
        "components_disagree": "The speed computed from the horizontal and vertical velocities differs from the "
        "stated speed by more than 5 m/s",
        "altitude_held": "The altitude does not change for 10 s or more, because the reading is frozen or the "
        "stage is in level flight in orbit",
        "altitude_jump": "The change in altitude within one second differs by more than 200 m from the change that the "
        "vertical speed implies",
        "angle_unset": "In the first 10 s after liftoff, the source gives a flight-path angle of less than 85°, "
        "although the rocket is vertical. Therefore, the acceleration is also wrong",
    }
    return [
        _trap(
            "other_rocket",
            f"The source contains a launch of another rocket ({', '.join(other) or 'none'})",
            "dropped",
            len(other),
            "launches",
        ),
        _trap(
            "first_stage_followed",
            "After main engine cut-off, the record tracks the returning first stage instead of the second stage",
            "The record is kept. The `tracked` column says which rocket stage each row describes",
            int((~second).sum()),
            "launches",
        ),
        _trap(
            "event_missing",
            "The time of an event is missing, because the event did not happen, was not shown or belongs to the other "
            "stage",
            "The time is null",
            int(dates.isna().sum().sum()),
            "events",
        ),
        _trap(
            "event_never",
            f"Some kinds of event have no recorded time in any launch ({', '.join(never) or 'none'})",
            "The column is kept, and all of its values are null",
            len(never),
            "kinds of event",
        ),
        _trap(
            "event_after_the_end",
            "The time of an event is later than the last second of the record",
            "The time is kept",
            int(late.to_numpy().sum()),
            "events",
        ),
        _trap(
            "ends_before_orbit",
            "The record tracks the second stage and ends before second-stage engine cut-off (SECO)",
            "`seco1` is null",
            int((second & events["seco1"].isna()).sum()),
            "launches",
        ),
        _trap(
            "ends_before_landing",
            "The record tracks the first stage and ends before the landing burn ends",
            "`landing_end` is null",
            int((~second & events["landing_end"].isna()).sum()),
            "launches",
        ),
        *(
            _trap(
                flag,
                what,
                f"The rows are kept and flagged as `{flag}` (in {flagged[flag]['launches']} "
                f"{'launch' if flagged[flag]['launches'] == 1 else 'launches'})",
                flagged[flag]["rows"],
            )
            for flag, what in before.items()
        ),
        _trap(
            "climbs_faster_than_it_flies",
            "The vertical speed exceeds the total speed by more than 1 m/s",
            "The row is kept",
            int((up.abs() > speed + 1).sum()),
        ),
        _trap(
            "downrange_negative",
            "The downrange distance is negative, because of rounding at the pad or because the first stage lands "
            "behind the pad",
            "The row is kept",
            int((telemetry["downrange_km"] < 0).sum()),
        ),
    ]


def _trap(name: str, what: str, handling: str, count: int, unit: str = "rows") -> dict:
    return {"name": name, "what": what, "handling": handling, "count": count, "unit": unit}
