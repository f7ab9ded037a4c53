"""The Neural nets experiment: points in the plane, scikit-learn's digits, and a check of backpropagation."""

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.networks import figures
from space_app.lab.networks.api import (
    BATCH,
    EPOCHS,
    Lesson,
    checked,
    checked_network,
    lab_gradient_check,
    lab_network_digits,
    lab_network_points,
    lesson_digits,
    lesson_points,
    shape,
)
from space_app.lab.quantities import share
from spacehub.lab import networks, networks_training
from spacehub.lab.networks_check import check_gradient
from spacehub.lab.networks_training import Plan

STEPS = 10.0 ** np.arange(-11, -0.9, 1.0)


def points_view(
    points: str,
    noise: float,
    activation: str,
    layers: int,
    units: int,
    optimiser: str,
    rate: float,
    dropout: float,
    decay: float,
    seed: int,
) -> View:
    """Show the losses and how the network divides the plane."""
    plan = Plan(
        epochs=EPOCHS,
        optimiser=optimiser,
        rate=rate,
        dropout=dropout,
        decay=decay,
        seed=seed,
    )
    lesson = lesson_points(points, noise, shape(2, layers, units, 2), activation, plan)
    return View(
        figures=[figures.surface_figure(lesson), figures.losses_figure(lesson)],
        numbers=_numbers(lesson),
        answer=f"The network misclassifies {share(lesson.wrong())} of {len(lesson.held[1]):,} unseen points, and "
        f"{share(lesson.wrong(held=False))} of the {len(lesson.seen[1])} training points. {_ended(lesson)}",
        source=networks.loss_and_gradient,
    )


def _ended(lesson: Lesson) -> str:
    history = lesson.history
    if history.diverged:
        return f"The learning rate is too high. In epoch {len(history.losses) + 1}, the weights diverged to infinity."
    rose = len(history.losses) and lesson.loss(held=False) > lesson.loss(0, held=False)
    return "The loss is higher than before training. Try a lower learning rate." if rose else ""


def _numbers(lesson: Lesson) -> dict[str, str]:
    network = lesson.history.network()
    return {
        "Parameters": f"{len(network.parameters):,}",
        "Layers": " → ".join(map(str, network.sizes)),
        "Epochs": f"{len(lesson.history.losses)}",
        "Initial loss, held out": f"{lesson.loss(0):.3f} nats",
        "Final loss, held out": f"{lesson.loss():.3f} nats",
        "Final loss, training": f"{lesson.loss(held=False):.3f} nats",
        "Norm of the parameter vector": f"{np.linalg.norm(network.parameters):.3g}",
    }


def digits_view(
    activation: str,
    layers: int,
    units: int,
    rate: float,
    dropout: float,
    decay: float,
    epochs: int,
    held_out: str,
    seed: int,
) -> View:
    """Show the fraction of digits classified correctly and the misclassified digits."""
    plan = Plan(epochs=epochs, batch=BATCH, rate=rate, dropout=dropout, decay=decay, seed=seed)
    lesson = lesson_digits(held_out, shape(64, layers, units, 10), activation, plan)
    wrong, held = lesson.wrong(), len(lesson.held[1])
    error = 1.96 * np.sqrt(wrong * (1 - wrong) / held)
    return View(
        figures=[figures.shares_figure(lesson), figures.misread_figure(lesson)],
        numbers=_numbers(lesson)
        | {
            "Training digits": f"{len(lesson.seen[1]):,}",
            "Misclassified, training": f"{round(lesson.wrong(held=False) * len(lesson.seen[1]))}",
            "Held-out digits": f"{held}",
            "Misclassified, held out": f"{round(wrong * held)}",
        },
        answer=f"The network misclassifies {round(wrong * held)} of {held} unseen digits. The accuracy is "
        f"{share(1 - wrong)} ± {100 * error:.1f} percentage points (95 % confidence interval). "
        f"{_ended(lesson)}",
        source=networks_training.train,
    )


def check_view(mistake: str, step: float, activation: str, layers: int, units: int, seed: int) -> View:
    """Show the gradient next to its difference quotients."""
    network = checked_network(activation, layers, units, seed)
    check = checked(network, step, mistake, seed)
    errors = [checked(network, tried, mistake, seed).error for tried in STEPS]
    largest = np.abs(check.gradient - check.quotients).max()
    verdict = (
        "The gradient is correct"
        if min(errors) < 1e-6
        else "The gradient from backpropagation is wrong, because it does not agree with the difference quotients at any step size"
    )
    return View(
        figures=[figures.beside_figure(check), figures.steps_figure(STEPS, errors, step, check.error)],
        numbers={
            "Parameters": f"{len(check.gradient)}",
            "Forward passes for the difference quotients": f"{2 * len(check.gradient)}",
            "Passes for backpropagation": "1 forward, 1 backward",
            "Largest difference": f"{largest:.1e}",
            "Relative difference at your step size": f"{check.error:.1e}",
            "Relative difference at the best step size": f"{min(errors):.1e}, step size {STEPS[int(np.argmin(errors))]:.0e}",
        },
        answer=f"The two gradients differ by {check.error:.0e} at a step size of {step:.0e}, and by {min(errors):.0e} at "
        f"the best step size. {verdict}.",
        source=check_gradient,
    )


POINTS = Bench(
    key="network-points",
    question="How many unseen points does the network misclassify?",
    words="A network learns which of 240 simulated points are blue. Play the epochs, and watch how the network divides the plane. Without an activation function, the boundary is a straight line, regardless "
    "of the number of layers.",
    endpoint=lab_network_points,
    view=points_view,
    figures=2,
)
DIGITS = Bench(
    key="network-digits",
    question="How many unseen digits does the network misclassify?",
    words="The network is written in plain NumPy. Each time you move a slider, the network is trained from scratch on 1,348 handwritten digits. The figure below shows the held-out digits that the network misclassifies, starting with the most confident mistakes.",
    endpoint=lab_network_digits,
    view=digits_view,
    figures=2,
)
CHECK = Bench(
    key="gradient-check",
    question="Does backpropagation compute the correct gradient?",
    words="The check estimates each component of the gradient with a difference quotient. The check moves each parameter slightly up and down, which requires two forward passes per parameter. Introduce a mistake, and see how the check finds it.",
    endpoint=lab_gradient_check,
    view=check_view,
    figures=2,
)
