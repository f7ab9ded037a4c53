"""``spacehub mission``: start a mission, publish it under your name, and show your missions in a portfolio."""

import argparse
import os
from pathlib import Path


def add_mission(commands: argparse._SubParsersAction) -> None:
    """Add the command and its three subcommands."""
    mission = commands.add_parser("mission", help="publish your own model, so that anyone can verify it")
    steps = mission.add_subparsers(required=True, metavar="STEP")

    new = steps.add_parser("new", help="create a new mission folder from a template")
    new.add_argument(
        "folder",
        type=Path,
        metavar="FOLDER",
        help="folder to create (its name becomes the name of the model)",
    )
    new.set_defaults(run=_new)

    publish = steps.add_parser("publish", help="fit, evaluate and publish the mission in a folder")
    publish.add_argument(
        "folder", type=Path, metavar="FOLDER", help="folder that contains mission.toml and model.py"
    )
    publish.add_argument("--account", required=True, metavar="NAME", help="name of your account on the Hub")
    publish.set_defaults(run=_publish)

    portfolio = steps.add_parser("portfolio", help="verify all your missions and list them on a page")
    portfolio.add_argument("account", metavar="NAME", help="name of your account on the Hub")
    portfolio.add_argument(
        "--folder",
        type=Path,
        default=Path("portfolio"),
        help="folder to write the page to (default: %(default)s)",
    )
    portfolio.add_argument(
        "--progress",
        type=Path,
        metavar="FILE",
        help="file with your exported course progress, which the page then shows",
    )
    portfolio.add_argument(
        "--publish", action="store_true", help="also push the page as the NAME/portfolio Space"
    )
    portfolio.set_defaults(run=_portfolio)


def _new(options: argparse.Namespace) -> None:
    from spacehub.mission.publish import new

    new(options.folder)
    print(f"Fill in {options.folder}/mission.toml, and change model.py if you like. Then run:")
    print(f"spacehub mission publish {options.folder} --account NAME")


def _publish(options: argparse.Namespace) -> None:
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")  # read when the client is imported
    from spacehub.mission.publish import publish

    repo_id, commit = publish(options.folder, options.account)
    print(f"Published {repo_id} at {commit[:8]}. To have it graded, run: spacehub verify {repo_id}")


def _portfolio(options: argparse.Namespace) -> None:
    from spacehub.mission import portfolio

    holding = portfolio.write(options.account, options.folder, progress=options.progress)
    print(f"{options.folder}/index.html lists the missions of {options.account}. Verified: {holding}.")
    if options.publish:
        print(
            f"Published {options.account}/{portfolio.NAME} at {portfolio.publish(options.account, options.folder)[:8]}."
        )
