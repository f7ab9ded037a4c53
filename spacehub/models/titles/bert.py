"""Fine-tune an encoder with transformers' Trainer: two tasks, layer-wise learning rates, batches by length.

A killed run continues from the checkpoint of its last epoch, and ends with the same bits on the same
number of threads and processes. The order of the titles depends only on the run's seed and the epoch's
number. The Trainer saves the optimiser, the schedule and the random state.
"""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from accelerate import PartialState
from torch import nn
from torch.nn import functional
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    EarlyStoppingCallback,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    PrinterCallback,
    TrainingArguments,
)

from spacehub.models.titles import evaluation
from spacehub.models.titles.recipes import Recipe, describe
from spacehub.models.titles.titles import NAMES, Titles
from spacehub.models.titles.trainer import LengthTrainer, TrainingReport
from spacehub.models.tracking import Tracker

EVALUATED = 64  # titles per batch
_LAYER = re.compile(r"\.layers?\.(\d+)\.")


class TwoTasks(nn.Module):
    """An encoder with its classifier, and a second task that is used in training and then dropped.

    The second task, predicting a title's community, reads the mean of the last layer over the tokens.
    """

    # The loss is a mean over the titles of a batch, so the Trainer must not scale it itself.
    accepts_loss_kwargs = False

    def __init__(self, classifier: PreTrainedModel, communities: int, recipe: Recipe):
        super().__init__()
        self.classifier = classifier
        self.communities = nn.Linear(classifier.config.hidden_size, communities)
        self.recipe = recipe

    def forward(self, labels=None, community=None, **inputs) -> dict[str, torch.Tensor]:
        """Return ``logits`` (n, 2) and, with labels, the ``loss`` of both tasks."""
        outputs = self.classifier(**inputs, output_hidden_states=True)
        if labels is None:
            return {"logits": outputs.logits}
        seen = inputs["attention_mask"].unsqueeze(-1).to(outputs.hidden_states[-1].dtype)
        mean = (outputs.hidden_states[-1] * seen).sum(1) / seen.sum(1)
        label_loss = functional.cross_entropy(
            outputs.logits.float(), labels, label_smoothing=self.recipe.label_smoothing
        )
        community_loss = functional.cross_entropy(self.communities(mean).float(), community)
        return {"loss": label_loss + self.recipe.communities * community_loss, "logits": outputs.logits}


