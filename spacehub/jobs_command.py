"""`spacehub jobs run`: run a training script on other hardware. To list or cancel jobs, use ``hf jobs``."""

import argparse
import os


def add_jobs(commands) -> None:
    """Add ``jobs run`` to the commands of a parser."""
    jobs = commands.add_parser("jobs", help="run a training script on Hugging Face Jobs")
    inner = jobs.add_subparsers(required=True, metavar="COMMAND")
    run = inner.add_parser(
        "run",
        parents=[_own()],
        help="submit a training script as a job, and show the log until the job ends",
        description="Submit a training script and show its log until it ends. To list or cancel jobs, use: hf jobs",
        allow_abbrev=False,
    )
    run.add_argument("script", metavar="SCRIPT", help="training script, for example train_titles")
    rest = "arguments for the script, for example --preset full"
    run.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGUMENT", help=rest)
    run.set_defaults(run=_run)


def _own() -> argparse.ArgumentParser:
    """Return the parser of our own options, which may also follow the script's name."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument(
        "--flavor",
        default="cpu-basic",
        help="hardware to use (default: %(default)s). To list the choices, run `hf jobs hardware`",
    )
    parser.add_argument("--timeout", default="2h", help="stop the job after this time (default: %(default)s)")
    parser.add_argument("--detach", action="store_true", help="do not wait for the job to end")
    return parser


def _run(options: argparse.Namespace) -> None:
    # The client reads this when it is imported. Buckets need Xet.
    os.environ["HF_HUB_DISABLE_XET"] = "0"
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    from spacehub.jobs import submit

    options, arguments = _own().parse_known_args(options.arguments, options)
    submit(
        options.script,
        [word for word in arguments if word != "--"],
        flavor=options.flavor,
        timeout=options.timeout,
        say=lambda line: print(line, flush=True),
        wait=not options.detach,
    )
