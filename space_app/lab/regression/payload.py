"""Experiment: predict the payload mass from the orbit and the launch site."""

from collections.abc import Sequence
from typing import Annotated, TypedDict

from space_app.lab.frame import Bench, View
from space_app.lab.launches import KEY, lead, which
from space_app.lab.provenance import Source, source
from space_app.lab.regression import launches_figures as figures
from space_app.parameters import Choice, Choices, Number
from space_app.watch import Watch
from spacehub.lab import launches as lab
from spacehub.lab import regression_payload
from spacehub.lab.launches import Launches
from spacehub.lab.regression import r_squared
from spacehub.lab.regression_payload import FACTS, Payloads
from spacehub.serving.words import percent

NAMES = dict(zip(FACTS, ("Orbit", "Launch site"), strict=True))


class Payload(TypedDict):
    """The predicted payload mass of a flight (kg), and the model's error on held-out launches."""

    mass_kg: float
    error_kg: float
    error_of_mean_kg: float
    explained: float
    launches: int
    weights: dict[str, float]
    source: Source


def lab_payload(
    watch: Watch,
    orbit: Annotated[str, Choice(lab.ORBITS, listed=True, label="Orbit")] = "LEO",
    launch_site: Annotated[str, Choice(lab.SITES, listed=True, label="Launch site")] = lab.SITES[0],
    features: Annotated[list[str], Choices(NAMES, label="Features used")] = FACTS,
    ridge: Annotated[
        float, Number(0.01, 10_000, label="Ridge", help="The ridge penalty shrinks the weights towards 0.")
    ] = 1,
) -> Payload:
    """Predict the payload mass of a Falcon 9 flight from its orbit and launch site, by ridge regression."""
    status = watch.ready(KEY)
    fitted, mass, explained = _fit(status.served, features, ridge, orbit, launch_site)
    names = ["intercept", *(value for _, value in fitted.categories)]
    return Payload(
        mass_kg=mass,
        error_kg=fitted.error,
        error_of_mean_kg=fitted.error_of_mean,
        explained=explained,
        launches=len(fitted.launches),
        weights=dict(zip(names, fitted.weights.tolist(), strict=True)),
        source=source(status),
    )


def view(
    *,
    watch: Watch,
    features: list[str],
    log_ridge: Annotated[float, Number(-2, 4, step=0.2, label="Ridge penalty (log10)")] = 0,
    orbit: str,
    launch_site: str,
) -> View:
    """Show the masses predicted for held-out launches, and how much each orbit and site adds to them."""
    status = watch.ready(KEY)
    fitted, mass, explained = _fit(status.served, features, 10**log_ridge, orbit, launch_site)
    used = " and ".join(f"the {NAMES[fact].lower()}" for fact in FACTS if fact in features)
    return View(
        figures=[figures.left_out(fitted), figures.weights(fitted)],
        numbers={
            "Launches with a known payload mass": f"{len(fitted.launches)}",
            "Weights": f"{len(fitted.weights)}",
            "Error on held-out launches": f"{fitted.error / 1e3:.2f} t",
            "Error of always predicting the mean": f"{fitted.error_of_mean / 1e3:.2f} t",
            "Variance explained on held-out launches": percent(max(explained, 0.0)),
            f"{orbit} from {launch_site}": f"{mass / 1e3:.1f} t",
        },
        answer=f"{lead(status)}Predictions of the mass from {used} have a root-mean-square error of "
        f"{fitted.error / 1e3:.1f} t on held-out launches. Always predicting the mean gives an error of {fitted.error_of_mean / 1e3:.1f} "
        f"t. For {orbit} from {launch_site}, the predicted mass is {mass / 1e3:.1f} t.",
        source=regression_payload.fit,
        extra=which(status),
    )


def _fit(
    launches: Launches, facts: Sequence[str], ridge: float, orbit: str, site: str
) -> tuple[Payloads, float, float]:
    """Return the fit, the mass (kg) that it predicts for a flight, and the explained fraction of the variance."""
    fitted = regression_payload.fit(launches, facts=facts, ridge=ridge)
    mass = fitted.predict({"orbit": orbit, "site": site})
    return fitted, mass, r_squared(fitted.launches.mass_kg, fitted.left_out)


BENCH = Bench(
    key="payload",
    question="How well do orbit and launch site predict the payload mass?",
    words="Each orbit and site has its own weight, fitted by ridge regression with the normal equations. "
    "The mass of each launch is predicted by a model that was fitted without that launch.",
    endpoint=lab_payload,
    view=view,
    figures=2,
)
