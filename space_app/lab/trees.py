"""Trees: the first cut, what a tree and a forest make of two numbers of a launch, and how deep a tree should be."""

from collections.abc import Callable, Sequence

import gradio as gr
import numpy as np

from space_app.lab import trees_figures as figures
from space_app.lab.frame import Bench, Experiment, View
from space_app.lab.launches import CHOICES, KEY, lead, which
from space_app.lab.trees_api import endpoints
from space_app.lab.trees_words import question
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import trees
from spacehub.lab.launches import NUMBERS
from spacehub.lab.trees_forest import forest_chances, grow_forest
from spacehub.lab.trees_launches import RETURNS, Samples, cross_validate, samples
from spacehub.serving.words import percent

CRITERIA = [("Gini", "gini"), ("Entropy", "entropy")]
# A forest of more would keep a visitor waiting.
DEEPEST, MOST_TREES = 12, 15


def experiment(watch: Watch) -> Experiment:
    """Return the experiment over the newest launches that `watch` has pulled."""
    return Experiment(
        key="trees",
        title="Trees",
        week=4,
        benches=[
            Bench(
                key="cut",
                question="Which single question tells best how a booster came back?",
                words="Drone ship, launch site, water, or no landing tried: a tree asks what leaves these four least "
                "mixed. Every possible cut of a number is tried.",
                controls=_cut_controls,
                show=_show_cut(watch),
                figures=2,
            ),
            Bench(
                key="surface",
                question="How many launches does a tree of two numbers get wrong?",
                words="The colour says what it would answer, its strength how sure it is; dots are the launches it learned "
                "from. A tree cuts in straight lines; the forest of trees below it blurs them.",
                controls=_surface_controls,
                show=_show_surface(watch),
                figures=3,
            ),
            Bench(
                key="depth",
                question="How deep should a tree be?",
                words="Every launch is left out once, in five folds, and told by trees that have not seen it. A deeper "
                "tree always knows more of what it learned by heart.",
                controls=_depth_controls,
                show=_show_depth(watch),
            ),
        ],
        endpoints=endpoints(watch),
    )


def _criterion() -> gr.Radio:
    return gr.Radio(CRITERIA, value="gini", label="Impurity")


def _least() -> gr.Slider:
    return gr.Slider(1, 30, 1, step=1, label="Fewest launches in a leaf")


def _cut_controls() -> Sequence[gr.components.Component]:
    return [gr.Dropdown(CHOICES, value="mass_kg", label="The number to cut"), _criterion(), _least()]


def _show_cut(watch: Watch) -> Callable[..., View]:
    def show(number: str, criterion: str, least: int) -> View:
        status = watch.ready(KEY)
        some = samples(status.served, tuple(NUMBERS))
        options = {"classes": len(RETURNS), "criterion": criterion, "min_leaf": int(least)}
        thresholds, gained = trees.gains(some.x, some.y, **options)
        best = trees.best_split(thresholds, gained)
        if best is None:
            raise SpaceHubError("No cut leaves so many launches on both sides.", "Ask for fewer.")
        place = some.numbers.index(number)
        own = trees.best_split(thresholds[[place]], gained[[place]])
        whole = float(trees.impurity(np.bincount(some.y, minlength=len(RETURNS)), criterion))
        unit = " bit" if criterion == "entropy" else ""
        return View(
            figures=[
                figures.gains(thresholds[place], gained[place], number, criterion),
                figures.best_gains(some.numbers, gained.max(axis=1)),
            ],
            numbers={
                "Launches": f"{len(some.y)}",
                "Cuts of this number": f"{(gained[place] > -np.inf).sum()}",
                "Impurity of all": f"{whole:.4f}{unit}",
                "Best cut of this number": question(number, own.threshold) if own else "none",
                "It gains": f"{own.gain:.4f}{unit}" if own else "nothing",
            },
            answer=f"{lead(status)}“{question(some.numbers[best.feature], best.threshold)}?” It lowers the impurity from "
            f"{whole:.3f} to {whole - best.gain:.3f}{unit}.",
            source=trees.gains,
            extra=which(status) + figures.legend(some.y),
        )

    return show


