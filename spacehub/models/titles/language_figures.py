"""Draw the figures on the language of titles: three tokenisations, tone, nearest neighbours, and a map."""

import textwrap
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from spacehub.models.figures import GREY, GRID, INK, ORANGE, PURPLE, RED, TEAL, figure, save, title

WIDTH = 62  # characters of a title


def write(drawings: dict[str, Figure], folder: Path) -> None:
    """Write the figures as PNG by name."""
    for name, drawing in drawings.items():
        save(drawing, folder / f"{name}.png")


def cutting(ways: list[dict]) -> Figure:
    """Draw the result of `spacehub.models.titles.cutting.describe`."""
    drawing, (terms, lengths, unseen, example) = figure(width=15, height=4.2, columns=4)
    names, places = [way["name"] for way in ways], np.arange(len(ways))
    for offset, key, colour, name in (
        (-0.2, "terms", GREY, "all"),
        (0.2, "common", PURPLE, "in two titles or more"),
    ):
        terms.barh(places + offset, [way[key] / 1000 for way in ways], 0.38, color=colour, label=name)
    terms.set_xlabel("different terms in the training titles, in thousands")
    terms.legend(frameon=False, fontsize=8, loc="lower right")
    title(terms, "Vocabulary")
    spans = [way["tokens"] for way in ways]
    middle = np.array([span["median"] for span in spans])
    ends = np.array([[span["median"] - span["low"], span["high"] - span["median"]] for span in spans]).T
    lengths.errorbar(
        middle, places, xerr=ends, fmt="o", color=PURPLE, capsize=4, linewidth=3, label="middle half"
    )
    lengths.plot(
        [span["most"] for span in spans], places, "|", color=INK, markersize=14, label="99 % are shorter"
    )
    lengths.set(xlabel="tokens per title", xlim=(0, None))
    lengths.legend(frameon=False, fontsize=8, loc="lower right")
    title(lengths, "Length")
    for offset, key, colour, name in (
        (-0.2, "unseen", GREY, "in no training title"),
        (0.2, "unlearnt", RED, "in at most one"),
    ):
        unseen.barh(places + offset, [100 * way[key] for way in ways], 0.38, color=colour, label=name)
    unseen.set_xlabel("% of the tokens of test titles")
    unseen.legend(frameon=False, fontsize=8, loc="lower right")
    title(unseen, "Unknown")
    for axes in (terms, lengths, unseen):
        axes.set_yticks(places, names)
        axes.set_ylim(len(ways) - 0.4, -0.6)
    most = max(len(way["example"]) for way in ways)
    example.axis("off")
    example.set(xlim=(0, 1), ylim=(most + 0.2, -1.2))
    title(example, "One sentence, split into tokens")
    for left, way in zip((0, 0.28, 0.76), ways, strict=True):
        example.text(left, -0.6, way["name"], fontsize=8, color=GREY, va="center")
        for row, token in enumerate(way["example"]):
            box = {"facecolor": f"{PURPLE}22", "edgecolor": "none", "pad": 1.8}
            example.text(left, row + 0.3, token, fontsize=7, color=INK, va="center", bbox=box)
    return drawing


def tone(measured: dict) -> Figure:
    """Draw the result of `spacehub.models.titles.tone.describe`: by community and, if it was checked, the check."""
    checked = measured["checked"]
    drawing, axes = figure(width=12 if checked else 8, height=7.2, columns=2 if checked else 1)
    rows = [*measured["communities"], *measured["labels"]]
    rows[-2:] = [row | {"name": f"all {row['name']}"} for row in rows[-2:]]
    rows.sort(key=lambda row: row["positive"]["value"] - row["negative"]["value"])
    for sign, name, colour in ((1, "positive", TEAL), (-1, "negative", RED)):
        values = np.array([[row[name][part] for part in ("value", "low", "high")] for row in rows]) * 100
        apart = np.abs(values[:, 1:] - values[:, :1]).T
        axes[0].barh(range(len(rows)), sign * values[:, 0], 0.72, color=colour, label=name)
        axes[0].errorbar(
            sign * values[:, 0],
            range(len(rows)),
            xerr=apart[::sign],
            fmt="none",
            ecolor=INK,
            elinewidth=0.8,
        )
    axes[0].set_yticks(range(len(rows)), [row["name"] for row in rows], fontsize=8)
    for text, row in zip(axes[0].get_yticklabels(), rows, strict=True):
        text.set_color(PURPLE if row["label"] == "space" else INK)
        text.set_fontweight("bold" if row["name"].startswith("all ") else "normal")
    axes[0].axvline(0, color=INK, linewidth=0.8)
    axes[0].set(
        xlabel="% of titles; negative on the left (violet: about space)", ylim=(-0.8, len(rows) - 0.2)
    )
    axes[0].legend(frameon=False, fontsize=9, loc="lower right")
    title(axes[0], "Tone according to VADER")
    if checked:
        _confusion(axes[1], checked)
    return drawing


