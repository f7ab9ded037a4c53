"""Check a card's metadata; clients request this before each commit that contains a README.md."""

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from localhub.card.metadata import check_metadata
from localhub.ids import RepoType
from localhub.web.call import Call, endpoint


def validate_yaml(call: Call) -> Response:
    """Check a card's metadata: 400 if it breaks a rule; in plain text for clients that accept nothing else."""
    content = call.field("content", str, "")
    errors, warnings = check_metadata(content, repo_type=RepoType.of(call.field("repoType", str)).singular)
    status = 400 if errors else 200
    if call.request.headers.get("accept") == "text/plain":
        lines = [*(f"- Error: {text}" for text in errors), *(f"- Warning: {text}" for text in warnings)]
        return PlainTextResponse("\n".join(lines), status_code=status)
    answer = {
        "errors": [{"message": message} for message in errors],
        "warnings": [{"message": message} for message in warnings],
    }
    return JSONResponse(answer, status_code=status)


routes = [Route("/api/validate-yaml", endpoint(validate_yaml, body="json", strangers=True), methods=["POST"])]
