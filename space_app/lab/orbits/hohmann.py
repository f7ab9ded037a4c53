"""Experiment: a Hohmann transfer between two circular orbits."""

import math
from typing import Annotated, TypedDict

from space_app.lab.frame import Bench, View
from space_app.lab.orbits import figures
from space_app.lab.quantities import duration
from space_app.parameters import Number
from spacehub.lab import kepler
from spacehub.lab.constants import GM_EARTH


class HohmannTransfer(TypedDict):
    """A transfer between two circular orbits: both burns, their sum, and the time between them."""

    first_burn_m_s: float
    second_burn_m_s: float
    delta_v_m_s: float
    time_s: float


def lab_hohmann(
    from_altitude_km: Annotated[float, Number(150, 2_000, step=10, label="From altitude", unit="km")] = 300,
    to_altitude_km: Annotated[
        float,
        Number(
            150,
            60_000,
            step=2,
            label="To altitude",
            unit="km",
            help="The altitude of the geostationary orbit is 35,786 km.",
        ),
    ] = 35_786,
) -> HohmannTransfer:
    """Compute the cost of a Hohmann transfer between two circular Earth orbits.

    Returns
    -------
    HohmannTransfer
        The two burns and their sum in m/s, and the time between them in s.
    """
    transfer = kepler.hohmann(from_altitude_km * 1e3, to_altitude_km * 1e3)
    return HohmannTransfer(
        first_burn_m_s=transfer.first_burn,
        second_burn_m_s=transfer.second_burn,
        delta_v_m_s=transfer.delta_v,
        time_s=transfer.time,
    )


def view(from_altitude_km: float, to_altitude_km: float) -> View:
    """Show the path between the two circular orbits and the cost of the transfer."""
    transfer = kepler.hohmann(from_altitude_km * 1e3, to_altitude_km * 1e3)
    return View(
        figures=[figures.transfer_path(transfer)],
        numbers={
            "First burn": f"{transfer.first_burn:,.1f} m/s",
            "Second burn": f"{transfer.second_burn:,.1f} m/s",
            "Both burns (delta-v)": f"{transfer.delta_v:,.1f} m/s",
            "Time between the burns": duration(transfer.time),
            "Speed in the initial orbit": f"{math.sqrt(GM_EARTH / transfer.start_radius):,.1f} m/s",
            "Speed in the target orbit": f"{math.sqrt(GM_EARTH / transfer.end_radius):,.1f} m/s",
        },
        answer=f"The transfer from {from_altitude_km:,.0f} km to {to_altitude_km:,.0f} km needs a delta-v of "
        f"{transfer.delta_v / 1e3:.3f} km/s in two burns, {duration(transfer.time)} apart.",
        source=kepler.hohmann,
    )


BENCH = Bench(
    key="hohmann",
    question="What does it cost to climb from one circular orbit to another?",
    words="To climb, the spacecraft makes two prograde burns, that is, burns in its direction of flight. The first burn "
    "stretches the circle into an ellipse that touches the target orbit. The second burn turns the ellipse into the "
    "circular target orbit.",
    endpoint=lab_hohmann,
    view=view,
)
