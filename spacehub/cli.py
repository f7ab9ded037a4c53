"""Run the embedded Hub and the demo, and publish datasets, models and the app to any Hub."""

import argparse
import os
import sys
from pathlib import Path

from spacehub.challenge.command import add_challenge
from spacehub.collector import collect_rarely
from spacehub.course.kata_command import add_kata
from spacehub.errors import SpaceHubError
from spacehub.hub_commands import add_hub
from spacehub.jobs_command import add_jobs
from spacehub.mission.command import add_mission
from spacehub.parts import make_importable
from spacehub.predict_command import add_predict


def _demo(options: argparse.Namespace) -> None:
    from spacehub.demo import run

    run(options.keys)


def _publish(options: argparse.Namespace) -> None:
    from spacehub.pipeline import bring_up_to_date

    bring_up_to_date(options.keys, overwrite=options.overwrite, dry_run=options.dry_run)


def _rollback(options: argparse.Namespace) -> None:
    from spacehub.publish import rollback

    print(f"Restored the files as commit {rollback(options.key, options.commit)}")


def _verify(options: argparse.Namespace) -> None:
    from spacehub.verify import verify

    verify(options.repos, every=options.all, retrain=options.retrain)


def _space(options: argparse.Namespace) -> None:
    from spacehub.space import bundle, push

    if options.folder:
        print(bundle(options.folder))
    else:
        print(push(options.repo))


def _deploy(options: argparse.Namespace) -> None:
    # The client reads this variable when it is imported.
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    from spacehub.deploy import deploy, secrets_from_environment

    def say(line: str) -> None:
        print(line, flush=True)

    if options.static:
        from spacehub.static_deploy import deploy_static

        if options.hardware or options.private or options.variable or options.secret:
            raise SpaceHubError(
                "A static Space is public and cannot have hardware, variables or secrets.",
                "Remove these options from the command.",
            )
        deploy_static(options.repo, say=say)
        return
    deploy(
        options.repo,
        hardware=options.hardware,
        private=options.private,
        sdk=options.sdk,
        variables=dict(options.variable),
        secrets=secrets_from_environment(options.secret),
        say=say,
    )


def _setting(text: str) -> tuple[str, str]:
    """Split NAME=VALUE into the name and the value."""
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} has no value. Write NAME=VALUE")
    return name, value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="spacehub", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    add_hub(commands)

    demo = commands.add_parser(
        "demo",
        help="start the embedded Hub and the app on this machine, build the datasets and train the models",
    )
    keys = "datasets to build and models to train (default: all except the variants)"
    demo.add_argument("keys", nargs="*", metavar="KEY", help=keys)
    demo.set_defaults(run=_demo)

    publish = commands.add_parser(
        "publish", help="build and push everything that is missing or outdated on the Hub"
    )
    publish.add_argument(
        "keys", nargs="*", metavar="KEY", help="datasets and models to publish (default: all)"
    )
    publish.add_argument(
        "--overwrite", action="store_true", help="also replace cards that were edited on the Hub"
    )
    publish.add_argument("--dry-run", action="store_true", help="only show what would change")
    publish.set_defaults(run=_publish)

    rollback = commands.add_parser(
        "rollback", help="restore the files of a repository from an earlier commit"
    )
    rollback.add_argument("key", metavar="KEY", help="key of the dataset or model")
    rollback.add_argument(
        "commit", metavar="COMMIT", help="commit to restore (at least the first seven digits)"
    )
    rollback.set_defaults(run=_rollback)

    verify = commands.add_parser("verify", help="recompute every claim on a published card")
    which = verify.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "repos",
        nargs="*",
        default=[],
        metavar="REPO",
        help="models or missions to verify, by key or NAMESPACE/NAME",
    )
    which.add_argument("--all", action="store_true", help="verify all models on the Hub")
    verify.add_argument(
        "--retrain",
        action="store_true",
        help="also refit the cross-validation models and baselines (takes minutes)",
    )
    verify.set_defaults(run=_verify)

    add_predict(commands)

    space = commands.add_parser(
        "space",
        help="push the app to a Space without waiting for the build or checking the app's answers",
    )
    target = space.add_mutually_exclusive_group(required=True)
    target.add_argument(
        "repo", nargs="?", metavar="NAMESPACE/NAME", help="name of the Space (NAMESPACE/NAME)"
    )
    target.add_argument(
        "--folder", type=Path, help="write the files of the Space to this folder instead of pushing them"
    )
    space.set_defaults(run=_space)

    deploy = commands.add_parser(
        "deploy",
        help="push the app to a Space, wait for the build, check the app's answers, and roll back if an answer is wrong",
    )
    deploy.add_argument(
        "repo", metavar="NAMESPACE/SPACE", help="name of the Space (created if it does not exist)"
    )
    deploy.add_argument(
        "--hardware",
        metavar="KIND",
        help="hardware of the Space, for example cpu-basic (use zero-a10g with a free account)",
    )
    deploy.add_argument("--private", action="store_true", help="make the Space private")
    kind = deploy.add_mutually_exclusive_group()
    kind.add_argument(
        "--sdk",
        choices=["gradio", "docker"],
        default="gradio",
        help="SDK of the Space (default: %(default)s)",
    )
    kind.add_argument(
        "--static",
        action="store_true",
        help="deploy the static page, which runs models in the browser and is free for every account",
    )
    deploy.add_argument(
        "--variable",
        action="append",
        default=[],
        type=_setting,
        metavar="NAME=VALUE",
        help="set the Space variable NAME to VALUE",
    )
    deploy.add_argument(
        "--secret",
        action="append",
        default=[],
        metavar="NAME[=VARIABLE]",
        help="set the Space secret NAME to the value of the environment variable VARIABLE (default: the variable "
        "with the same name)",
    )
    deploy.set_defaults(run=_deploy)

    add_jobs(commands)
    add_kata(commands)
    add_mission(commands)
    add_challenge(commands)
    return parser


def main(arguments: list[str] | None = None) -> None:
    """Run one command; if the user made a mistake, print the problem and the fix, and exit with code 1."""
    collect_rarely()
    make_importable()
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except SpaceHubError as error:
        sys.exit(f"spacehub: {error.problem}\n          {error.fix}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
