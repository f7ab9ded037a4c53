"""Train agents for LunarLander-v3, evaluate the best agent on a thousand seeds, and publish it with its card.

    python -m train_scripts.train_lander --preset quick
    python -m train_scripts.train_lander --preset full --algorithm dqn

The `quick` preset takes minutes. `full` trains three agents with different seeds. `smoke` takes seconds and
trains an agent that crashes. To continue an interrupted run from the last checkpoint, run the same command
again. The token in HF_TOKEN needs write access.
"""

import datetime
import json
import logging
import os
import shutil
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import tyro
from joblib import Parallel, delayed

from spacehub import cards, catalogue, progress
from spacehub.errors import SpaceHubError
from spacehub.home import home
from spacehub.models import artefacts, provenance
from spacehub.models.lander import agents, figures, reproduce, seeds, training
from spacehub.models.lander.export import export, known_answers, write_flights
from spacehub.models.lander.proof import NAMES, REPLAYED
from spacehub.models.lander.recipes import Algorithm, Preset, PresetName, describe, preset_for
from spacehub.models.tracking import tracker
from spacehub.publish import publish
from spacehub.script import friendly
from spacehub.serving.lander.agents import OnnxAgent
from spacehub.serving.lander.batch import fly_many
from spacehub.serving.lander.conditions import Conditions
from spacehub.serving.lander.video import write_video

PACKAGES = ["stable-baselines3", "torch", "gymnasium", "Box2D", "onnx", "onnxruntime", "numpy", "matplotlib"]
PACKAGES += ["huggingface-hub", "sb3-team-hf-integration", "trackio"]


@dataclass
class Options:
    """Options for the training run."""

    algorithm: Algorithm = "ppo"
    """The algorithm: proximal policy optimisation (ppo) or deep Q-learning (dqn)."""
    wind: bool = False
    """Train a separate model with wind (wind power 15, turbulence power 1.5)."""
    continuous: bool = False
    """Train a separate model with two throttles instead of four actions."""
    preset: PresetName = "quick"
    """Preset that sets the number of steps, training runs and flights."""
    runs: int | None = None
    """Number of training runs with different seeds (default: set by the preset). The best agent is published."""
    jobs: int | None = None
    """Number of parallel training runs, each with one thread (default: one per core, or only one with the `smoke` preset)."""
    track: bool = True
    """Store the training curves with trackio under SPACEHUB_HOME."""
    push: bool = True
    """Publish the model to the Hub. With --no-push, only write the artefact folder."""
    output: Path | None = None
    """The artefact folder (default: artefacts/<model> under SPACEHUB_HOME)."""

    @property
    def key(self) -> str:
        """Return the catalogue key of the model that has these options.

        Raises
        ------
        SpaceHubError
            If no model has these options.
        """
        given = {f"--{name}" for name in ("wind", "continuous") if getattr(self, name)}
        given |= {"--algorithm", self.algorithm} if self.algorithm != "ppo" else set()
        for key, model in catalogue.MODELS.items():
            if model.module == "lander" and set(model.options) == given:
                return key
        known = [
            " ".join(model.options) or "none"
            for model in catalogue.MODELS.values()
            if model.module == "lander"
        ]
        raise SpaceHubError(
            f"No model in the catalogue uses this combination of options: {' '.join(sorted(given))}.",
            f"Use one of these combinations: {'; '.join(known)}.",
        )


