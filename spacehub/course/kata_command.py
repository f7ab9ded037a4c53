"""``spacehub kata``: list the katas, start one, and check a solution."""

import argparse
import textwrap

from spacehub.course import kata as katas
from spacehub.course import progress
from spacehub.errors import SpaceHubError


def add_kata(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    command = commands.add_parser(
        "kata", help="list the graded exercises of the course, start an exercise, or check your solution"
    )
    command.add_argument(
        "number",
        nargs="?",
        metavar="NUMBER",
        help="number of the exercise, for example 4.2 (default: list all exercises)",
    )
    command.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help="file with your solution (default: print the starting file)",
    )
    command.add_argument("--hint", type=int, metavar="N", default=0, help="show the first N hints")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Run the command; exit with code 1 if a check fails."""
    from pathlib import Path

    if options.number is None:
        print(listing())
        return
    kata = katas.load(options.number)
    if options.hint < 0:
        raise SpaceHubError(
            f"Hint {options.hint} does not exist.", f"Choose a whole number from 1 to {len(kata.hints)}."
        )
    if options.file is None:
        print(hints(kata, options.hint) if options.hint else beginning(kata))
        return
    result = katas.check(kata, Path(options.file))
    print(feedback(kata, result))
    if result.passed:
        print(
            f"Recorded in {progress.record(kata.number)}; the app's page /course/progress can merge this file."
        )
        print(following(kata.number))
        return
    if options.hint:
        print(hints(kata, options.hint))
    if options.hint < len(kata.hints):
        print(f"Need a hint? spacehub kata {kata.number} {options.file} --hint {options.hint + 1}   (of {len(kata.hints)})")  # fmt: skip
    raise SystemExit(1)


def listing() -> str:
    """Return the number and title of every kata, a mark for passed katas, and the next commands."""
    done = progress.passed()
    lines = [f"{'✓' if number in done else ' '} {number:>5}  {katas.load(number).title}" for number in katas.numbers()]  # fmt: skip
    return "\n".join(
        [*lines, "", f"Start one:  {starting('1.1')}", "Check it:   spacehub kata 1.1 kata-1.1.py"]
    )


def starting(number: str) -> str:
    """Return the command that starts a kata in its own file."""
    return f"spacehub kata {number} > kata-{number}.py"


def following(number: str) -> str:
    """Return the command that starts the next kata that was not passed, or a sentence if all were passed."""
    numbers, done = list(katas.numbers()), progress.passed() | {number}
    place = numbers.index(number)
    left = [one for one in numbers[place:] + numbers[:place] if one not in done]
    return f"Next: {starting(left[0])}" if left else "You passed all katas."


def beginning(kata: katas.Kata) -> str:
    """Return the file to start from: the task as comments, and the head of the function."""
    parts = [f"Kata {kata.number}: {kata.title}", "", *kata.task.split("\n\n")]
    lines = [line for part in parts for line in (textwrap.wrap(part, 96) or [""])]
    comment = "\n".join(f"# {line}".rstrip() for line in lines)
    return f"{comment}\n# Check it: spacehub kata {kata.number} kata-{kata.number}.py\n\n\n{kata.start.rstrip()}".replace(
        "'''", '"""'
    )


def feedback(kata: katas.Kata, result: katas.Result) -> str:
    """Return the passed checks, and the failed checks with their errors."""
    lines = [f"Kata {kata.number}: {kata.title}"]
    for name, wrong in result.checks:
        mark = {"": "ok  ", None: "-   "}.get(wrong, "FAIL")
        lines += [f"  {mark}  {name}"] + ([f"        {wrong}"] if wrong else [])
    passed = sum(wrong == "" for _, wrong in result.checks)
    if result.problem:
        lines.append(result.problem)
    if result.printed and not result.passed:
        lines += ["Your file printed:", textwrap.indent(result.printed, "    ")]
    lines.append(f"{passed} of {len(result.checks)} checks passed.")
    return "\n".join(lines)


def hints(kata: katas.Kata, count: int) -> str:
    """Return the first hints."""
    return "\n".join(f"Hint {place}: {hint}" for place, hint in enumerate(kata.hints[:count], start=1))
