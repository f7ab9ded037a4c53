"""Neural nets: points in the plane, scikit-learn's digits, and whether back-propagation is right."""

from collections.abc import Sequence

import gradio as gr
import numpy as np

from space_app.lab import networks_figures as figures
from space_app.lab.frame import Bench, Experiment, View
from space_app.lab.networks_api import (
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
from space_app.watch import Watch
from spacehub.lab import networks, networks_training
from spacehub.lab.networks import ACTIVATIONS
from spacehub.lab.networks_check import MISTAKES, check_gradient
from spacehub.lab.networks_data import SETS, SPLITS
from spacehub.lab.networks_training import OPTIMISERS, Plan

STEPS = 10.0 ** np.arange(-11, -0.9, 1.0)


def _activation(first: str) -> gr.Radio:
    return gr.Radio(list(ACTIVATIONS), value=first, label="Activation")


def _rate(first: float) -> gr.Slider:
    return gr.Slider(-4, 1, first, step=0.25, label="Learning rate, as a power of ten")


def _regularisation() -> list[gr.Slider]:
    return [
        gr.Slider(0, 0.8, 0, step=0.05, label="Dropout", info="Chance that a unit is left out of a step."),
        gr.Slider(0, 2, 0, step=0.05, label="Weight decay"),
    ]


def _seed() -> gr.Slider:
    return gr.Slider(1, 100, 1, step=1, label="Seed", info="Another seed, another start.")


def _points_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Dropdown(list(SETS), value="XOR", label="Points"),
        gr.Slider(0, 0.4, 0.25, step=0.01, label="Noise"),
        _activation("tanh"),
        gr.Slider(0, 4, 2, step=1, label="Hidden layers"),
        gr.Slider(1, 16, 8, step=1, label="Units of each"),
        gr.Radio(list(OPTIMISERS), value="Adam", label="Optimiser"),
        _rate(-1.5),
        *_regularisation(),
        _seed(),
    ]


def _show_points(
    name: str,
    noise: float,
    activation: str,
    layers: int,
    units: int,
    optimiser: str,
    power: float,
    dropout: float,
    decay: float,
    seed: int,
) -> View:
    plan = Plan(
        epochs=EPOCHS,
        optimiser=optimiser,
        rate=10.0**power,
        dropout=dropout,
        decay=decay,
        seed=int(seed),
    )
    lesson = lesson_points(name, noise, shape(2, layers, units, 2), activation, plan)
    return View(
        figures=[figures.surface_figure(lesson), figures.losses_figure(lesson)],
        numbers=_numbers(lesson),
        answer=f"It gets {share(lesson.wrong())} of {len(lesson.held[1]):,} points wrong that it has not seen, and "
        f"{share(lesson.wrong(held=False))} of the {len(lesson.seen[1])} that it learned from. {_ended(lesson)}",
        source=networks.loss_and_gradient,
    )


def _ended(lesson: Lesson) -> str:
    history = lesson.history
    if history.diverged:
        return f"The rate is too high: in epoch {len(history.losses) + 1} its weights ran off to infinity."
    rose = len(history.losses) and lesson.loss(held=False) > lesson.loss(0, held=False)
    return "Its loss is higher than before it learned: try a lower rate." if rose else ""


def _numbers(lesson: Lesson) -> dict[str, str]:
    network = lesson.history.network()
    return {
        "Parameters": f"{len(network.parameters):,}",
        "Layers": " → ".join(map(str, network.sizes)),
        "Epochs": f"{len(lesson.history.losses)}",
        "Loss before, held out": f"{lesson.loss(0):.3f} nats",
        "Loss after, held out": f"{lesson.loss():.3f} nats",
        "Loss after, learned from": f"{lesson.loss(held=False):.3f} nats",
        "Length of its weights": f"{np.linalg.norm(network.parameters):.3g}",
    }


def _digits_controls() -> Sequence[gr.components.Component]:
    return [
        _activation("ReLU"),
        gr.Slider(0, 2, 1, step=1, label="Hidden layers"),
        gr.Slider(2, 64, 48, step=2, label="Units of each"),
        _rate(-2.25),
        *_regularisation(),
        gr.Slider(1, 20, 20, step=1, label="Epochs"),
        gr.Radio(
            list(SPLITS),
            value=SPLITS[0],
            label="Held out",
            info="The last ones in the file look to be of other hands.",
        ),
        _seed(),
    ]