def train(options: Options) -> Path:
    """Train, evaluate and publish the model."""
    key = options.key
    model, preset = catalogue.MODELS[key], preset_for(options.algorithm, options.preset, wind=options.wind)
    world = "wind" if options.wind else "calm"
    conditions = replace(reproduce.WORLDS[world], continuous=options.continuous)
    recipe, count = preset.recipe, options.runs or preset.runs
    folder = options.output or home() / "artefacts" / key
    artefacts.require_replaceable(folder)

    def step(stage: str, done: int, total: int) -> None:
        progress.report(key, stage, done, total)

    # 1. Training runs with different seeds. Each run continues from its newest checkpoint, if there is one.
    kept = home() / "runs" / f"{key}-{options.preset}"
    cores = 1 if options.preset == "smoke" else os.cpu_count() or 1
    jobs = min(options.jobs or cores, count)
    work = (delayed(run)(number, key, preset, conditions, kept, options) for number in range(count))
    runs = Parallel(n_jobs=jobs)(work)

    started = time.monotonic()

    # 2. The run with the highest validation reward, with its value estimates scaled back to points.
    best = max(runs, key=lambda each: each.chosen["validation_reward"])
    agent = agents.algorithm(recipe).load(best.best, device="cpu")
    agents.finish(agent, recipe.reward_scale)

    # 3. The artefact folder, which is complete before anything is pushed.
    with artefacts.replacing(folder) as fresh:
        environment = reproduce.describe_world(conditions)
        config = {"algorithm": NAMES[options.algorithm], "environment": environment}
        config |= {"hyperparameters": describe(recipe), "preset": options.preset}
        step("writing the artefacts", 0, 1)
        compared = export(agent, conditions, model.repo_name, fresh, config=config)
        flown = reproduce.fly_all(fresh, test=preset.test, report=step)
        write_flights(flown["agent"], fresh / "flights.csv")
        step("filming", 0, 1)
        replay = fly_many(OnnxAgent(fresh / "onnx" / "model.onnx"), seeds=REPLAYED, conditions=conditions)
        write_video(replay, fresh / "replay.mp4", names=[NAMES[options.algorithm]] * len(replay))
        scores = reproduce.summaries(flown)
        metrics = reproduce.metrics(scores, world)
        trained, cpu_seconds = sum(each.seconds for each in runs), sum(each.cpu_seconds for each in runs)
        seconds = trained / jobs + time.monotonic() - started
        results = {
            "key": key,
            "title": model.title,
            "created": datetime.date.today().isoformat(),
            "task": model.task,
            "algorithm": options.algorithm,
            "home": world,
            "environment": environment,
            "recipe": describe(recipe),
            "seeds": describe_seeds(preset, count),
            "chosen": {"run": best.number, "stint": best.curve.index(best.chosen) + 1, **best.chosen},
            "runs": [describe_run(each) for each in runs],
            "metrics": metrics,
            "scores": scores,
            "replay": [
                {"seed": flight.seed, "outcome": flight.outcome, "reward": flight.total_reward}
                for flight in replay
            ],
            "onnx": compared,
            "known": known_answers(fresh, conditions),
            "files": {"zip": f"{model.repo_name}.zip", "onnx": "onnx/model.onnx"},
            "preset": options.preset,
            "command": describe_command(model.options, options),
            "versions": provenance.versions(PACKAGES),
            "hardware": provenance.hardware(),
            "wall_time_s": round(seconds, 1),
            "jobs": jobs,
            "emissions": provenance.emissions(cpu_seconds, cores=1),
        }
        (fresh / "figures").mkdir()
        figures.draw([asdict(each) for each in runs], flown, results, fresh / "figures")
        text = json.dumps(results, indent=1, ensure_ascii=False, allow_nan=False)
        (fresh / "results.json").write_text(text + "\n", encoding="utf-8")
        (fresh / "README.md").write_text(cards.render(key, fresh), encoding="utf-8")
    shutil.rmtree(kept)
    headline = next(metric for metric in metrics if metric["key"] == model.headline)
    word = f"mean reward {headline['value']:.1f} over {headline['n']:,} seeds"
    print(f"[{key}] {word}; wrote {folder} in {seconds:.0f} s", flush=True)

    # 4. One commit on the Hub.
    if options.push:
        sha = publish(key, folder, message=f"{NAMES[options.algorithm]}: {word}")
        print(f"[{key}] published as {model.repo_id} at {sha[:8]}", flush=True)
    return folder


def run(
    number: int, key: str, preset: Preset, conditions: Conditions, kept: Path, options: Options
) -> training.Run:
    """Execute training run `number` with one thread."""
    import torch

    torch.set_num_threads(1)
    name = f"{key}-{options.preset}-{number}"
    following = tracker(
        on=options.track, project="spacehub-lander", name=name, config=describe(preset.recipe)
    )
    trained = training.train(
        preset.recipe,
        number=number,
        conditions=conditions,
        validation=preset.validation,
        folder=kept / f"run-{number}",
        tracker=following,
        report=lambda done, total: progress.report(key, f"training run {number}", done, total),
    )
    following.finish()
    return trained


def describe_command(given: tuple[str, ...], options: Options) -> str:
    """Return the command that trains this model with this preset."""
    runs = () if options.runs is None else ("--runs", str(options.runs))
    return " ".join(["python -m train_scripts.train_lander", *given, "--preset", options.preset, *runs])


def describe_seeds(preset: Preset, runs: int) -> dict:
    """Return the seeds of the training, validation and test flights."""
    spans = {"test": seeds.TEST[: preset.test], "validation": seeds.VALIDATION[: preset.validation]}
    return {
        **{name: {"first": span[0], "last": span[-1], "n": len(span)} for name, span in spans.items()},
        "training": {"first": seeds.training(0, 0), "runs": runs},
    }


def describe_run(one: training.Run) -> dict:
    """Return the facts that the card shows about a training run."""
    return {
        "number": one.number,
        "curve": one.curve,
        "chosen": one.chosen,
        "wall_time_s": round(one.seconds, 1),
        "cpu_time_s": round(one.cpu_seconds, 1),
        "training_cpu_time_s": round(one.training_cpu_seconds, 1),
        "resumed": one.resumed,
    }


def main() -> None:
    """Train the lander model with the options given on the command line."""
    options = tyro.cli(Options, description=__doc__)
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    with friendly("lander"):
        key = options.key
    with friendly(key):
        train(options)


if __name__ == "__main__":
    main()
