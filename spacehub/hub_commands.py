"""The command line of the embedded Hub: run it, check it, clean it, and take repos out and in."""

import argparse
from collections.abc import Callable
from pathlib import Path

from spacehub.errors import SpaceHubError


def add_hub(commands) -> None:
    """Add ``hub`` and its subcommands to a parser's commands."""
    hub = commands.add_parser(
        "hub",
        help="run the embedded Hub, or check, clean, export, import, mirror",
        description="Without a COMMAND: run the embedded Hub. The commands work with or without a running Hub.",
    )
    hub.add_argument("--root", type=Path, help="folder that holds it (default: hub/ under SPACEHUB_HOME)")
    hub.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    hub.add_argument("--port", type=_port, default=7870, help="port to listen on (default: %(default)s)")
    hub.add_argument("--accounts", type=Path, help="JSON file of accounts and tokens (default: one account)")
    hub.add_argument(
        "--run-spaces", action="store_true", help="start each Space that is pushed: it runs code as you"
    )
    hub.set_defaults(run=_told(_serve))
    inner = hub.add_subparsers(metavar="COMMAND")

    def add(name: str, run: Callable, help: str) -> argparse.ArgumentParser:
        command = inner.add_parser(name, help=help, description=f"{help[0].upper()}{help[1:]}.")
        command.add_argument("--root", type=Path, default=argparse.SUPPRESS, help="folder that holds the Hub")
        command.set_defaults(run=_told(run))
        return command

    named = {"metavar": "REPO", "help": "NAMESPACE/NAME, datasets/NAMESPACE/NAME or spaces/NAMESPACE/NAME"}
    fsck = add("fsck", _fsck, "look for damage; exit code 1 if there is any")
    fsck.add_argument("repo", nargs="?", **named | {"help": f"{named['help']} (default: the whole Hub)"})
    fsck.add_argument("--quick", action="store_true", help="do not read the large files")

    gc = add("gc", _gc, "remove large files and git objects that nothing needs, and merge packs")
    gc.add_argument("repo", nargs="?", **named | {"help": f"{named['help']} (default: the whole Hub)"})
    gc.add_argument("--dry-run", action="store_true", help="only tell what would be removed")
    gc.add_argument(
        "--grace",
        type=_hours,
        default=24.0,
        metavar="HOURS",
        help="keep what is younger (default: %(default)g)",
    )

    export = add("export", _export, "write a repo into one file")
    export.add_argument("repo", **named)
    export.add_argument("file", type=Path, metavar="FILE.tar")

    take = add("import", _import, "make a repo of an exported file")
    take.add_argument("file", type=Path, metavar="FILE.tar")
    take.add_argument("--as", dest="name", metavar="REPO", help="another name for it")

    mirror = add("mirror", _mirror, "make a repo with what its namesake elsewhere has at its newest commit")
    mirror.add_argument("repo", **named)
    mirror.add_argument(
        "--from",
        dest="origin",
        required=True,
        metavar="ORIGIN",
        help="huggingface.co, the address of a Hub, or a folder: a git clone, a client's cache, or plain files",
    )


def _told(run: Callable[[argparse.Namespace], None]) -> Callable[[argparse.Namespace], None]:
    """Run a command on the Hub's folder; its mistakes become ours."""

    def run_and_tell(options: argparse.Namespace) -> None:
        from spacehub import home
        from spacehub.localhub.errors import LocalHubError

        options.root = options.root or home.home() / "hub"
        try:
            run(options)
        except LocalHubError as error:
            raise SpaceHubError(error.problem, error.mend) from error

    return run_and_tell


def _serve(options: argparse.Namespace) -> None:
    from spacehub.localhub.server import serve

    serve(
        root=options.root,
        host=options.host,
        port=options.port,
        accounts=options.accounts,
        run_spaces=options.run_spaces,
    )


def _fsck(options: argparse.Namespace) -> None:
    from spacehub.localhub.maintenance.fsck import fsck
    from spacehub.localhub.maintenance.hub_folder import open_hub

    with open_hub(options.root) as store:
        found = 0
        for damage in fsck(store, options.repo, quick=options.quick, say=_say):
            _say(f"DAMAGE {damage}")
            found += 1
    if found:
        raise SpaceHubError(
            f"{found} faults were found.", "Each line above that begins with DAMAGE says what to do."
        )
    _say("No damage was found." + (" Large files were not read." if options.quick else ""))


def _gc(options: argparse.Namespace) -> None:
    from spacehub.localhub.maintenance.garbage import collect_garbage
    from spacehub.localhub.maintenance.hub_folder import amount, open_hub

    with open_hub(options.root) as store:
        freed = collect_garbage(
            store, options.repo, grace_hours=options.grace, dry_run=options.dry_run, say=_say
        )
    verb = "Would remove" if options.dry_run else "Removed"
    _say(
        f"{verb} {freed.large_files} large files, merge{'' if options.dry_run else 'd'} {freed.packed} files of git"
        f" objects: {amount(freed.bytes)} freed."
    )
    if freed.damaged:
        raise SpaceHubError(
            f"Damaged and left alone: {', '.join(freed.damaged)}.", "See what `spacehub hub fsck` says."
        )


def _export(options: argparse.Namespace) -> None:
    from spacehub.localhub.maintenance.exporting import export_repo
    from spacehub.localhub.maintenance.hub_folder import amount, open_hub

    with open_hub(options.root) as store:
        size = export_repo(store, options.repo, options.file)
    _say(f"{options.file}: {amount(size)}")


def _import(options: argparse.Namespace) -> None:
    from spacehub.localhub.maintenance.hub_folder import open_hub
    from spacehub.localhub.maintenance.importing import import_repo

    with open_hub(options.root, make=True) as store:
        _say(f"{import_repo(store, options.file, name=options.name).web_path} is in.")


def _mirror(options: argparse.Namespace) -> None:
    from spacehub.localhub.maintenance.hub_folder import open_hub
    from spacehub.localhub.maintenance.mirror import mirror

    with open_hub(options.root, make=True) as store:
        id, commit = mirror(store, options.repo, options.origin, say=_say)
    _say(f"{id.web_path} is in, at {commit}.")


def _say(line: str) -> None:
    print(line, flush=True)


def _port(text: str) -> int:
    """Read a port; 0 stands for a free one."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: use a number from 0 to 65535")
    return int(text)


def _hours(text: str) -> float:
    """Read a number of hours."""
    try:
        hours = float(text)
    except ValueError:
        hours = -1.0
    if not 0 <= hours < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of hours: use 0 or more")
    return hours