def _show_digits(
    activation: str,
    layers: int,
    units: int,
    power: float,
    dropout: float,
    decay: float,
    epochs: int,
    held_out: str,
    seed: int,
) -> View:
    plan = Plan(
        epochs=int(epochs), batch=BATCH, rate=10.0**power, dropout=dropout, decay=decay, seed=int(seed)
    )
    lesson = lesson_digits(held_out, shape(64, layers, units, 10), activation, plan)
    wrong, held = lesson.wrong(), len(lesson.held[1])
    error = 1.96 * np.sqrt(wrong * (1 - wrong) / held)
    return View(
        figures=[figures.shares_figure(lesson), figures.misread_figure(lesson)],
        numbers=_numbers(lesson)
        | {
            "Digits learned from": f"{len(lesson.seen[1]):,}",
            "Misread, learned from": f"{round(lesson.wrong(held=False) * len(lesson.seen[1]))}",
            "Digits held out": f"{held}",
            "Misread, held out": f"{round(wrong * held)}",
        },
        answer=f"It misreads {round(wrong * held)} of {held} digits that it has never seen: {share(1 - wrong)} are right, "
        f"give or take {100 * error:.1f} points for so few digits. {_ended(lesson)}",
        source=networks_training.train,
    )


def _check_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Dropdown(list(MISTAKES), value=MISTAKES[0], label="Mistake planted in the gradient"),
        gr.Slider(-11, -1, -5, step=0.5, label="Step, as a power of ten"),
        _activation("tanh"),
        gr.Slider(0, 3, 2, step=1, label="Hidden layers"),
        gr.Slider(1, 6, 4, step=1, label="Units of each"),
        _seed(),
    ]


def _show_check(mistake: str, power: float, activation: str, layers: int, units: int, seed: int) -> View:
    network, step = checked_network(activation, layers, units, int(seed)), 10.0**power
    check = checked(network, step, mistake, int(seed))
    errors = [checked(network, one, mistake, int(seed)).error for one in STEPS]
    largest = np.abs(check.gradient - check.quotients).max()
    verdict = "it is right" if min(errors) < 1e-6 else "it is wrong: no step brings the two together"
    return View(
        figures=[figures.beside_figure(check), figures.steps_figure(STEPS, errors, step, check.error)],
        numbers={
            "Parameters": f"{len(check.gradient)}",
            "Calls of the net for the quotients": f"{2 * len(check.gradient)}",
            "Calls for back-propagation": "1, there and back",
            "Largest difference": f"{largest:.1e}",
            "Distance at your step": f"{check.error:.1e}",
            "Distance at the best step": f"{min(errors):.1e}, step {STEPS[int(np.argmin(errors))]:.0e}",
        },
        answer=f"The two are {check.error:.0e} apart at a step of {step:.0e} and {min(errors):.0e} at the best: {verdict}.",
        source=check_gradient,
    )


def experiment(watch: Watch) -> Experiment:
    """Return the experiment."""
    return Experiment(
        key="networks",
        title="Neural nets",
        week=6,
        benches=[
            Bench(
                key="network-points",
                question="How many points does a net get wrong that it has not seen?",
                words="A net learns which of 240 simulated points are blue. Play the epochs and watch the plane take its side. Without an "
                "activation no number of layers can bend a line.",
                controls=_points_controls,
                show=_show_points,
                figures=2,
            ),
            Bench(
                key="network-digits",
                question="How many digits does a net misread that it has never seen?",
                words="The net in plain NumPy learns 1,348 handwritten digits afresh at each turn of a slider. Below are "
                "those of the held-out ones that it gets wrong, the surest mistakes first.",
                controls=_digits_controls,
                show=_show_digits,
                figures=2,
            ),
            Bench(
                key="gradient-check",
                question="Is the gradient by back-propagation right?",
                words="Moving one parameter a little up and down gives its slope, too, at two calls of the net each. Plant "
                "a mistake and see how the check finds it.",
                controls=_check_controls,
                show=_show_check,
                figures=2,
            ),
        ],
        endpoints=[lab_network_points, lab_network_digits, lab_gradient_check],
    )