def fit(
    titles: Titles,
    *,
    recipe: Recipe,
    revision: str,
    seed: int,
    folder: Path,
    report: Callable[[int, int], None],
    tracker: Tracker,
) -> tuple[PreTrainedModel, PreTrainedTokenizerBase, list[dict], float]:
    """Fine-tune ``recipe.base`` at a commit on the training split.

    Return the best model, tokenizer, curve, and seconds.

    Checkpoints are kept in `folder`. `report` is called with the finished steps. The curve has, per
    epoch, the training loss, and loss, average precision and F1 on the validation split.
    """
    tokenizer = AutoTokenizer.from_pretrained(recipe.base, revision=revision)
    torch.manual_seed(seed)
    classifier = AutoModelForSequenceClassification.from_pretrained(
        recipe.base,
        revision=revision,
        num_labels=len(NAMES),
        id2label=dict(enumerate(NAMES)),
        label2id={name: place for place, name in enumerate(NAMES)},
    )
    places = {name: place for place, name in enumerate(sorted(set(titles.communities)))}
    model = TwoTasks(classifier, len(places), recipe)
    community = np.array([places[name] for name in titles.communities])

    def examples(where: np.ndarray) -> list[dict]:
        tokens = tokenizer(list(titles.texts[where]), truncation=True, max_length=recipe.length)
        columns = {**tokens, "labels": titles.labels[where].tolist(), "community": community[where].tolist()}
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    with PartialState(cpu=not torch.cuda.is_available()).main_process_first():
        train = titles.rows("train")
        data = titles.ids[train].tolist(), titles.labels[train].tolist()
        begun = _begun(folder, [describe(recipe), seed, revision, *data])
    held_out = examples(titles.rows("validation"))
    held_out.sort(key=lambda one: len(one["input_ids"]))
    callback = TrainingReport(report, tracker, folder / "seconds")
    trainer = LengthTrainer(
        model=model,
        args=arguments(folder, recipe, seed),
        train_dataset=examples(titles.rows("train")),
        eval_dataset=held_out,
        data_collator=DataCollatorWithPadding(tokenizer),
        compute_metrics=_scores,
        callbacks=[EarlyStoppingCallback(recipe.patience), callback],
        optimizers=(torch.optim.AdamW(list(_groups(model, recipe))), None),
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train(resume_from_checkpoint=begun)
    return classifier.cpu().eval(), tokenizer, _curve(trainer.state.log_history), callback.seconds()


def arguments(folder: Path, recipe: Recipe, seed: int) -> TrainingArguments:
    """Return the Trainer's arguments."""
    processes = int(os.environ.get("WORLD_SIZE", "1"))
    return TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=recipe.epochs,
        per_device_train_batch_size=max(1, recipe.batch // processes),
        per_device_eval_batch_size=EVALUATED,
        learning_rate=recipe.learning_rate,
        warmup_steps=recipe.warmup,
        lr_scheduler_type="linear",
        max_grad_norm=1.0,
        eval_strategy="epoch",
        save_strategy="epoch",
        save_total_limit=2,
        load_best_model_at_end=True,
        metric_for_best_model="average_precision",
        logging_strategy="epoch",  # a mean over the steps since the last one, which a killed run would restart
        label_names=["labels", "community"],
        remove_unused_columns=False,
        bf16=fast_bfloat16(),
        use_cpu=not torch.cuda.is_available(),
        dataloader_pin_memory=False,
        ddp_find_unused_parameters=False,
        seed=seed,
        report_to="none",
        disable_tqdm=True,
    )


def fast_bfloat16() -> bool:
    """Return whether this is a GPU or a processor that multiplies bfloat16 faster than float32 matrices."""
    can = torch.cpu.get_capabilities()
    return torch.cuda.is_available() or can.get("amx_bf16", False) or can.get("avx512_bf16", False)


def reads(model: PreTrainedModel, recipe: Recipe) -> int:
    """Return the number of tokens that the published model reads at once, at most what its encoder can read."""
    return min(recipe.reads, getattr(model.config, "max_position_embeddings", recipe.reads))


def logits(model: PreTrainedModel, tokenizer, texts: np.ndarray, *, length: int) -> np.ndarray:
    """Return the model's full-precision logits for titles: (n, 2)."""
    order = np.argsort([len(text) for text in texts], kind="stable")
    results = np.empty((len(texts), len(NAMES)), np.float32)
    device = next(model.parameters()).device
    with torch.inference_mode():
        for at in range(0, len(order), EVALUATED):
            rows = order[at : at + EVALUATED]
            tokens = tokenizer(
                list(texts[rows]), truncation=True, max_length=length, padding=True, return_tensors="pt"
            )
            results[rows] = model(**tokens.to(device)).logits.float().cpu().numpy()
    return results


def _groups(model: TwoTasks, recipe: Recipe) -> Iterator[dict]:
    """Yield the optimiser's groups: by depth, and whether weights decay."""
    groups: dict[tuple[int, bool], list] = {}
    layers = model.classifier.config.num_hidden_layers
    for name, value in model.named_parameters():
        layer = _LAYER.search(name)
        below = "embeddings" in name
        depth = 0 if below else int(layer[1]) + 1 if layer else layers + 1
        groups.setdefault((depth, value.ndim > 1), []).append(value)
    for (depth, decays), values in groups.items():
        yield {
            "params": values,
            "lr": recipe.learning_rate * recipe.layer_decay ** (layers + 1 - depth),
            "weight_decay": recipe.weight_decay if decays else 0.0,
        }


def _scores(evaluated) -> dict[str, float]:
    labels = evaluated.label_ids[0] if isinstance(evaluated.label_ids, tuple) else evaluated.label_ids
    chances = evaluation.chances(evaluated.predictions.astype(float))
    return {
        "average_precision": evaluation.average_precision(chances, labels),
        "f1": evaluation.f1(chances >= evaluation.threshold(chances, labels), labels),
    }


def _curve(history: list[dict]) -> list[dict]:
    """Return one point per epoch from the Trainer's log."""
    curve = []
    for at, noted in enumerate(history):
        if "eval_loss" in noted:
            losses = [
                entry["loss"]
                for entry in history[:at]
                if "loss" in entry and entry["epoch"] > noted["epoch"] - 1
            ]
            curve.append(
                {
                    "epoch": round(noted["epoch"], 3),
                    "loss": float(np.mean(losses)) if losses else None,
                    "validation_loss": noted["eval_loss"],
                    "average_precision": noted["eval_average_precision"],
                    "f1": noted["eval_f1"],
                }
            )
    return curve


def _begun(folder: Path, run: list) -> str | None:
    """Return the last complete checkpoint of this run, or None; checkpoints of another run are removed."""
    mark = folder / "run.json"
    settings = json.dumps(run)
    if not mark.exists() or mark.read_text(encoding="utf-8") != settings:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        mark.write_text(settings, encoding="utf-8")
    # The last part of a checkpoint: one that was being written when the run was killed lacks it.
    whole = sorted(folder.glob("checkpoint-*/trainer_state.json"), key=lambda path: path.stat().st_mtime)
    return str(whole[-1].parent) if whole else None
