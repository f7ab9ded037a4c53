"""Orbits against SciPy's DOP853, Kepler's laws, textbook transfers, and what gravity conserves."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from spacehub.errors import SpaceHubError
from spacehub.lab import adaptive, gravity, kepler, lagrange, planets
from spacehub.lab.constants import (
    EARTH_RADIUS,
    GM_EARTH,
    JULIAN_YEAR,
    MOON_DISTANCE,
    MOON_RADIUS,
    SUN_RADIUS,
    semi_major_axis,
)
from spacehub.lab.integrators import METHODS

NARROW = kepler.Orbit(
    name="test", axis=1e7, eccentricity=0.1, gm=GM_EARTH, radius=EARTH_RADIUS, about="Earth"
)
ORDERS = {"Euler": 1, "leapfrog": 2, "RK4": 4}


def follow(orbit: kepler.Orbit, method: str, steps: int, turns: float = 1) -> gravity.Trajectory:
    step = turns * orbit.period / steps
    return gravity.follow(gravity.central, orbit.gm, *orbit.start(), step=step, steps=steps, method=method)


def dop853(acceleration, x: np.ndarray, v: np.ndarray, time: float) -> tuple[np.ndarray, np.ndarray]:
    """Follow the same law by SciPy, on real numbers."""

    def slope(_, state):
        half = len(state) // 2
        return np.concatenate([state[half:], acceleration(state[:half])])

    found = solve_ivp(slope, (0, time), np.concatenate([x, v]), method="DOP853", rtol=1e-13, atol=1e-9)
    return np.split(found.y[:, -1], 2)


@pytest.mark.parametrize(("name", "turns"), [("ISS", 3), ("Molniya", 0.9), ("Moon", 2), ("Halley", 0.4)])
def test_the_closed_form_and_rk4_agree_with_dop853(name, turns):
    orbit = kepler.ORBITS[name]
    x, v = orbit.start()
    time = turns * orbit.period

    def law(x):
        return -orbit.gm * x / np.linalg.norm(x) ** 3

    theirs = dop853(law, np.array([x.real, x.imag]), np.array([v.real, v.imag]), time)[0]
    theirs = complex(*theirs)
    assert abs(kepler.place(orbit, time) - theirs) / abs(theirs) < 1e-8
    if name == "ISS":
        ours = follow(orbit, "RK4", 12_000, turns).position[-1]
        assert abs(ours - theirs) / abs(theirs) < 1e-8


def test_ten_bodies_agree_with_dop853():
    gm, x, v = planets.at_j2000()

    def law(x):
        x = x.reshape(3, -1)
        apart = x[:, None, :] - x[:, :, None]
        cube = (apart**2).sum(axis=0) ** 1.5 + np.eye(len(gm))
        return (apart * (gm / cube)).sum(axis=2).ravel()

    step, steps = 0.05 * 86_400, 2000
    theirs = dop853(law, x.ravel(), v.ravel(), step * steps)[0].reshape(3, -1)
    ours = gravity.follow(gravity.mutual, gm, x, v, step=step, steps=steps, method="RK4").position[-1]
    error = np.linalg.norm(ours - theirs, axis=0) / np.linalg.norm(theirs, axis=0)
    assert error.max() < 1e-8


@pytest.mark.parametrize("method", METHODS)
def test_halving_the_step_gains_what_the_order_says(method):
    orbit = NARROW
    steps = 20_000 if method == "Euler" else 400
    errors = [abs(follow(orbit, method, n).position[-1] - orbit.start()[0]) for n in (steps, 2 * steps)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(ORDERS[method], abs=0.15)


@pytest.mark.parametrize("orbit", kepler.ORBITS.values(), ids=lambda orbit: orbit.name)
def test_keplers_laws(orbit):
    time = np.linspace(0, orbit.period, 5001)
    place = kepler.place(orbit, time)
    # First: an ellipse with one focus at the body and the other at -2ae.
    far = np.abs(place) + np.abs(place + 2 * orbit.axis * orbit.eccentricity)
    assert np.ptp(far) / orbit.axis < 1e-12
    # Second: a fourth of the period sweeps a fourth of the area, from wherever it starts.
    swept = (place[:-1].conj() * place[1:]).imag / 2
    whole = np.pi * orbit.axis**2 * np.sqrt(1 - orbit.eccentricity**2)
    for start in 0, 700, 3100:
        assert swept[start : start + 1250].sum() == pytest.approx(whole / 4, rel=1e-3)
    # Third.
    assert orbit.period**2 * orbit.gm == pytest.approx(4 * np.pi**2 * orbit.axis**3)
    assert semi_major_axis(orbit.period, orbit.gm) == pytest.approx(orbit.axis)


def test_periods_that_anybody_can_look_up():
    assert kepler.ORBITS["Geostationary"].axis == pytest.approx(42_164.2e3, rel=1e-5)
    assert kepler.ORBITS["ISS"].period / 60 == pytest.approx(92.9, abs=0.2)
    assert kepler.ORBITS["Moon"].period / 86_400 == pytest.approx(27.28, abs=0.05)
    assert kepler.ORBITS["Halley"].period / JULIAN_YEAR == pytest.approx(75.3, abs=0.1)


@pytest.mark.parametrize("name", ["ISS", "Molniya"])
def test_speeds_are_those_of_vis_viva_and_angular_momentum_is_kept(name):
    orbit = kepler.ORBITS[name]
    motion = follow(orbit, "RK4", 4000)
    expected = [orbit.speed(distance) for distance in np.abs(motion.position)]
    np.testing.assert_allclose(np.abs(motion.velocity), expected, rtol=1e-6)
    assert np.abs(gravity.drift(gravity.specific_energy(orbit.gm, motion))).max() < 1e-6
    kept = gravity.drift(gravity.specific_angular_momentum(follow(orbit, "leapfrog", 400)))
    assert np.abs(kept).max() < 1e-13


def test_leapfrogs_energy_comes_back_and_eulers_does_not():
    energy = {
        method: gravity.specific_energy(NARROW.gm, follow(NARROW, method, 2000, 20)) for method in METHODS
    }
    drift = np.abs(gravity.drift(energy["leapfrog"]))
    assert drift[1000:].max() < 1.2 * drift[:1000].max() < 1e-2
    assert np.all(np.diff(energy["Euler"]) > 0)


def test_ten_bodies_keep_energy_and_angular_momentum_and_their_centre():
    gm, x, v = planets.at_j2000()
    motion = gravity.follow(gravity.mutual, gm, x, v, step=2 * 86_400, steps=3000, method="leapfrog")
    assert np.abs(gravity.drift(gravity.total_energy(gm, motion))).max() < 2e-5
    assert np.abs(gravity.drift(gravity.total_angular_momentum(gm, motion))).max() < 1e-12
    centre = motion.position @ gm / gm.sum()
    assert np.abs(centre).max() < 1
    # The Sun swings by up to about two of its radii.
    assert 1.5 < np.linalg.norm(motion.position[:, :, 0], axis=1).max() / SUN_RADIUS < 2.5


@pytest.mark.parametrize(
    ("low", "high", "burns", "minutes"),
    [
        # Vallado, Fundamentals of Astrodynamics, example 6-1: to geosynchronous orbit.
        (191.34411, 35_781.34857, (2457.038, 1478.187), 315.403),
        (35_781.34857, 191.34411, (1478.187, 2457.038), 315.403),
    ],
)
def test_hohmann_transfers_of_the_textbook(low, high, burns, minutes):
    transfer = kepler.hohmann(low * 1e3, high * 1e3)
    assert (transfer.first_burn, transfer.second_burn) == pytest.approx(burns, rel=2e-5)
    assert transfer.time / 60 == pytest.approx(minutes, rel=2e-5)
    assert transfer.delta_v == pytest.approx(3935.224, rel=2e-5)


@pytest.mark.parametrize("point", lagrange.POINTS)
def test_nothing_pulls_at_a_lagrange_point(point):
    place = lagrange.points(lagrange.EARTH_MOON)[point]
    assert abs(lagrange.acceleration(place, 0, lagrange.EARTH_MOON)) < 1e-14


def test_craft_stay_at_l4_and_l5_and_leave_the_others():
    mu = lagrange.EARTH_MOON
    assert mu < lagrange.ROUTH
    for point, place in lagrange.points(mu).items():
        away = np.abs(lagrange.release(point, offset=1e-4, turns=6).position - place)
        assert (away.max() < 1e-2) == (point in ("L4", "L5")), point


def dop853_craft(z: complex, turns: float) -> tuple[complex, float]:
    """Follow one craft by SciPy at 1e-12; return where it is at the end, and when it hit the Earth or the Moon."""
    mu = lagrange.EARTH_MOON

    def slope(_, state):
        (x, y, u, w), heavy, light = (
            state,
            np.hypot(state[0] + mu, state[1]),
            np.hypot(state[0] - 1 + mu, state[1]),
        )
        return [
            u,
            w,
            x + 2 * w - (1 - mu) * (x + mu) / heavy**3 - mu * (x - 1 + mu) / light**3,
            y - 2 * u - (1 - mu) * y / heavy**3 - mu * y / light**3,
        ]

    def surface(centre, radius):
        def event(_, state):
            return np.hypot(state[0] - centre, state[1]) - radius / MOON_DISTANCE

        event.terminal = True
        return event

    hits = surface(-mu, EARTH_RADIUS), surface(1 - mu, MOON_RADIUS)
    span, start = (0, 2 * np.pi * turns), [z.real, z.imag, 0, 0]
    found = solve_ivp(slope, span, start, method="DOP853", rtol=1e-12, atol=1e-12, events=hits)
    return complex(*found.y[:2, -1]), found.t[-1] if found.status == 1 else np.inf


@pytest.mark.parametrize(
    ("point", "stayed", "median", "farthest", "hit"),
    # By DOP853 at 1e-12 for all twelve.
    [("L1", 5, 99_120, 610_616, 1), ("L2", 1, 816_718, 1_293_797, 1), ("L4", 12, 21_412, 33_457, 0)],
)
def test_released_craft_agree_with_dop853(point, stayed, median, farthest, hit):
    released = lagrange.release(point, offset=2e6 / MOON_DISTANCE, turns=6, craft=12)
    place = lagrange.points(lagrange.EARTH_MOON)[point]
    away = np.abs(released.position[-1] - place) * MOON_DISTANCE / 1e3
    assert (away <= MOON_DISTANCE / 4e3).sum() == stayed
    assert (np.median(away), away.max()) == pytest.approx((median, farthest), abs=1)
    assert np.isfinite(released.impact).sum() == hit
    assert released.jacobi_drift < 1e-7
    for craft in range(0, 12, 3):
        end, impact = dop853_craft(released.position[0, craft], 6)
        assert released.position[-1, craft] == pytest.approx(end, abs=1e-5)
        assert released.impact[craft] == pytest.approx(impact, abs=1e-6)


def test_a_craft_that_hits_a_surface_stops_there():
    released = lagrange.release("L2", offset=0.1, turns=1, craft=12)
    hit = np.isfinite(released.impact)
    distance = np.abs(released.position[-1, hit] - (1 - lagrange.EARTH_MOON)) * MOON_DISTANCE
    assert hit.sum() == 4
    assert distance == pytest.approx(np.full(4, MOON_RADIUS), abs=1)
    assert distance.min() > MOON_RADIUS - 1


BODIES = (np.ones(2), np.array([[0.0, 1], [0, 0], [0, 0]]), np.zeros((3, 2)))


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda: gravity.follow(gravity.central, 0, 1, 1j, step=1, steps=1, method="RK4"), "no mass"),
        (
            lambda: gravity.follow(gravity.central, 1, 0, 1j, step=1, steps=1, method="RK4"),
            "in the same place",
        ),
        (
            lambda: gravity.follow(gravity.central, 1, 1, 1j, step=0, steps=1, method="RK4"),
            "step size above 0",
        ),
        (lambda: gravity.follow(gravity.central, 1, 1, 1j, step=1, steps=10**9, method="RK4"), "200,000"),
        (lambda: gravity.follow(gravity.central, 1, 1, 1j, step=1, steps=1, method="Verlet"), "leapfrog"),
        (
            lambda: gravity.follow(
                gravity.mutual, np.array([1.0, 0]), *BODIES[1:], step=1, steps=1, method="RK4"
            ),
            "Body 2 has no mass",
        ),
        (
            lambda: gravity.follow(
                gravity.mutual, BODIES[0], 0 * BODIES[1], BODIES[2], step=1, steps=1, method="RK4"
            ),
            "Bodies 1 and 2 are in the same place",
        ),
        # Head on, and at the same place in the middle of a step.
        (
            lambda: gravity.follow(
                gravity.mutual, 4 * BODIES[0], 2 * BODIES[1], BODIES[2], step=1, steps=4, method="Euler"
            ),
            "Choose a smaller step size",
        ),
        (lambda: kepler.hohmann(-1, 1e6), "Choose altitudes"),
        (lambda: kepler.hohmann(1e6, 1e6), "same altitude"),
        (lambda: kepler.hohmann(1e6, float("nan")), "Choose altitudes"),
        (lambda: lagrange.release("L6", offset=0.01, turns=1), "L1, L2"),
        (lambda: lagrange.release("L1", offset=0, turns=1), "out of range"),
    ],
)
def test_what_cannot_be_is_a_sentence(attempt, words):
    with pytest.raises(SpaceHubError, match=words):
        attempt()


def test_a_motion_that_needs_too_many_steps_is_a_sentence(monkeypatch):
    monkeypatch.setattr(adaptive, "MAX_ROUNDS", 500)
    circle = np.ones(1, complex), np.zeros(1, complex), np.array([0.0, 1e3])
    with pytest.raises(SpaceHubError, match=r"1 of 1 bodies need more than 500 integration steps\."):
        adaptive.follow(lambda z, v: -z, *circle, tolerance=1e-10)