def _surface_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Slider(1, DEEPEST, 3, step=1, label="Depth"),
        gr.Dropdown(CHOICES, value="year", label="Across"),
        gr.Dropdown(CHOICES, value="mass_kg", label="Up"),
        _criterion(),
        _least(),
        gr.Slider(1, MOST_TREES, 10, step=1, label="Trees in the forest"),
        gr.Slider(1, 100, 1, step=1, label="Seed of the forest"),
    ]


def _show_surface(watch: Watch) -> Callable[..., View]:
    def show(depth: int, across: str, up: str, criterion: str, least: int, count: int, seed: int) -> View:
        status = watch.ready(KEY)
        some = samples(status.served, (across, up))
        options = {
            "classes": len(RETURNS),
            "criterion": criterion,
            "max_depth": int(depth),
            "min_leaf": int(least),
        }
        tree = trees.grow(some.x, some.y, **options)
        forest = grow_forest(some.x, some.y, trees=int(count), seed=int(seed), **options)
        wrong, wrong_forest = (_wrong(each, some) for each in ([tree], forest))
        commonest = len(some.y) - np.bincount(some.y).max()
        return View(
            figures=[
                figures.surface(some, [tree], "a tree"),
                figures.drawn(tree, some.numbers),
                figures.surface(some, forest, f"a forest of {len(forest)}"),
            ],
            numbers={
                "Launches": f"{len(some.y)}",
                "Leaves": f"{tree.leaves}",
                "Depth reached": f"{tree.depth.max()}",
                "Wrong, tree": f"{wrong} ({percent(wrong / len(some.y))})",
                "Wrong, forest": f"{wrong_forest} ({percent(wrong_forest / len(some.y))})",
                "Wrong when always saying the commonest": f"{commonest} ({percent(commonest / len(some.y))})",
            },
            answer=f"{lead(status)}Of the {len(some.y)} that it learned from, {wrong} are told wrong by a tree with {tree.leaves} leaves, and "
            f"{wrong_forest} by the forest. What they make of launches not seen is below.",
            source=trees.grow,
            extra=which(status) + figures.legend(some.y),
        )

    return show


def _wrong(forest: Sequence[trees.Tree], some: Samples) -> int:
    return int((forest_chances(forest, some.x).argmax(axis=1) != some.y).sum())


def _depth_controls() -> Sequence[gr.components.Component]:
    return [
        gr.CheckboxGroup(CHOICES, value=["year", "mass_kg"], label="Told from"),
        _criterion(),
        _least(),
        gr.Slider(1, 8, 6, step=1, label="Trees in a forest"),
        gr.Slider(1, 100, 1, step=1, label="Seed", info="Another seed, other folds."),
    ]


def _show_depth(watch: Watch) -> Callable[..., View]:
    def show(chosen: list[str], criterion: str, least: int, count: int, seed: int) -> View:
        status = watch.ready(KEY)
        some = samples(status.served, tuple(chosen))
        errors = cross_validate(
            some,
            deepest=DEEPEST,
            trees=int(count),
            seed=int(seed),
            criterion=criterion,
            min_leaf=int(least),
        )
        best, best_forest = int(errors.tree.argmin()), int(errors.forest.argmin())
        enough, give = errors.enough(len(some.y))
        return View(
            figures=[figures.errors(errors)],
            numbers={
                "Launches": f"{len(some.y)}",
                "Tree's least error, left out": f"{percent(float(errors.tree[best]))} at depth {best}",
                "Forest's": f"{percent(float(errors.forest[best_forest]))} at depth {best_forest}",
                "Tree at full depth, learned from": percent(float(errors.learned[-1])),
                "Tree at full depth, left out": percent(float(errors.tree[-1])),
                "Standard error of these": f"{100 * give:.1f} points",
            },
            answer=f"{lead(status)}{enough} deep is enough: it tells {percent(float(errors.tree[enough]))} of launches left out wrong, "
            f"and no depth beats that by more than the standard error of {100 * give:.0f} points. At depth {DEEPEST} it knows "
            f"all but {percent(float(errors.learned[-1]))} of its lessons by heart, and is wrong on "
            f"{percent(float(errors.tree[-1]))} of the others.",
            source=cross_validate,
            extra=which(status),
        )

    return show
