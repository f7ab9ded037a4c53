"""Generate the sample for machines without a source: invented ascents, with the source's kinds of defects."""

import numpy as np

from spacehub.data.falcon9_telemetry.table import EVENTS, SOURCE_NAMES

LAUNCHES, BACK = 15, 4
G = 9.80665
# Invented, but close to real values: for each stage, the acceleration at liftoff and the time until all
# fuel would be burned; the air's density at the ground, and the height over which it falls to 1 / e.
THRUST, BURN, SECOND_THRUST, SECOND_BURN = 12.9, 238.0, 8.2, 520.0
DENSITY, SCALE_HEIGHT_KM = 1.225, 8.5
ORBIT_M_S, COAST = 7500.0, 11


def raw(seed: int) -> dict[str, tuple[dict, dict]]:
    """Generate telemetry and events of launches in the source's form, including one of another rocket and defects."""
    rng = np.random.default_rng(seed)
    names = [f"Simulated {number:02d}" for number in range(1, LAUNCHES + 1)]
    launches = {name: _launch(rng, place < BACK) for place, name in enumerate(names)}
    _spoil([launches[name] for name in names])
    return launches | {"Simulated Falcon Heavy": _launch(rng, False)}


def _launch(rng: np.random.Generator, back: bool) -> tuple[dict, dict]:
    dates = dict.fromkeys(EVENTS)
    down, up, meco = (int(rng.integers(*span)) for span in ((47, 54), (60, 72), (142, 166)))
    thrust, turn = THRUST * rng.normal(1, 0.015), rng.normal(130, 8)
    across, height, angle, speed, climb = [0.0], [0.0], [90.0], [0.0], 90.0
    for second in range(1, meco + 1):
        push = thrust / (1 - second / BURN) * (0.85 if down <= second < up else 1.0)
        climb = 90.0 if second < 15 else 90 * np.exp(-(second - 15) / turn)
        speed.append(speed[-1] + push - G * np.sin(np.radians(climb)))
        angle.append(climb)
    for v, path in zip(speed[1:], np.radians(angle[1:]), strict=True):
        across.append(across[-1] + v * np.cos(path))
        height.append(height[-1] + v * np.sin(path))
    dates |= {"throttle_down_start": down, "throttle_down_end": up, "meco": meco}
    x, y = speed[-1] * np.cos(np.radians(climb)), speed[-1] * np.sin(np.radians(climb))
    after = (_back if back else _on)(x, y, meco, dates)
    x, y = (
        np.concatenate([np.array(speed) * turn(np.radians(angle)), part])
        for turn, part in zip((np.cos, np.sin), after, strict=True)
    )
    return _read_off(rng, x, y, dates), dates


def _on(x: float, y: float, meco: int, dates: dict) -> tuple[np.ndarray, np.ndarray]:
    """Fly the second stage until it is fast enough, and ten seconds more; return the components of its speed."""
    xs, ys, burned = [], [], 0
    dates["ses1"] = meco + COAST
    while dates["seco1"] is None or len(xs) < dates["seco1"] - meco + 10:
        if len(xs) >= COAST and dates["seco1"] is None:
            burned += 1
            x += SECOND_THRUST / (1 - burned / SECOND_BURN)
            if x > ORBIT_M_S:
                dates["seco1"] = meco + len(xs) + 1
        y *= 0.99
        xs.append(x)
        ys.append(y)
    return np.array(xs), np.array(ys)


def _back(x: float, y: float, meco: int, dates: dict) -> tuple[np.ndarray, np.ndarray]:
    """Fly the first stage back to the ground, with burns at realistic times; return the components of its speed."""
    xs, ys, height = [], [], y * meco / 2.6
    while height > 0:
        second = meco + len(xs) + 1
        if second >= meco + 17 and x > -300 and y > 0:
            dates["boostback_start"] = dates["boostback_start"] or second
            dates["boostback_end"] = second + 1
            x -= 35
        slow = height < 55_000 and y < 0
        y = max(y - G, -(80 + height / 60)) if slow else y - G
        if y < 0 and dates["apogee"] is None:
            dates["apogee"] = second
        if slow and dates["entry_start"] is None:
            dates |= {"entry_start": second, "entry_end": second + 16}
        if height < 3000 and dates["landing_start"] is None:
            dates["landing_start"] = second
        x = x * 0.97 if slow else x
        height += y
        xs.append(x)
        ys.append(y)
    dates["landing_end"] = meco + len(xs)
    return np.array(xs), np.array(ys)


def _read_off(rng: np.random.Generator, x: np.ndarray, y: np.ndarray, dates: dict) -> dict:
    """Derive the source's columns from the components of the speed, with noise in the last digits."""
    speed = np.abs(np.hypot(x, y) + rng.normal(0, 0.3, len(x)))
    speed[0] = 0.0
    height = np.maximum(np.cumsum(y) - y / 2, 0) / 1000
    path = np.arctan2(y, x)
    dynamic = DENSITY * np.exp(-height / SCALE_HEIGHT_KM) * speed**2 / 2
    dates["maxq"] = int(dynamic[: dates["meco"]].argmax())
    values = {
        "velocity_m_s": speed,
        "velocity_horizontal_m_s": x,
        "velocity_vertical_m_s": y,
        "altitude_km": height,
        "downrange_km": np.cumsum(x) / 1000,
        "acceleration_m_s2": np.gradient(speed) + G * np.sin(path),
        "angle_deg": np.where(speed > 1, np.degrees(path), 90.0),
        "dynamic_pressure_pa": dynamic,
    }
    return {"time": np.arange(len(x), dtype=float).tolist()} | {
        SOURCE_NAMES[name]: np.round(column, 3).tolist() for name, column in values.items()
    }


def _spoil(launches: list[tuple[dict, dict]]) -> None:
    """Put one defect into each of the last launches, all of which follow the second stage."""
    late, spiked, straight, held, jumped, unset, apart, past = launches[-8:]
    for name in SOURCE_NAMES.values():
        late[0][name] = late[0][name][5:]
    late[0]["time"] = late[0]["time"][:-5]
    spiked[0]["velocity"][4] += 6
    first, last = straight[0]["velocity"][300], straight[0]["velocity"][310]
    straight[0]["velocity"][300:311] = np.linspace(first, last, 11).tolist()
    held[0]["altitude"][-25:] = [held[0]["altitude"][-25]] * 25
    jumped[0]["altitude"][330:] = [height + 1 for height in jumped[0]["altitude"][330:]]
    unset[0]["angle"][:5] = [0.0] * 5
    apart[0]["velocity_x"][200:220] = [speed + 40 for speed in apart[0]["velocity_x"][200:220]]
    past[1]["seco1"] = len(past[0]["time"]) + 5