def _confusion(axes, checked: dict) -> None:
    counts, names = np.array(checked["confusion"]), ("negative", "neutral", "positive")
    axes.imshow(counts, cmap="Purples", vmin=0, vmax=1.6 * counts.max())
    for row in range(3):
        for column in range(3):
            axes.text(column, row, counts[row, column], ha="center", va="center", fontsize=14, color=INK)
    axes.set_xticks(range(3), names)
    axes.set_yticks(range(3), names)
    axes.set(xlabel="VADER", ylabel="annotator")
    kappa, right = checked["kappa"], checked["accuracy"]
    title(
        axes,
        f"Checked on {checked['n']} titles: {100 * right['value']:.0f} % agree\n"
        f"kappa {kappa['value']:.2f} ({kappa['low']:.2f} to {kappa['high']:.2f})",
    )


def neighbours(nearest: dict) -> Figure:
    """Draw the closest titles to some sentences before and after fine-tuning, and the closest words to some words."""
    sentences, words = nearest["titles"], nearest["words"]
    each = 1.6 + max(len(entry["before"]) for entry in sentences)
    last = each * len(sentences) + 0.8
    drawing, [axes] = figure(width=12, height=0.26 * (last + len(words) + 2))
    axes.axis("off")
    axes.set(xlim=(0, 2), ylim=(last + len(words) + 0.6, -1.4))
    title(axes, "Nearest titles by the mean of the last layer (violet: labelled space), and nearest words")
    for column, name in enumerate(("before fine-tuning", "after")):
        axes.text(column + 0.02, -0.7, name, fontsize=9, color=GREY)
    for place, entry in enumerate(sentences):
        axes.text(0, each * place + 0.2, entry["text"], fontsize=10, fontweight="bold", color=INK)
        for column, name in enumerate(("before", "after")):
            for row, near in enumerate(entry[name]):
                text = textwrap.shorten(f"{near['community']}: {near['title']}", WIDTH + 12, placeholder=" …")
                colour = PURPLE if near["label"] == "space" else INK
                axes.text(column + 0.02, each * place + row + 1.2, _plain(text), fontsize=9, color=colour)
    for row, entry in enumerate(words):
        at = last + row
        axes.text(0, at, entry["word"], fontsize=9.5, fontweight="bold", color=INK)
        axes.text(0.2, at, _plain(", ".join(entry["near"])), fontsize=9.5, color=INK)
    return drawing


def plane(
    planes: dict[str, np.ndarray], labels: np.ndarray, communities: np.ndarray, *, near: tuple[str, ...]
) -> Figure:
    """Draw titles (n, 2) on each encoder's map; communities about space and the `near` ones are named."""
    drawing, axes = figure(width=6.5 * len(planes), height=6.2, columns=len(planes))
    missed = np.isin(communities, near)
    kinds = (
        ((labels == 0) & ~missed, GREY, "other"),
        (missed, ORANGE, "near misses"),
        (labels == 1, PURPLE, "space"),
    )
    for ax, (name, places) in zip(axes, planes.items(), strict=True):
        for rows, colour, kind in kinds:
            ax.scatter(*places[rows].T, s=9, color=colour, alpha=0.65, linewidths=0, label=kind)
        for community in sorted(set(communities[missed | (labels == 1)])):
            middle = np.median(places[communities == community], axis=0)
            box = {"facecolor": "white", "edgecolor": GRID, "alpha": 0.8, "pad": 1.2}
            ax.text(*middle, community, fontsize=7.5, ha="center", va="center", color=INK, bbox=box)
        ax.set(xticks=[], yticks=[])
        title(ax, f"Map of titles {name} fine-tuning (t-SNE)")
    axes[0].legend(frameon=False, fontsize=9, markerscale=2, loc="lower left")
    return drawing


def _plain(text: str) -> str:
    """Keep matplotlib from reading a dollar sign as mathematics."""
    return text.replace("$", r"\$")
