"""Errors as ``application/problem+json`` (RFC 9457): a title, a sentence, and the name of each wrong field."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from starlette.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"


class ProblemError(Exception):
    """An error response.

    Parameters
    ----------
    status : int
        Of HTTP.
    detail : str
        What happened and what to do.
    errors : sequence of (field, detail)
        The error of each wrong field.
    headers : mapping
        Additional headers, such as Retry-After.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ):
        super().__init__(detail)
        self.status, self.detail, self.errors, self.headers = (
            status,
            detail,
            list(errors),
            dict(headers or {}),
        )

    def response(self) -> JSONResponse:
        """Return the response."""
        problem_body = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            problem_body["errors"] = [{"field": field, "detail": detail} for field, detail in self.errors]
        return JSONResponse(problem_body, self.status, headers=self.headers, media_type=MEDIA_TYPE)


SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened and what to do."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
