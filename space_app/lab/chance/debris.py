"""Experiment: the risk that debris hits a satellite."""

from typing import Annotated

from space_app.lab.chance import figures
from space_app.lab.chance.drawn import WIDE, Drawn, drawn
from space_app.lab.frame import Bench, View
from space_app.lab.quantities import share
from space_app.parameters import Choice, Number, Seed, integer
from spacehub.lab import chance


def lab_debris(
    size: Annotated[str, Choice(list(chance.DEBRIS), label="Debris larger than")] = "1 cm",
    area_m2: Annotated[
        float, Number(1, 1000, step=1, label="Area", unit="m²", help="The cross-section of the satellite.")
    ] = 10,
    years: Annotated[float, Number(1, 100, step=1, label="Years")] = 1,
    satellites: Annotated[int, integer(1000, 100_000, step=1000, label="Satellites flown")] = 20_000,
    seed: Seed = 1,
) -> Drawn:
    """Estimate the probability that debris in low Earth orbit hits a satellite.

    The flux is a rough estimate: ESA's 2013 counts of debris, spread evenly over altitudes from 200 to
    2,000 km, at a speed of 10 km/s.

    Returns
    -------
    Drawn
        The fraction of satellites that were hit, its standard error, and the probability by Poisson's formula.
    """
    flux = chance.debris_flux(size)
    _, estimate = chance.fly_satellites(flux, area_m2, years, satellites, seed=seed)
    return drawn(estimate, chance.chance_of_hit(flux, area_m2, years))


def view(size: str, area_m2: float, years: float, satellites: int, seed: int) -> View:
    """Show the growing fraction of satellites that have been hit, next to Poisson's formula."""
    flux = chance.debris_flux(size)
    waits, estimate = chance.fly_satellites(flux, area_m2, years, satellites, seed=seed)
    exact = chance.chance_of_hit(flux, area_m2, years)
    return View(
        figures=[figures.hits(waits, flux * area_m2, years)],
        numbers={
            f"Debris objects larger than {size} (ESA, 2013)": f"{chance.DEBRIS[size]:,}",
            "Impact speed (NASA)": f"{chance.IMPACT_SPEED / 1e3:g} km/s",
            "Mean flux at altitudes of 200 to 2,000 km": f"{flux:.2g} per m² per year",
            "Expected hits": f"{flux * area_m2 * years:.2g}",
            "Satellites hit": f"{estimate.value * estimate.n:,.0f} of {estimate.n:,}",
        },
        answer=f"The probability of a hit is {share(estimate.value)} ± {share(WIDE * estimate.error)} from {estimate.n:,} "
        f"simulated satellites, and {share(exact)} by Poisson's formula. The debris flux behind both "
        "probabilities is accurate only to an order of magnitude.",
        source=chance.fly_satellites,
    )


BENCH = Bench(
    key="debris",
    question="How likely is debris to hit a satellite?",
    words="Satellites fly through debris, which is modelled as a gas. The figure shows the time until each "
    "satellite is first hit.",
    endpoint=lab_debris,
    view=view,
)
