"""``spacehub challenge``: take part in the challenge on the landings, or organise it."""

import argparse
import os
from pathlib import Path

from spacehub.serving.challenge.leaderboard import Board, Row, Score
from spacehub.serving.challenge.rules import DAYS


def add_challenge(commands: argparse._SubParsersAction) -> None:
    """Add the command and its subcommands."""
    challenge = commands.add_parser(
        "challenge", help="predict the hidden outcomes of landings, and compare your results on a leaderboard"
    )
    steps = challenge.add_subparsers(required=True, metavar="STEP")

    start = steps.add_parser("start", help="create a new folder that contains the data and a first model")
    start.add_argument("folder", type=Path, metavar="FOLDER")
    start.set_defaults(run=_start)

    submit = steps.add_parser("submit", help="submit a CSV file with one probability per row of test.csv")
    submit.add_argument("file", type=Path, metavar="FILE")
    submit.set_defaults(run=_submit)

    board = steps.add_parser("board", help="show the leaderboard of the challenge")
    board.set_defaults(run=_board)

    opening = steps.add_parser("open", help="for organisers: draw a random hidden split and open a round")
    opening.add_argument(
        "--days",
        type=_days,
        default=DAYS,
        metavar="N",
        help="number of days to keep the round open (default: %(default)s)",
    )
    opening.set_defaults(run=_open)

    score = steps.add_parser(
        "score", help="for organisers: score new submissions and publish the leaderboard"
    )
    score.set_defaults(run=_score)

    host = steps.add_parser(
        "host",
        help="for organisers: open a round if none is open, and score submissions until you stop the command",
    )
    host.set_defaults(run=_host)


def table(board: Board) -> str:
    """Return the leaderboard as text."""
    heads = ["rank", "account", "public score", "private score", "submissions"]
    lines = [heads, *([str(rank or "–"), *_cells(row)] for rank, row in board.ranked())]
    widths = [max(len(line[place]) for line in lines) for place in range(len(heads))]
    rows = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    by = "private" if board.final else "public"
    return "\n".join([*rows, "", f"Round {board.round}, ranked by the {by} Brier score (lower is better, with a 95 % confidence interval). A star (*) marks a score that beats the baseline."])  # fmt: skip


def _cells(row: Row) -> list[str]:
    return [row.account, _written(row.public), _written(row.private), str(row.count)]


def _written(score: Score | None) -> str:
    if score is None:
        return "after closing"
    return f"{score.value:.4f} [{score.low:.3f}, {score.high:.3f}]{' *' if score.beats else ''}"


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:4]) <= 365:
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is not a whole number of days from 1 to 365")
    return int(text)


def _start(options: argparse.Namespace) -> None:
    from spacehub.challenge import learner

    rules = learner.start(options.folder)
    print(f"{options.folder} contains {rules.train} training launches and {rules.test} launches to predict.")
    print(
        f"Closing time of the round: {rules.closes:%Y-%m-%d %H:%M} UTC. Submissions per day: {rules.daily}. To try the first model, run:"
    )
    print(f"python {options.folder}/{learner.STARTER}")


def _submit(options: argparse.Namespace) -> None:
    _quietly()
    from spacehub.challenge import learner

    number, left = learner.submit(options.file)
    print(
        f"Submitted as pull request {number}. You can submit {left} more times today. To see the score later, run: spacehub challenge board"
    )


def _board(_: argparse.Namespace) -> None:
    from spacehub.challenge import hub

    rules = hub.require_rules()
    found = hub.board()
    print(f"Closing time of the round: {rules.closes:%Y-%m-%d %H:%M} UTC.")
    print(table(found) if found else "No submission has been scored yet.")


def _open(options: argparse.Namespace) -> None:
    _quietly()
    from spacehub.challenge import organise
    from spacehub.serving.challenge import rules

    opened = organise.open_round(options.days)
    print(f"Opened round {opened.round} of {rules.repo_id()}, until {opened.closes:%Y-%m-%d %H:%M} UTC.")
    print("To score new submissions, run: spacehub challenge score")


def _score(_: argparse.Namespace) -> None:
    _quietly()
    from spacehub.challenge.score import score
    from spacehub.serving.challenge import rules

    print(table(score(rules.now())))


def _host(_: argparse.Namespace) -> None:
    _quietly()
    from spacehub.challenge import organise

    organise.host(lambda line: print(line, flush=True))


def _quietly() -> None:
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")  # read when the client is imported
