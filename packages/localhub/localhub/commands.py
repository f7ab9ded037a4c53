"""The command line of the embedded Hub: run, check and clean it; export, import and mirror repositories."""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from localhub.errors import LocalHubError


def main(arguments: list[str] | None = None) -> None:
    """Run one command. If the user made a mistake, print the problem and the fix, and exit with code 1."""
    parser = argparse.ArgumentParser(prog="localhub")
    add_commands(parser, default="a temporary folder")
    options = parser.parse_args(arguments)
    try:
        if options.root is None and options.command is _serve:
            with tempfile.TemporaryDirectory(prefix="localhub-", ignore_cleanup_errors=True) as folder:
                options.root = Path(folder)
                options.command(options)
        elif options.root is None:
            parser.error("this command needs the folder of the embedded Hub: add --root FOLDER")
        else:
            options.command(options)
    except LocalHubError as error:
        sys.exit(f"localhub: {error.problem}\n          {error.fix}")
    except KeyboardInterrupt:
        sys.exit(130)


def add_commands(hub: argparse.ArgumentParser, *, default: str) -> None:
    """Add the options and subcommands to a parser; ``command`` takes the parsed options and raises `LocalHubError`.

    `default` describes the folder that the caller chooses if ``root`` is None.
    """
    hub.description = "Run an embedded Hub, or run a COMMAND on the folder of an embedded Hub. The commands also work while the embedded Hub is running."
    hub.add_argument("--root", type=Path, help=f"folder of the embedded Hub (default: {default})")
    hub.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    hub.add_argument("--port", type=_port, default=7870, help="port to listen on (default: %(default)s)")
    hub.add_argument(
        "--accounts", type=Path, help="JSON file with accounts and tokens (default: one account)"
    )
    hub.add_argument(
        "--run-spaces",
        action="store_true",
        help="run each pushed Space (the Space's code runs with your permissions)",
    )
    hub.add_argument(
        "--run-jobs",
        action="store_true",
        help="run submitted jobs (the jobs' code runs with your permissions)",
    )
    hub.add_argument(
        "--inference",
        action="store_true",
        help="answer inference requests using the ONNX models in repositories",
    )
    hub.set_defaults(command=_serve)
    inner = hub.add_subparsers(metavar="COMMAND")

    def add(name: str, run: Callable[..., Any], help: str) -> argparse.ArgumentParser:
        command = inner.add_parser(name, help=help, description=f"{help[0].upper()}{help[1:]}.")
        command.add_argument(
            "--root", type=Path, default=argparse.SUPPRESS, help="folder of the embedded Hub"
        )
        command.set_defaults(command=run)
        return command

    named: dict[str, Any] = {
        "metavar": "REPO",
        "help": "NAMESPACE/NAME, datasets/NAMESPACE/NAME or spaces/NAMESPACE/NAME",
    }
    fsck = add("fsck", _fsck, "check repositories for damage (the exit code is 1 if a repository is damaged)")
    fsck.add_argument("repo", nargs="?", **named | {"help": f"{named['help']} (default: all repositories)"})
    fsck.add_argument("--quick", action="store_true", help="do not check the content of large files")

    gc = add("gc", _gc, "remove unreferenced large files and git objects, and merge packs")
    gc.add_argument("repo", nargs="?", **named | {"help": f"{named['help']} (default: all repositories)"})
    gc.add_argument("--dry-run", action="store_true", help="only show what would be removed")
    gc.add_argument(
        "--grace",
        type=_hours,
        default=24.0,
        metavar="HOURS",
        help="keep files that are less than this number of hours old (default: %(default)g)",
    )

    export = add("export", _export, "export a repository to a file")
    export.add_argument("repo", **named)
    export.add_argument("file", type=Path, metavar="FILE.tar")

    take = add("import", _import, "import a repository from an exported file")
    take.add_argument("file", type=Path, metavar="FILE.tar")
    take.add_argument("--as", dest="name", metavar="REPO", help="import the repository under this name")

    mirror = add("mirror", _mirror, "copy the latest commit of a repository from another Hub or a folder")
    mirror.add_argument("repo", **named)
    mirror.add_argument(
        "--from",
        dest="origin",
        required=True,
        metavar="ORIGIN",
        help="where to copy from: huggingface.co, the address of another Hub, or a folder (a git clone, a client's cache or plain files)",
    )


def _serve(options: argparse.Namespace) -> None:
    from localhub.server import serve

    serve(
        root=options.root,
        host=options.host,
        port=options.port,
        accounts=options.accounts,
        run_spaces=options.run_spaces,
        run_jobs=options.run_jobs,
        inference=options.inference,
    )


def _fsck(options: argparse.Namespace) -> None:
    from localhub.maintenance.fsck import fsck
    from localhub.maintenance.hub_folder import open_hub

    with open_hub(options.root) as store:
        faults = 0
        for damage in fsck(store, options.repo, quick=options.quick, say=_say):
            _say(f"DAMAGE {damage}")
            faults += 1
    if faults:
        raise LocalHubError(
            f"Found damage in {faults} place{'' if faults == 1 else 's'}. See the lines above that start with DAMAGE.",
            "Each of these lines explains how to fix the damage.",
        )
    _say("No damage found." + (" Large files were not read." if options.quick else ""))


def _gc(options: argparse.Namespace) -> None:
    from localhub.maintenance.garbage import collect_garbage
    from localhub.maintenance.hub_folder import amount, open_hub

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
        raise LocalHubError(
            f"These repositories are damaged and were not changed: {', '.join(freed.damaged)}.",
            f"For details, run: localhub fsck --root {options.root}",
        )


def _export(options: argparse.Namespace) -> None:
    from localhub.maintenance.exporting import export_repo
    from localhub.maintenance.hub_folder import amount, open_hub

    with open_hub(options.root) as store:
        size = export_repo(store, options.repo, options.file)
    _say(f"{options.file}: {amount(size)}")


def _import(options: argparse.Namespace) -> None:
    from localhub.maintenance.hub_folder import open_hub
    from localhub.maintenance.importing import import_repo

    with open_hub(options.root, make=True) as store:
        _say(f"Imported {import_repo(store, options.file, name=options.name).web_path}.")


def _mirror(options: argparse.Namespace) -> None:
    from localhub.maintenance.hub_folder import open_hub
    from localhub.maintenance.mirror import mirror

    with open_hub(options.root, make=True) as store:
        id, commit = mirror(store, options.repo, options.origin, say=_say)
    _say(f"Mirrored {id.web_path} at commit {commit}.")


def _say(line: str) -> None:
    print(line, flush=True)


def _port(text: str) -> int:
    """Parse a port; 0 means any free port."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a valid port: use a whole number from 0 to 65535")
    return int(text)


def _hours(text: str) -> float:
    """Parse a number of hours."""
    try:
        hours = float(text)
    except ValueError:
        hours = -1.0
    if not 0 <= hours < 1e6:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a valid number of hours. Use 0 or a positive number"
        )
    return hours
