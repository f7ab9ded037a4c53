"""Define the findings of a verification: a claim holds, does not hold, or cannot be checked here."""

import fnmatch
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

OK, FAILED, UNVERIFIED = "ok", "FAIL", "not verified"
TOLERANCE = 1e-6
# If a section has more wrong values than this, only these first values are listed, and the rest are counted.
LISTED = 8
RETRAIN = "only retraining can check the values; add --retrain"
OF_THE_RUN = "only the training run knows the values"
OF_VISITORS = "the values depend on visitors' feedback, which is in a dataset of the app's operator"
# Values that only the training machine could know.
PROVENANCE = dict.fromkeys(
    [
        "created",
        "command",
        "versions",
        "hardware",
        "wall_time_s",
        "training_time_s",
        "emissions",
        "processes",
        "threads",
        "jobs",
    ],
    OF_THE_RUN,
)


@dataclass(frozen=True)
class Finding:
    """One claim (`name`), its `state`, what was compared (`detail`), and the command that fixes a failure."""

    name: str
    state: str
    detail: str = ""
    fix: str | None = None


@dataclass(frozen=True)
class Unproven:
    """A placeholder for a value that is not recomputed; `reason` says why."""

    reason: str


@dataclass(frozen=True)
class OutOfFold:
    """A recomputed `value` that rests on published out-of-fold answers: only a difference proves something."""

    value: object
    reason: str = RETRAIN


def unwrapped(values: Mapping) -> dict:
    """Return the recomputed values of `found`, by key, without placeholders."""
    plain = {key: value.value if isinstance(value, OutOfFold) else value for key, value in values.items()}
    return {key: value for key, value in plain.items() if not isinstance(value, Unproven)}


def agree(name: str, stated, found, *, tolerance: float = TOLERANCE, fix: str | None = None) -> Finding:
    """Compare one value, numbers within `tolerance` and anything else exactly."""
    if _same(stated, found, tolerance):
        return Finding(name, OK, show(stated, found)[0])
    stated_text, other = show(stated, found)
    return Finding(name, FAILED, f"stated {stated_text}, expected {other}", fix)


def close(name: str, stated: np.ndarray, found: np.ndarray, *, tolerance: float) -> Finding:
    """Compare two arrays of numbers of the same shape."""
    stated, found = np.asarray(stated, float), np.asarray(found, float)
    if stated.shape != found.shape:
        return Finding(
            name,
            FAILED,
            f"the stated values have the shape {stated.shape}, the recomputed values {found.shape}",
        )
    gap = float(np.abs(stated - found).max(initial=0))
    if not gap <= tolerance:
        return Finding(name, FAILED, f"the values differ by up to {gap:.3g}; the limit is {tolerance:g}")
    return Finding(name, OK, f"{stated.size:,} values, largest difference {gap:.2g}")


def compare(
    stated: Mapping, found: Mapping, *, tolerances: Mapping[str, float] | None = None
) -> Iterator[Finding]:
    """Compare ``results.json``, as `stated`, with the recomputed values, section by section.

    Every value of `stated` needs a counterpart in `found`: a value without a check is a failure, so
    that nothing on a card is left out. `tolerances` are absolute, by a pattern of the value's path
    (``onnx.*.max_*``).
    """
    for key in [*stated, *(key for key in found if key not in stated)]:
        yield from _section(key, stated, found, tolerances or {})


def _section(key: str, stated: Mapping, found: Mapping, tolerances: Mapping[str, float]) -> Iterator[Finding]:
    state, reasons, count, wrong = OK, [], 0, []
    for path, stated_value, other in _pairs(key, stated.get(key, _Missing), found.get(key, _Missing)):
        if isinstance(other, Unproven):
            reasons.append(other.reason)
            continue
        count += 1
        if isinstance(other, OutOfFold):
            reasons.append(other.reason)
            other, state = other.value, UNVERIFIED
        allowed = next((t for glob, t in tolerances.items() if fnmatch.fnmatch(path, glob)), TOLERANCE)
        if not _same(stated_value, other, allowed):
            wrong.append(Finding(path, FAILED, _difference(stated_value, other)))
    if wrong:
        yield from wrong[:LISTED]
        if len(wrong) > LISTED:
            yield Finding(key, FAILED, f"more wrong values: {len(wrong) - LISTED}")
        return
    if count and state == OK:
        yield Finding(key, OK, f"{count} {'value' if count == 1 else 'values'}")
    for reason in dict.fromkeys(reasons):
        yield Finding(key, UNVERIFIED, reason)


