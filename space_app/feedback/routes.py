"""``POST /api/feedback``: receive a visitor's verdict on an answer. Set SPACEHUB_FEEDBACK to a dataset to turn it on."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

from huggingface_hub.utils import HFValidationError, validate_repo_id
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from space_app.feedback import asked
from space_app.feedback.store import Store
from space_app.limits import Allowance
from space_app.monitoring import requests
from space_app.rest import bodies, visitors
from space_app.rest.problems import ProblemError
from spacehub.errors import SpaceHubError
from spacehub.home import home
from spacehub.serving.feedback import Row, read

VARIABLE, PATH = "SPACEHUB_FEEDBACK", "/api/feedback"
AT_ONCE, AN_HOUR = 20, 60
MOST_BODY = 2_000
JS = Path(__file__).with_name("feedback.js").read_text(encoding="utf-8")


class Feedback:
    """The feedback of an app, if the operator named a dataset for it.

    Raises
    ------
    SpaceHubError
        If SPACEHUB_FEEDBACK is not the name of a dataset.
    """

    def __init__(self):
        self._store = None
        repo_id = os.environ.get(VARIABLE, "").strip()
        if not repo_id:
            return
        try:
            if repo_id.count("/") != 1:
                raise HFValidationError
            validate_repo_id(repo_id)
        except HFValidationError:
            raise SpaceHubError(
                f"{VARIABLE} is {repo_id[:80]!r}, which is not a valid dataset name.",
                f"Use the form NAMESPACE/NAME, for example: {VARIABLE}=NAMESPACE/spacehub-feedback",
            ) from None
        self._store = Store(repo_id, home() / "feedback" / repo_id.replace("/", "--"))
        self._answers, self._allowance = asked.begin(repo_id), Allowance(AT_ONCE, AN_HOUR)

    def routes(self) -> list[BaseRoute]:
        """Return the route, or none without a dataset."""
        return [Route(PATH, self._take, methods=["POST"])] if self._store else []

    def start(self) -> None:
        """Start to commit rows, if there is a dataset."""
        if self._store:
            self._store.start()

    def stop(self) -> None:
        """Commit the remaining rows."""
        if self._store:
            self._store.stop()

    async def _take(self, request: Request) -> Response:
        with requests.watched(f"POST {PATH}") as record:
            try:
                given = await bodies.read_json(request, MOST_BODY)
                row, name = self._row(given)
                visitors.spend(self._allowance, request, "You have sent too much feedback.")
                if not self._answers.take(name):
                    raise ProblemError(409, "You have already rated this answer.")
                record.models[row.model] = row.commit
                await asyncio.to_thread(self._store.add, row)
                return JSONResponse({"message": "Thank you. Your feedback was saved."})
            except SpaceHubError as error:
                record.outcome = requests.FAILED
                return ProblemError(503, str(error)).response()
            except ProblemError as problem:
                record.outcome = requests.BUSY if problem.status == 429 else requests.REFUSED
                return problem.response()

    def _row(self, given: dict) -> tuple[Row, str]:
        """Combine a kept answer and a visitor's verdict into a row; return the row and the answer's name."""
        name, right, correction = given.get("answer"), given.get("right"), given.get("correction")
        if not isinstance(right, bool):
            raise ProblemError(422, "Fields to correct: right.", errors=[("right", "Enter true or false.")])
        found = self._answers.find(name) if isinstance(name, str) else None
        if found is None:
            raise ProblemError(
                404, "The app no longer has this answer. Submit your input again, then rate the new answer."
            )
        if correction is not None and (right or correction not in found.labels):
            allowed = (
                "A correct answer needs no correction" if right else f"Use one of: {', '.join(found.labels)}"
            )
            raise ProblemError(422, "Fields to correct: correction.", errors=[("correction", f"{allowed}.")])
        if not right and correction is None and len(found.labels) == 2:
            correction = next(label for label in found.labels if label != found.answer)
        row = Row(
            id=name,
            day=datetime.now(UTC).date().isoformat(),
            model=found.model,
            commit=found.commit,
            input=found.input,
            answer=found.answer,
            right=right,
            correction=correction,
        )
        return read(row.line()), name
