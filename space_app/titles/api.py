"""The endpoints of the Titles tab, for programs."""

from pathlib import Path
from typing import Annotated, TypedDict

from gradio import FileData

from space_app.monitoring import drift
from space_app.parameters import Checked, File
from space_app.scratch import scratch
from space_app.served.titles import KEY, MANY_QUEUE
from space_app.titles.words import doubts, trust
from space_app.watch import Watch
from space_app.workers import MODEL_QUEUE
from spacehub.serving.titles import texts
from spacehub.serving.titles.reader import PartKind


class Trust(TypedDict):
    """Of `n` test titles with a similar probability (mean `sure`), the fraction `right` that is about space.

    Interval `low` to `high`.
    """

    n: int
    sure: float
    right: float
    low: float
    high: float
    sentence: str


class Part(TypedDict):
    """A part of the text, its characters, and its contribution to the log odds of *space*.

    The weight of a word or sentence is how much the text's log odds fall without it. The weights of passages
    add up.
    """

    text: str
    start: int
    end: int
    weight: float


class LinearVerdict(TypedDict):
    """The linear model's answer; `terms` lists how much each known word and pair adds to the log odds."""

    label: str
    chance: float
    threshold: float
    terms: dict[str, float]


class Title(TypedDict):
    """The answer for a title: *space* if the probability is at least `threshold`.

    `parts` are what was read, in order. `part_kind` is *words*, or *sentences* if the text is longer than a title,
    or *passages* if the text is too long to be read at once. `trust` is known only for words. `doubts` explain why
    the answer may mean little.
    """

    label: str
    chance: float
    threshold: float
    trust: Trust | None
    part_kind: PartKind
    parts: list[Part]
    linear: LinearVerdict
    doubts: list[str]
    model: str
    commit: str
    simulated: bool


class Row(TypedDict):
    """The answer for one of several titles; probabilities are of *space*, and `problem` says why there is no answer."""

    label: str | None
    chance: float | None
    linear_chance: float | None
    problem: str


class Rows(TypedDict):
    """The answers for several titles, in order."""

    titles: list[Row]
    model: str
    commit: str
    simulated: bool


class Answers(TypedDict):
    """A processed file of titles: how many of its `rows` have an answer, and how many are about space.

    `columns` maps each of our columns to its name in the file: ``label_2`` if the file had a ``label``.
    """

    table: FileData
    columns: dict[str, str]
    rows: int
    answered: int
    about_space: int
    model: str
    commit: str
    simulated: bool


def classify_title(
    watch: Watch, text: Annotated[str, Checked("Enter text of at most 1,000,000 characters", label="Title")]
) -> Title:
    """Classify a title as about space or not, and show which words matter.

    The models were trained on English titles. BERT reads a text of up to about 200 words at once, and a longer text in
    passages of at most that length, up to the 16th passage. BERT ignores the rest.

    Returns
    -------
    Title
        The label and the calibrated probability of space; how many test titles with a similar probability were about
        space; the weight of each word, sentence or passage; the linear model's answer; and reasons to doubt it.
    """
    given, status = texts.one(text), watch.ready(KEY)
    predictor = status.served
    reading, linear = predictor.read(given), predictor.linear
    reliability, reasons = predictor.trust(reading.chance), doubts(given, reading, linear)
    numbers = predictor.features(given) | {drift.ANSWER: reading.chance}
    drift.observe(status, numbers, doubted=bool(reasons))
    if reading.kind == "words":
        status.offer(given, predictor.label(reading.chance))
    [linear_chance] = linear.chances([given]).tolist()
    return Title(
        label=predictor.label(reading.chance),
        chance=reading.chance,
        threshold=predictor.threshold,
        trust=Trust(**vars(reliability), sentence=trust(reliability)) if reading.kind == "words" else None,
        part_kind=reading.kind,
        parts=[Part(text=given[part.start : part.end], **vars(part)) for part in reading.parts],
        linear=LinearVerdict(
            label=predictor.labels[int(linear_chance >= linear.threshold)],
            chance=linear_chance,
            threshold=linear.threshold,
            terms=linear.parts(given),
        ),
        doubts=reasons,
        model=status.entry.repo_id,
        commit=status.commit,
        simulated=status.simulated,
    )


def classify_titles(
    watch: Watch,
    titles: Annotated[
        list[str], Checked("Enter a list of texts", label="Titles", help="At most 100,000 titles.")
    ],
) -> Rows:
    """Classify several titles as about space or not.

    Returns
    -------
    Rows
        For each text: the label, the probability of space, and the linear model's probability; or why there is no
        answer.
    """
    sheet, status = texts.several(titles), watch.ready(KEY)
    answered = texts.answer(sheet, status.served)
    problems = answered.get("problem", [""] * len(answered))
    return Rows(
        titles=[
            Row(label=None, chance=None, linear_chance=None, problem=problem)
            if problem
            else Row(label=row.label, chance=row.space_chance, linear_chance=row.linear_chance, problem="")
            for row, problem in zip(answered.itertuples(), problems, strict=True)
        ],
        model=status.entry.repo_id,
        commit=status.commit,
        simulated=status.simulated,
    )


def classify_titles_file(
    watch: Watch,
    file: Annotated[
        FileData,
        File(
            label="Titles (CSV)",
            help="One title per row, in a column named title. Separate cells with commas, semicolons or "
            "tabs. Use UTF-8, or UTF-16 with a byte-order mark. Each file is limited to 100,000 rows and "
            "20 MB.",
        ),
    ],
) -> Answers:
    """Classify the titles in a CSV file.

    Returns
    -------
    Answers
        The file as uploaded, with the added columns label, space_chance and linear_chance and, if a row
        has no answer, problem; `columns` has their names.
    """
    status = watch.ready(KEY)
    sheet = texts.read_csv(Path(file))
    answered = texts.answer(sheet, status.served)
    path = scratch() / "titles_answered.csv"
    names = sheet.save(path, answered)
    return Answers(
        table=FileData(path=str(path)),
        columns=names,
        rows=len(answered),
        answered=int(answered["space_chance"].notna().sum()),
        about_space=int((answered["label"] == status.served.labels[1]).sum()),
        model=status.entry.repo_id,
        commit=status.commit,
        simulated=status.simulated,
    )


# The queue that each endpoint waits in.
ENDPOINTS = {classify_title: MODEL_QUEUE, classify_titles: MANY_QUEUE, classify_titles_file: MANY_QUEUE}
