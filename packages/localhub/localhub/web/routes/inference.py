"""Inference with a repo's ONNX model, in the format of huggingface.co's provider ``hf-inference``. It is off by default."""

import base64
import binascii
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from localhub.errors import HubError
from localhub.git.entries import Snapshot
from localhub.ids import RepoId, RepoType
from localhub.inference.classify import FUNCTIONS, TASKS, Question, classify
from localhub.jsonbody import parse_object
from localhub.web.call import Call
from localhub.web.info import card_data
from localhub.web.rights import check_access

INPUT_BYTES = 16 << 20
TEXT_CHARACTERS = 100_000
MOST_LABELS = 1000


async def infer(request: Request) -> JSONResponse:
    """Classify a text (JSON) or an image (its bytes, or base64 in JSON)."""
    hub = request.app.state.hub
    call = Call(hub, request, hub.accounts.caller(request.headers.get("authorization")))
    snapshot = await run_in_threadpool(_opened, call)
    data = await hub.bodies.read(request, call.sender, INPUT_BYTES)
    return JSONResponse(await run_in_threadpool(_answer, snapshot, data, request.headers))


def _opened(call: Call) -> Snapshot:
    if not call.hub.inference:
        raise HubError(
            501,
            "Inference is turned off. To turn it on, start the embedded Hub with LocalHub(inference=True) or --inference.",
        )
    repo = call.find(RepoId.of_path(RepoType.MODEL, call.path("namespace"), call.path("name")))
    check_access(call, repo)
    return repo.snapshot()


def _answer(snapshot: Snapshot, data: bytes, headers: Any) -> Any:
    task = card_data(snapshot).get("pipeline_tag")
    if task is None:
        task = TASKS[0] if snapshot.file("tokenizer.json") else TASKS[1]
    if task not in TASKS:
        raise HubError(
            400, f"The embedded Hub does not support the task {task}. Use one of: {', '.join(TASKS)}."
        )
    if not headers.get("content-type", "").startswith("application/json"):
        if task == TASKS[0]:
            raise HubError(400, 'Send text as JSON, such as {"inputs": "your text"}.')
        return classify(snapshot, Question(data))
    body = parse_object(data, "The body of this request")
    inputs, parameters = body.get("inputs"), body.get("parameters") or {}
    if not isinstance(inputs, str) or not isinstance(parameters, dict):
        raise HubError(
            400, "`inputs` must be a string or a base64-encoded image, and `parameters` must be an object."
        )
    function, top_k = parameters.get("function_to_apply"), parameters.get("top_k", 5)
    if function not in (None, *FUNCTIONS):
        raise HubError(400, f"`function_to_apply` must be one of {', '.join(FUNCTIONS)}.")
    if not isinstance(top_k, int) or isinstance(top_k, bool) or not 0 < top_k <= MOST_LABELS:
        raise HubError(400, f"`top_k` must be a whole number from 1 to {MOST_LABELS}.")
    if task == TASKS[0]:
        if len(inputs) > TEXT_CHARACTERS:
            raise HubError(413, f"The text must not exceed {TEXT_CHARACTERS} characters.")
        return [classify(snapshot, Question(inputs, function, top_k))]
    try:
        image = base64.b64decode(inputs, validate=True)
    except binascii.Error as error:
        raise HubError(400, "An image in JSON must be encoded as base64.") from error
    return classify(snapshot, Question(image, function, top_k))


routes = [Route("/hf-inference/models/{namespace:part}/{name:part}", infer, methods=["POST"])]
