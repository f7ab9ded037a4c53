"""The endpoints of the experiment Regression."""

from collections.abc import Callable, Sequence
from typing import TypedDict

from space_app.lab.launches import KEY
from space_app.lab.provenance import Source, source
from space_app.watch import Watch
from spacehub.lab import regression_landing, regression_nebulae, regression_overfit, regression_payload
from spacehub.lab.regression import r_squared


class Line(TypedDict):
    """A line through Hubble's nebulae: its slope in km/s/Mpc after each step, and the one of the least loss."""

    slopes: list[float]
    losses: list[float]
    normal_equations: float
    least_loss: float
    rate: float
    bound: float
    diverged: bool


class Polynomial(TypedDict):
    """A polynomial through simulated measurements: its weights, its errors, mag, and the parts of the expected one."""

    weights: list[float]
    error: float
    error_on_new: float
    expected_on_new: float
    noise: float
    bias: float
    spread: float


class Chance(TypedDict):
    """The chance of a landing from one number of the launch, at the values asked for, and how it was learned."""

    chances: list[float]
    launches: int
    landed: int
    log_loss: float
    least_log_loss: float
    log_loss_of_share: float
    source: Source


class Payload(TypedDict):
    """The mass told for a flight, kg, and how far the fit is off on launches left out."""

    mass_kg: float
    error_kg: float
    error_of_mean_kg: float
    explained: float
    launches: int
    weights: dict[str, float]
    source: Source


def lab_nebulae(learning_rate: float = 0.3, steps: int = 40, standardised: bool = False) -> Line:
    """Learn Hubble's line of 1929, velocity against distance, by gradient descent.

    Parameters
    ----------
    learning_rate : float
        As a share of the bound 2/λmax, beyond which descent flies apart.
    steps : int
        How many, from 1 to 20,000.
    standardised : bool
        Learn from the distance in standard deviations instead of Mpc.

    Returns
    -------
    Line
        The slope and the loss before the first step and after each; fewer when they flew apart.
    """
    learned = regression_nebulae.learn(share=learning_rate, steps=steps, standardised=standardised)
    return Line(
        slopes=[learned.slope(weights) for weights in learned.path],
        losses=learned.losses.tolist(),
        normal_equations=learned.slope(learned.best),
        least_loss=learned.least,
        rate=learning_rate * learned.bound,
        bound=learned.bound,
        diverged=bool(learned.losses[-1] > learned.losses[0]),
    )


def lab_overfit(
    degree: int = 9, measurements: int = 18, noise_mag: float = 0.15, ridge: float = 0, seed: int = 1
) -> Polynomial:
    """Fit a polynomial to a simulated variable star, and tell its error on measurements not seen.

    Parameters
    ----------
    degree : int
        Of the polynomial, from 0 to 20.
    measurements : int
        From 5 to 60, evenly spaced over the period.
    noise_mag : float
        Standard deviation of the noise, in magnitudes.
    ridge : float
        What pulls the weights towards 0; 0 for none.
    seed : int
        Another seed gives other noise.
    """
    night, new = regression_overfit.observe(measurements, noise_mag, seed=seed)
    weights = regression_overfit.fit(night, degree, ridge=ridge)
    expected = regression_overfit.expected_error(night.phase, new.phase, degree, noise=noise_mag, ridge=ridge)
    return Polynomial(
        weights=weights.tolist(),
        error=regression_overfit.error(night, weights),
        error_on_new=regression_overfit.error(new, weights),
        expected_on_new=expected.total**0.5,
        noise=expected.noise**0.5,
        bias=expected.bias**0.5,
        spread=expected.variance**0.5,
    )


def endpoints(watch: Watch) -> Sequence[Callable]:
    """Return the endpoints, those on launches over the newest that `watch` has pulled."""

    def lab_landing_chance(
        number: str = "year",
        values: list[float] | None = None,
        learning_rate: float = 0.5,
        steps: int = 60,
        ridge: float = 0,
    ) -> Chance:
        """Tell the chance that a booster lands from one number of its launch, by logistic regression.

        Parameters
        ----------
        number : str
            year (with its fraction), mass_kg, booster_flight or block.
        values : list of float, optional
            Where to tell the chance; none for the smallest and largest that there was.
        learning_rate : float
            As a share of the largest that is surely safe.
        steps : int
            How many, from 1 to 20,000.
        ridge : float
            What pulls the weight towards 0; 0 for none.
        """
        status = watch.ready(KEY)
        learned = regression_landing.learn(
            status.served, number, share=learning_rate, steps=steps, ridge=ridge
        )
        asked = values or [learned.values.min(), learned.values.max()]
        return Chance(
            chances=learned.chances(asked, learned.path[-1]).tolist(),
            launches=len(learned.values),
            landed=int(learned.launches.landed.sum()),
            log_loss=float(learned.losses[-1]),
            least_log_loss=learned.least,
            log_loss_of_share=learned.loss_of_rate,
            source=source(status),
        )

    def lab_payload(
        orbit: str = "LEO",
        launch_site: str = "CCSFS SLC-40",
        told_from: list[str] | None = None,
        ridge: float = 1,
    ) -> Payload:
        """Tell the payload mass of a Falcon 9 flight from its orbit and launch site, by least squares with a ridge.

        Parameters
        ----------
        orbit : str
            Its code, such as LEO, ISS, GTO.
        launch_site : str
            The pad, such as CCSFS SLC-40.
        told_from : list of str, optional
            orbit, site or both; none for both.
        ridge : float
            What pulls the weights towards 0, above 0.
        """
        status = watch.ready(KEY)
        facts = told_from or regression_payload.FACTS
        found = regression_payload.fit(status.served, facts=facts, ridge=ridge)
        names = ["intercept", *(value for _, value in found.categories)]
        return Payload(
            mass_kg=found.predict({"orbit": orbit, "site": launch_site}),
            error_kg=found.error,
            error_of_mean_kg=found.error_of_mean,
            explained=r_squared(found.launches.mass_kg, found.left_out),
            launches=len(found.launches),
            weights=dict(zip(names, found.weights.tolist(), strict=True)),
            source=source(status),
        )

    return [lab_nebulae, lab_overfit, lab_landing_chance, lab_payload]
