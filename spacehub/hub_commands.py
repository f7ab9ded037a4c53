"""`spacehub hub`: the embedded Hub's command line, with the Hub's data under ``SPACEHUB_HOME``."""

import argparse

from spacehub.errors import SpaceHubError


def add_hub(commands) -> None:
    """Add ``hub`` and its subcommands to the commands of a parser."""
    from localhub.commands import add_commands

    hub = commands.add_parser(
        "hub", help="run the embedded Hub, or check, clean, export, import or mirror its repositories"
    )
    add_commands(hub, default="hub/ under SPACEHUB_HOME")
    hub.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> None:
    """Set the default folder of the Hub, run the command, and convert its errors to `SpaceHubError`."""
    from localhub.errors import LocalHubError
    from spacehub import home

    options.root = options.root or home.home() / "hub"
    try:
        options.command(options)
    except LocalHubError as error:
        raise SpaceHubError(error.problem, error.fix) from error
