"""Deploy the app: push it, wait for the build, check its answers to known questions, and roll back if one is wrong."""

import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from spacehub import catalogue, endpoint, parts, publish, space
from spacehub.errors import SpaceHubError

WAIT_SECONDS = 45 * 60
POLL_SECONDS = 2.0
# If the Hub does not name the running commit, it may show the old commit's state for this long.
SETTLE_SECONDS = 60
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")


class WrongDeploymentError(SpaceHubError):
    """The app was pushed, but it does not run or answers wrongly."""


def deploy(
    repo_id: str,
    *,
    hardware: str | None = None,
    private: bool = False,
    sdk: str = "gradio",
    variables: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
    say: Callable[[str], None] = print,
) -> str:
    """Deploy the app to the Space `repo_id` and check it; return the commit that is now served.

    Parameters
    ----------
    hardware : str, optional
        A hardware name of Spaces, such as "cpu-basic" or "zero-a10g"; None keeps the Space's current hardware.
    private : bool
        Make the Space private.
    sdk : str
        "gradio" or "docker".
    variables, secrets : mapping of str to str, optional
        What to set in the Space; other variables and secrets stay unchanged.
    say : callable
        Called with each line to show.

    Raises
    ------
    WrongDeploymentError
        If the Space does not run or an answer is wrong. The previous commit is then restored, with its
        variables; a Space that this call created is paused.
    SpaceHubError
        If the Hub cannot be reached or refuses, or does not run Spaces.
    """
    import httpx2
    from huggingface_hub import HfApi, get_token
    from huggingface_hub.errors import HfHubHTTPError

    check_name(repo_id)
    wanted = {name: value for name, value in (variables or {}).items() if _is_name(name)}
    if catalogue.namespace() != repo_id.split("/")[0]:
        wanted.setdefault("SPACEHUB_NAMESPACE", catalogue.namespace())
    endpoint.require_reachable()
    endpoint.require_token(repo_id.split("/")[0])
    api = HfApi()
    try:
        before = endpoint.published_commit(repo_id, repo_type="space")
        if before is None:
            api.create_repo(
                repo_id, repo_type="space", space_sdk=sdk, space_hardware=hardware, private=private or None
            )
            say(f"Created the Space {repo_id}.")
        else:
            if private:
                api.update_repo_settings(repo_id, repo_type="space", private=True)
            if hardware and api.get_space_runtime(repo_id).requested_hardware != hardware:
                api.request_space_hardware(repo_id, hardware)
        kept = {name: variable.value for name, variable in api.get_space_variables(repo_id).items()}
        for name, value in wanted.items():
            if kept.get(name) != value:
                api.add_space_variable(repo_id, name, value)
        for name, value in (secrets or {}).items():
            if _is_name(name):
                api.add_space_secret(repo_id, name, value)
        commit = space.push(repo_id, space.facts(repo_id, hardware=hardware), sdk=sdk)
        say(f"Pushed commit {commit[:8]}.")
        try:
            host = _wait(repo_id, commit, say)
            wrong = parts.app("known_answers").check(host, token=get_token(), say=say)
            if wrong:
                raise WrongDeploymentError(f"The app returns wrong answers. {' '.join(wrong)}", "")
        except WrongDeploymentError as error:
            outcome = _restore(repo_id, before, commit, kept, say)
            raise WrongDeploymentError(error.problem, outcome) from error
    except (HfHubHTTPError, httpx2.HTTPError) as error:
        if getattr(getattr(error, "response", None), "status_code", None) == 402:
            raise SpaceHubError(
                f"The Hub requires a paid account for this Space: {error}.",
                f"With a free account, run: spacehub deploy {repo_id} --hardware {space.ZERO_GPU}",
            ) from error
        raise endpoint.explain(error, repo_id) from error
    say(f"{repo_id} serves commit {commit[:8]} at {host}")
    return commit


def secrets_from_environment(named: list[str]) -> dict[str, str]:
    """Read secrets given as ``NAME`` or ``NAME=VARIABLE``: the value is that of the environment variable.

    Raises
    ------
    SpaceHubError
        If the variable does not exist.
    """
    secrets = {}
    for text in named:
        name, _, variable = text.partition("=")
        value = os.environ.get(variable or name)
        if not _is_name(name) or not value:
            raise SpaceHubError(
                f"The secret {name!r} has no value, because the environment variable {variable or name!r} is not set.",
                f"To set this variable, run: export {variable or name}=...",
            )
        secrets[name] = value
    return secrets


