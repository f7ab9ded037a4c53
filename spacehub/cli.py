"""The command line: an embedded Hub, the demo, and publishing to any Hub."""

import argparse
import sys
from pathlib import Path

from spacehub.course.kata_command import add_kata
from spacehub.errors import SpaceHubError
from spacehub.hub_commands import add_hub
from spacehub.predict_command import add_predict


def _demo(options: argparse.Namespace) -> None:
    from spacehub.demo import run

    run(options.keys)


def _publish(options: argparse.Namespace) -> None:
    from spacehub.pipeline import bring_up_to_date

    bring_up_to_date(options.keys, overwrite=options.overwrite, dry_run=options.dry_run)


def _rollback(options: argparse.Namespace) -> None:
    from spacehub.publish import rollback

    print(f"Rolled back, as commit {rollback(options.key, options.commit)}")


def _verify(options: argparse.Namespace) -> None:
    from spacehub.verify import verify

    verify(options.repos, every=options.all, retrain=options.retrain)


def _space(options: argparse.Namespace) -> None:
    from spacehub.space import bundle, push

    if options.folder:
        print(bundle(options.folder))
    else:
        print(push(options.repo))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="spacehub", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    add_hub(commands)

    demo = commands.add_parser("demo", help="embedded Hub, datasets, training and app, all on this machine")
    made = "datasets and models to make (default: all but variants)"
    demo.add_argument("keys", nargs="*", metavar="KEY", help=made)
    demo.set_defaults(run=_demo)

    publish = commands.add_parser("publish", help="build and push what the Hub lacks or holds outdated")
    publish.add_argument("keys", nargs="*", metavar="KEY", help="datasets and models (default: all)")
    publish.add_argument("--overwrite", action="store_true", help="replace cards edited on the Hub, too")
    publish.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
    publish.set_defaults(run=_publish)

    rollback = commands.add_parser("rollback", help="restore a repository's files from an earlier commit")
    rollback.add_argument("key", metavar="KEY", help="dataset or model")
    rollback.add_argument("commit", metavar="COMMIT", help="at least seven digits of it")
    rollback.set_defaults(run=_rollback)

    verify = commands.add_parser("verify", help="recompute every claim of a published card")
    which = verify.add_mutually_exclusive_group(required=True)
    which.add_argument("repos", nargs="*", default=[], metavar="REPO", help="models: keys or NAMESPACE/NAME")
    which.add_argument("--all", action="store_true", help="all models that the Hub has")
    verify.add_argument("--retrain", action="store_true", help="fit folds and baselines again, too (minutes)")
    verify.set_defaults(run=_verify)

    add_predict(commands)

    space = commands.add_parser("space", help="push the app to a Space of your own")
    target = space.add_mutually_exclusive_group(required=True)
    target.add_argument("repo", nargs="?", metavar="NAMESPACE/NAME", help="the Space")
    target.add_argument("--folder", type=Path, help="write the Space's files there instead")
    space.set_defaults(run=_space)

    add_kata(commands)
    return parser


def main(arguments: list[str] | None = None) -> None:
    """Run one command; a mistake of the user's ends with two sentences and exit code 1."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except SpaceHubError as error:
        sys.exit(f"spacehub: {error.problem}\n          {error.mend}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
