"""What the tab Titles shows of many titles: how many are about space, and the first of them in a table."""

from collections.abc import Sequence

import pandas as pd

from space_app.titles.words import about
from space_app.watch import Status
from space_app.words import age, commit_link, esc, renaming
from spacehub.serving.tables import MAX_BYTES, MAX_ROWS
from spacehub.serving.titles.predictor import TitlesPredictor
from spacehub.serving.titles.texts import COLUMN
from spacehub.serving.words import cut, percent

LISTED, LENGTH = 100, 160
WORDS = f"""
<h3>Many titles at once</h3>
<p>Paste them, or choose a CSV file, separated by commas, semicolons or tabs, whose first line names a column <code>{COLUMN}</code>; at most {MAX_ROWS:,} of
them and {MAX_BYTES / 2**20:.0f} MB. Your columns come back, and after them <code>label</code>, <code>space_chance</code> by BERT and
<code>linear_chance</code> by the linear model.</p>"""


def answers(titles: Sequence[str], answered: pd.DataFrame, names: dict[str, str], status: Status) -> str:
    """Draw the counts, the columns that have other names in the file, and the first rows in their order."""
    predictor: TitlesPredictor = status.served
    good = answered["space_chance"].notna()
    space = answered["label"] == predictor.labels[1]
    apart = good & ((answered["linear_chance"] >= predictor.linear.threshold) != space)
    unanswered = len(answered) - int(good.sum())
    problems = (
        f" {_count(unanswered, 'row has', 'rows have')} no answer; the table says why." if unanswered else ""
    )
    renamed = "".join(f" {esc(renaming(ours, theirs))}" for ours, theirs in names.items() if ours != theirs)
    more = len(answered) - LISTED
    rest = f"<p>The file has {_count(more, 'row', 'rows')} more.</p>" if more > 0 else ""
    rows = "".join(
        _row(title, row, predictor)
        for title, row in zip(titles[:LISTED], answered.head(LISTED).to_dict("records"), strict=True)
    )
    return f"""
<p class="reliability"><b>{int(space.sum()):,} of {_count(len(answered), "title is", "titles are")} about space</b>, says BERT. The linear model
says otherwise of {int(apart.sum()):,}. BERT says it from {100 * predictor.threshold:.1f} % on, the linear model from
{100 * predictor.linear.threshold:.1f} %.{problems}{renamed}</p>
<table class="titles-table"><thead><tr><th>Title</th><th>BERT</th><th></th><th>Linear</th></tr></thead><tbody>{rows}</tbody></table>
{rest}<p class="provenance">Answered by {esc(status.entry.repo_id)} at {commit_link(status.page, status.commit)}, published
{age(status.made)}.</p>"""


def _row(title: str, row: dict, predictor: TitlesPredictor) -> str:
    text = f'<td dir="auto">{esc(cut(title, LENGTH))}</td>'
    if row["space_chance"] != row["space_chance"]:
        return f'<tr>{text}<td colspan="3" class="problem">{esc(row["problem"])}</td></tr>'
    chance, linear = row["space_chance"], row["linear_chance"]
    other = (
        " other" if (linear >= predictor.linear.threshold) != (row["label"] == predictor.labels[1]) else ""
    )
    kind = "published" if row["label"] == predictor.labels[1] else ""
    return (
        f'<tr>{text}<td><i class="bar"><em style="width:{100 * chance:.0f}%"></em></i>{esc(percent(chance))}</td>'
        f'<td><span class="pill {kind}">{esc(about(row["label"]))}</span></td>'
        f'<td class="linear{other}">{esc(percent(linear))}</td></tr>'
    )


def _count(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"