def _wait(repo_id: str, commit: str, say: Callable[[str], None]) -> str:
    """Wait until the Space runs `commit`, showing the build's log; return its address."""
    from huggingface_hub import HfApi, SpaceStage
    from huggingface_hub._space_api import INTERMEDIATE_SPACE_STAGES

    api, shown, log, stage = HfApi(), "", _Log(repo_id, say), ""
    began, moved, stage_since = time.monotonic(), False, 0.0
    while time.monotonic() - began < WAIT_SECONDS:
        runtime = api.get_space_runtime(repo_id)
        stage, running = runtime.stage, runtime.raw.get("sha")
        if stage != shown:
            shown, stage_since = stage, time.monotonic()
            say(f"Stage: {stage}")
        if stage in INTERMEDIATE_SPACE_STAGES:
            moved = True
            log.show(build=True)
        elif running == commit or (
            running is None and (moved or time.monotonic() - stage_since > SETTLE_SECONDS)
        ):
            log.show(build=True)
            if stage == SpaceStage.RUNNING:
                return f"{(api.space_info(repo_id).host or '').rstrip('/')}/"
            if stage == SpaceStage.PAUSED:
                api.restart_space(repo_id)
                moved = True
            else:
                log.show(build=False)
                raise WrongDeploymentError(f"The Space is not running. Its stage is {stage}.", "")
        if stage == SpaceStage.STOPPED and api.space_info(repo_id).host is None:
            raise SpaceHubError(
                f"The app was pushed to {repo_id} at commit {commit[:8]} but was not checked, because this Hub does not run Spaces.",
                "To run Spaces, start the Hub with: spacehub hub --run-spaces",
            )
        time.sleep(POLL_SECONDS)
    raise WrongDeploymentError(
        f"The Space was still in the {stage} stage after {WAIT_SECONDS // 60} minutes.", ""
    )


class _Log:
    """Show each line of a Space's logs once."""

    def __init__(self, repo_id: str, say: Callable[[str], None]):
        self._repo_id, self._say = repo_id, say
        self._shown = {True: 0, False: 0}

    def show(self, *, build: bool) -> None:
        """Show the new lines."""
        import httpx2
        from huggingface_hub import HfApi
        from huggingface_hub.errors import HfHubHTTPError

        try:
            lines = list(HfApi().fetch_space_logs(self._repo_id, build=build))
        except (HfHubHTTPError, httpx2.HTTPError):  # a missing log is no reason to fail
            return
        if len(lines) < self._shown[build]:
            self._shown[build] = 0  # another build has started
        for line in lines[self._shown[build] :]:
            self._say(f"  {'build' if build else 'app'} | {line.rstrip()}")
        self._shown[build] = len(lines)


def _restore(
    repo_id: str, before: str | None, commit: str, variables: dict[str, str], say: Callable[[str], None]
) -> str:
    """Restore the content `before`; return a sentence on what the Space contains now."""
    from huggingface_hub import HfApi

    api = HfApi()
    if before is None:
        api.pause_space(repo_id)
        return f"{repo_id} is new, so there was no earlier commit to restore. The Space is now paused."
    if before == commit:
        return "The Space already had this commit before, so nothing was restored."
    for name, variable in api.get_space_variables(repo_id).items():
        if name not in variables:
            api.delete_space_variable(repo_id, name)
        elif variables[name] != variable.value:
            api.add_space_variable(repo_id, name, variables[name])
    restored = push_back(repo_id, before, say)
    try:
        _wait(repo_id, restored, say)
    except WrongDeploymentError as error:
        return f"The previous version, {before[:8]}, was restored but does not run either: {error.problem}"
    return f"The Space serves the previous version again: {before[:8]} was restored as commit {restored[:8]}."


def push_back(repo_id: str, before: str, say: Callable[[str], None]) -> str:
    """Push the files that a Space had at the commit `before`; return the new commit."""
    from huggingface_hub import snapshot_download

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(snapshot_download(repo_id, repo_type="space", revision=before, local_dir=scratch))
        shutil.rmtree(folder / ".cache", ignore_errors=True)
        message = f"Roll back to {before[:8]}"
        restored = publish.push_folder(folder, repo_id, repo_type="space", message=message)
    say(f"Restored {before[:8]} as commit {restored[:8]}.")
    return restored


def check_name(repo_id: str) -> None:
    """Check that `repo_id` is a valid name of a Space; raise `SpaceHubError` if not."""
    if not re.fullmatch(r"[\w.-]{1,96}/[\w.-]{1,96}", repo_id, re.ASCII):
        raise SpaceHubError(f"{repo_id!r} is not a valid Space name.", "Use the form NAMESPACE/NAME.")


def _is_name(name: str) -> bool:
    if not NAME.fullmatch(name):
        raise SpaceHubError(f"{name!r} is not a valid variable name.", "Use letters, digits and underscores.")
    return True
