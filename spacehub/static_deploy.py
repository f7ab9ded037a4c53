"""Deploy a static Space: push its page, check the page, and restore the previous commit if a check fails."""

from collections.abc import Callable

from spacehub import endpoint, space, static_check
from spacehub.deploy import WrongDeploymentError, check_name, push_back


def deploy_static(repo_id: str, *, say: Callable[[str], None] = print) -> str:
    """Deploy the page to the static Space `repo_id` and check it; return the commit that is now served.

    Parameters
    ----------
    repo_id : str
        Name of the Space, ``NAMESPACE/SPACE``. The Space is created if it does not exist.
    say : callable
        Function that shows a line of text.

    Raises
    ------
    WrongDeploymentError
        If the Space does not serve the page, or an answer is wrong. The previous commit is then restored.
        If this call created the Space, the Space is made private instead.
    SpaceHubError
        If a model is not published, npm is missing, or the Hub cannot be reached, rejects a request or
        does not serve Spaces.
    """
    import httpx2
    from huggingface_hub.errors import HfHubHTTPError

    check_name(repo_id)
    endpoint.require_reachable()
    endpoint.require_token(repo_id.split("/")[0])
    try:
        before = endpoint.published_commit(repo_id, repo_type="space")
        commit = space.push(repo_id, sdk="static")
        say(f"Pushed commit {commit[:8]}.")
        address = static_check.wait(repo_id, commit)
        wrong = (
            static_check.check(repo_id, commit, address, say=say)
            if address
            else ["The Space does not serve the pushed commit."]
        )
        if wrong:
            problem = f"The static Space does not work correctly. {' '.join(wrong[:5])}"
            raise WrongDeploymentError(problem, _restore(repo_id, before, commit, say))
    except (HfHubHTTPError, httpx2.HTTPError) as error:
        raise endpoint.explain(error, repo_id) from error
    say(f"{repo_id} serves commit {commit[:8]} at {address}")
    return commit


def _restore(repo_id: str, before: str | None, commit: str, say: Callable[[str], None]) -> str:
    """Restore the commit `before`; return a sentence that describes the result."""
    from huggingface_hub import HfApi

    if before is None:
        HfApi().update_repo_settings(repo_id, repo_type="space", private=True)
        return f"{repo_id} is new, so there was no earlier commit to restore. The Space is now private."
    if before == commit:
        return "The Space already had this commit, so nothing was restored."
    restored = push_back(repo_id, before, say)
    return f"The Space serves the previous version again: {before[:8]} was restored as commit {restored[:8]}."