class _Missing:
    """A placeholder for a value that one side lacks."""


def _pairs(path: str, stated, found, *, reason: str | None = None) -> Iterator[tuple[str, object, object]]:
    """Yield every value of the two trees by its path; values that rest on out-of-fold answers stay wrapped."""
    if isinstance(found, OutOfFold):
        found, reason = found.value, found.reason
    if isinstance(stated, Mapping) and isinstance(found, Mapping):
        for key in [*stated, *(key for key in found if key not in stated)]:
            stated_part, other = stated.get(key, _Missing), found.get(key, _Missing)
            yield from _pairs(f"{path}.{key}", stated_part, other, reason=reason)
    elif isinstance(stated, list) and isinstance(found, list | tuple) and len(stated) == len(found):
        for place, (stated_part, other) in enumerate(zip(stated, found, strict=True)):
            named = (
                stated_part.get("key") or stated_part.get("name")
                if isinstance(stated_part, Mapping)
                else None
            )
            yield from _pairs(f"{path}.{named or place}", stated_part, other, reason=reason)
    else:
        yield path, stated, OutOfFold(found, reason) if reason and not isinstance(found, Unproven) else found


def _same(stated, found, tolerance: float) -> bool:
    if isinstance(stated, bool | str) or isinstance(found, bool | str):
        return type(stated) is type(found) and stated == found
    if isinstance(stated, int | float) and isinstance(found, int | float | np.number):
        return abs(stated - found) <= tolerance
    return stated == found


def _difference(stated, found) -> str:
    if found is _Missing:
        return f"stated {show(stated, stated)[0]}, but there is no check for this value"
    if stated is _Missing:
        return f"missing; expected {show(found, found)[0]}"
    stated_text, other = show(stated, found)
    return f"stated {stated_text}, expected {other}"


def show(stated, found) -> tuple[str, str]:
    """Write two values as the card does, with as many decimals as needed to distinguish them."""
    if isinstance(stated, float | np.floating) or isinstance(found, float | np.floating):
        try:
            for digits in range(3, 10):
                texts = f"{stated:,.{digits}f}", f"{found:,.{digits}f}"
                if texts[0] != texts[1] or stated == found:
                    break
            return texts
        except (TypeError, ValueError):
            pass
    return _short(stated), _short(found)


def _short(value) -> str:
    text = f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"


def pictures(
    folder: Path, redrawn: Path, *, same_version: bool, resting: Mapping[str, str] | None = None
) -> Iterator[Finding]:
    """Compare the figures of `folder` with those redrawn into `redrawn`, pixel by pixel.

    `resting` names the figures whose data were published but not recomputed, and the reason. Such a
    figure is not verified even if it agrees with its data.

    `same_version` says whether this version of matplotlib drew the figures. Another version may place text
    differently, so a difference proves nothing.
    """
    for name in sorted({path.name for place in (folder, redrawn) for path in place.glob("*.png")}):
        label = f"figures/{name}"
        if not (redrawn / name).exists():
            yield Finding(label, FAILED, "the results have no data for this figure")
        elif not (folder / name).exists():
            yield Finding(label, FAILED, "missing")
        elif (share := _different_pixels(folder / name, redrawn / name)) <= 0.002:
            if reason := (resting or {}).get(name):
                yield Finding(label, UNVERIFIED, f"the figure agrees with its data, but {reason}")
            else:
                yield Finding(label, OK, "the figure does not change when it is redrawn from recomputed data")
        elif same_version:
            yield Finding(
                label,
                FAILED,
                f"{100 * share:.0f} % of the pixels differ when the figure is redrawn from its data",
            )
        else:
            yield Finding(
                label, UNVERIFIED, "the figure looks different, but another version of matplotlib drew it"
            )


def _different_pixels(published: Path, other: Path) -> float:
    from PIL import Image

    if published.read_bytes() == other.read_bytes():
        return 0.0
    try:
        with Image.open(published) as first, Image.open(other) as second:
            if first.size != second.size:
                return 1.0
            apart = np.abs(
                np.asarray(first.convert("RGB"), np.int16) - np.asarray(second.convert("RGB"), np.int16)
            )
    except (OSError, ValueError, Image.DecompressionBombError):
        return 1.0
    return float((apart.max(axis=2) > 24).mean())


def same_drawing_library(results: Mapping) -> bool:
    """Return whether the installed matplotlib is the version that the results name."""
    from importlib.metadata import version

    return results.get("versions", {}).get("matplotlib") == version("matplotlib")
