"""Hold back a visitor who sends too many requests to a plain route."""

from starlette.requests import Request

from space_app.limits import Allowance
from space_app.rest.problems import ProblemError


def spend(allowance: Allowance, request: Request, what: str) -> None:
    """Take one request from its visitor's allowance.

    Raises
    ------
    ProblemError
        429 with Retry-After if the allowance is used up; the error's detail starts with `what`.
    """
    seconds = allowance.spend(request.client.host if request.client else "")
    if seconds:
        words = f"{what} Try again in {seconds} second{'s' * (seconds > 1)}."
        raise ProblemError(429, words, headers={"Retry-After": str(seconds)})
