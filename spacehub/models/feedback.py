"""Visitors' feedback on a model's answers, read from the dataset in which the app keeps it (`space_app.feedback`).

Anyone who uses the app can write to this dataset, so it is bounded and checked like any untrusted input.
"""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path

from spacehub.errors import SpaceHubError
from spacehub.models.training_data import newest_commit
from spacehub.serving.feedback import Row, read

MOST_FILES, FILE_BYTES, MOST_BYTES, MOST_ROWS = 1_000, 2 * 2**20, 64 * 2**20, 100_000
WEIGHT = 8  # each judged input counts as this many training rows; see docs/feedback.md


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """The rows on one model, of a dataset at a commit; `skipped` lines are not rows."""

    rows: list[Row]
    skipped: int
    id: str
    commit: str

    def labels(self, key=lambda row: row.input) -> dict[Hashable, str]:
        """Return the label that most visitors gave each input, by `key`. An input with a tie is left out.

        A wrong answer without a correction has no label.
        """
        votes: dict[Hashable, Counter] = {}
        for row in self.rows:
            label = row.answer if row.right else row.correction
            if label is not None:
                votes.setdefault(key(row), Counter())[label] += 1
        chosen = {}
        for name, counted in votes.items():
            (label, most), *others = counted.most_common(2)
            if not others or others[0][1] < most:
                chosen[name] = label
        return chosen

    def report(self, used: int) -> dict:
        """Return the facts about the feedback for ``results.json``."""
        counts = {"rows": len(self.rows), "skipped": self.skipped, "used": used, "weight": WEIGHT}
        return {"id": self.id, "commit": self.commit, **counts}


def load(repo_id: str, model: str) -> Feedback:
    """Read the feedback on a model from the Hub at the dataset's newest commit; HF_TOKEN opens a private one.

    Raises
    ------
    SpaceHubError
        If the Hub does not have the dataset, or the feedback exceeds a limit.
    """
    from huggingface_hub import HfApi, snapshot_download

    fix = f"To collect feedback, start the app with SPACEHUB_FEEDBACK={repo_id}."
    commit, pattern = newest_commit(repo_id, fix=fix), f"{model}/*.jsonl"
    info = HfApi().dataset_info(repo_id, revision=commit, files_metadata=True)
    files = [(file, Path(file.rfilename)) for file in info.siblings or ()]
    sizes = [
        file.size or 0 for file, path in files if path.parent.as_posix() == model and path.suffix == ".jsonl"
    ]
    if len(sizes) > MOST_FILES or sum(sizes) > MOST_BYTES or max(sizes, default=0) > FILE_BYTES:
        raise SpaceHubError(
            f"{repo_id} has {len(sizes):,} files with a total of {sum(sizes):,} bytes of feedback on {model}. The limits are "
            f"{MOST_FILES:,} files, {FILE_BYTES:,} bytes per file and {MOST_BYTES:,} bytes in total.",
            "Move older files to another dataset.",
        )
    if not sizes:
        return Feedback(rows=[], skipped=0, id=repo_id, commit=commit)
    folder = snapshot_download(repo_id, repo_type="dataset", revision=commit, allow_patterns=pattern)
    return read_folder(Path(folder), model, repo_id=repo_id, commit=commit)


def read_folder(folder: Path, model: str, *, repo_id: str, commit: str) -> Feedback:
    """Read the feedback on a model in a dataset's folder; lines that are not rows are skipped, and each row counts once."""
    rows, skipped = {}, 0
    for path in sorted(folder.glob(f"{model}/*.jsonl")):
        for line in path.read_bytes().splitlines():
            try:
                row = read(line)
            except ValueError:
                skipped += 1
                continue
            if row.model != model or len(rows) >= MOST_ROWS:
                skipped += 1
            else:
                rows.setdefault(row.id, row)
    return Feedback(rows=list(rows.values()), skipped=skipped, id=repo_id, commit=commit)
