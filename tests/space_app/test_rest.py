"""Plain HTTP for programs: answers, the limits of what is sent, errors that name the field, and the document."""

import asyncio
import json
import re

import httpx2 as httpx
import numpy as np
import pytest
from huggingface_hub import HfApi
from PIL import Image
from starlette.applications import Starlette
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from space_app import proxies
from space_app.limits import Allowance
from space_app.rest import bodies, gates, openapi, operations
from space_app.rest.operations import OPERATIONS
from space_app.rest.routes import routes
from space_app.served import pilots, satellite, titles
from space_app.watch import Watch
from spacehub import catalogue
from spacehub.localhub import LocalHub
from tests import colour_model, title_model
from tests.processes import finish

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "multipart/form-data; boundary=x"}


async def chunks():
    """Return a body of unknown length."""
    yield b"x"


@pytest.fixture(scope="module")
def watch(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    with LocalHub(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPACEHUB_HOME", str(folder / "home"))
        patch.setenv("GRADIO_TEMP_DIR", str(folder))
        for key, write in {"titles": title_model.write_model, "satellite": colour_model.write_model}.items():
            repo = catalogue.MODELS[key].repo_id
            HfApi().create_repo(repo)
            HfApi().upload_folder(repo_id=repo, folder_path=write(folder / key))
        served = {key: one.SERVED[key] for key, one in {"titles": titles, "satellite": satellite}.items()}
        watch = Watch(served | pilots.served())
        watch.look()
        yield watch


@pytest.fixture(scope="module")
def send(watch):
    """Send a request; return the answer."""
    return sender(watch, Allowance(10_000, 10_000))


def sender(watch, allowance: Allowance, middle=lambda app: app):
    """Return a function that sends a request; each answer of an operation has a status that the document lists."""
    app = middle(Starlette(routes=[routes(watch, allowance)]))
    described = openapi.document()["paths"]

    async def ask(method: str, path: str, peer: str = "127.0.0.1", **given) -> httpx.Response:
        transport = httpx.ASGITransport(app=app, client=(peer, 50_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            answer = await client.request(method, f"/api/v1/{path}", **given)
        if method == "POST" and f"/{path}" in described:
            assert str(answer.status_code) in described[f"/{path}"]["post"]["responses"]
        return answer

    return lambda method, path, **given: finish(ask(method, path, **given))


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "forest.png"
    noise = np.random.default_rng(0).integers(0, 20, (64, 64, 3))
    Image.fromarray((noise + colour_model.COLOURS["Forest"]).clip(0, 255).astype(np.uint8)).save(path)
    return path.read_bytes()


def test_titles(send):
    answer = send("POST", "titles", json={"texts": ["The moon", "My recipe", " "]})
    assert answer.status_code == 200
    moon, recipe, blank = answer.json()["titles"]
    assert (moon["label"], recipe["label"]) == ("space", "other")
    assert moon["chance"] == pytest.approx(title_model.chance("The moon"), abs=1e-4)
    assert blank == {"label": None, "chance": None, "linear_chance": None, "problem": "There is no text."}
    assert re.fullmatch("[0-9a-f]{40}", answer.json()["commit"])


def test_satellite_as_a_form_and_as_the_body(send, picture):
    form = send("POST", "satellite", files={"file": ("forest.png", picture, "image/png")})
    body = send("POST", "satellite", content=picture, headers={"Content-Type": "image/png"})
    assert (form.status_code, form.json()["label"]) == (200, "Forest")
    assert form.json() == body.json()
    assert sum(form.json()["chances"].values()) == pytest.approx(1, abs=1e-5)


def test_lander(send):
    answer = send("POST", "lander", json={"agent": "heuristic", "seed": 3})
    assert answer.status_code == 200
    assert answer.json()["outcome"] == "landed"


def test_what_is_not_published_is_a_503_that_says_when_to_try_again(send):
    for path, body in (
        (
            "landing",
            {"landing_type": "ASDS", "orbit": "LEO", "launch_site": "x", "booster_flight": 1, "block": 5},
        ),
        ("lander", {"agent": "ppo"}),
    ):
        answer = send("POST", path, json=body)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
        assert "not published yet" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "body", "fields"),
    [
        ("titles", {}, ["texts"]),
        ("titles", {"texts": "The moon"}, ["texts"]),
        ("titles", {"texts": []}, ["texts"]),
        ("titles", {"texts": ["a"] * 1_001}, ["texts"]),
        ("titles", {"texts": ["a", 3, "b", None]}, ["texts[1]", "texts[3]"]),
        ("titles", {"texts": ["a" * 20_001]}, ["texts[0]"]),
        ("titles", {"texts": ["a"], "text": "b"}, ["text"]),
        ("lander", {"agent": "nobody"}, ["agent"]),
        ("lander", {"agent": 1, "seed": "a", "gravity": 0}, ["agent", "seed", "gravity"]),
        ("lander", {"agent": "heuristic", "seed": True}, ["seed"]),
        ("lander", {"agent": "heuristic", "seed": 1.5}, ["seed"]),
        ("lander", {"agent": "heuristic", "seed": 10**400}, ["seed"]),
        ("lander", {"agent": "heuristic", "wind_power": [[[]]]}, ["wind_power"]),
        ("landing", {"orbit": "LEO"}, ["landing_type", "launch_site", "booster_flight", "block"]),
    ],
)
def test_a_wrong_field_is_named(path, body, fields, send):
    answer = send("POST", path, content=json.dumps(body), headers=JSON)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [one["field"] for one in answer.json()["errors"]] == fields
    assert all(one["detail"] for one in answer.json()["errors"])


@pytest.mark.parametrize(
    ("path", "given", "status", "said"),
    [
        ("titles", {"content": b"{", "headers": JSON}, 400, "not valid JSON"),
        ("titles", {"content": b"[" * 200_000, "headers": JSON}, 400, "not valid JSON"),
        ("titles", {"content": b"[1]", "headers": JSON}, 400, "not a JSON object"),
        ("titles", {"content": b'{"texts": NaN}', "headers": JSON}, 400, "NaN"),
        ("titles", {"content": b"\xff\xfe", "headers": JSON}, 400, "not valid JSON"),
        ("titles", {"content": b" " * (2**20 + 1), "headers": JSON}, 413, "larger than 1 MiB"),
        ("titles", {"content": b"texts=a"}, 415, "Content-Type: application/json"),
        ("satellite", {"content": b""}, 422, "no file"),
        ("satellite", {"content": b"no image"}, 422, "not a readable image"),
        ("satellite", {"files": {"other": b"x"}}, 422, "no file"),
        ("satellite", {"data": {"file": "x"}, "files": {"other": b"x"}}, 422, "no file"),
        ("satellite", {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, 400, "form"),
        ("satellite", {"content": chunks(), "headers": FORM}, 411, "Content-Length"),
        ("satellite", {"content": chunks()}, 422, "not a readable image"),
        ("nothing", {"json": {}}, 404, "path does not exist"),
        ("titles/more", {"json": {}}, 404, "path does not exist"),
    ],
)
def test_what_cannot_be_read_is_a_problem(path, given, status, said, send):
    answer = send("POST", path, **given)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert said in answer.json()["detail"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_another_method_is_a_problem(method, send):
    answer = send(method, "titles")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_a_picture_that_is_too_large_is_refused_as_it_comes(send, monkeypatch):
    monkeypatch.setattr(bodies.decode, "MAX_BYTES", 1_000)
    assert send("POST", "satellite", content=bytes(2_000)).status_code == 413
    assert send("POST", "satellite", files={"file": bytes(200_000)}).status_code == 413


def test_a_body_that_comes_too_slowly_and_a_failure_are_problems(send, picture, monkeypatch):
    async def slow():
        await asyncio.sleep(5)
        yield b"x"

    monkeypatch.setattr(bodies, "SECONDS", 0.05)
    assert send("POST", "titles", content=slow(), headers=JSON).status_code == 408
    monkeypatch.setattr(operations.decode, "read", lambda path: 1 / 0)
    answer = send("POST", "satellite", content=picture)
    assert (answer.status_code, answer.json()["title"]) == (500, "Internal Server Error")


def test_a_busy_app_says_when_to_try_again(send, monkeypatch):
    monkeypatch.setattr(gates, "MOST_QUICK", 0)
    answer = send("POST", "titles", json={"texts": ["The moon"]})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5")
    assert gates.waiting() == 0


def test_a_visitor_who_sends_too_much_is_held_back_and_another_is_not(watch):
    send = sender(watch, Allowance(3, 3_600))
    assert [send("POST", path, json={}).status_code for path in ("titles", "lander", "titles")] == [422] * 3
    late = send("POST", "titles", json={"texts": ["The moon"]})
    assert (late.status_code, late.headers["Retry-After"]) == (429, "1")
    assert late.headers["Content-Type"] == "application/problem+json"
    assert late.json()["detail"] == "You have sent too many requests. Try again in 1 second."
    assert send("GET", "openapi.json").status_code == 200
    assert send("POST", "titles", peer="192.0.2.7", json={"texts": ["The moon"]}).status_code == 200


@pytest.mark.parametrize(
    ("variables", "peer", "statuses"),
    [
        ({"SPACE_ID": "spacehub/app"}, "10.16.3.1", [200, 429, 429, 200]),  # the Space's proxy
        ({"SPACE_ID": "spacehub/app"}, "192.0.2.9", [200, 429, 429, 429]),  # not from there
        ({}, "127.0.0.1", [200, 429, 429, 200]),  # a proxy on this machine
        ({}, "10.16.3.1", [200, 429, 429, 429]),  # a visitor who claims to be a proxy
        ({"FORWARDED_ALLOW_IPS": "10.16.3.1"}, "10.16.3.1", [200, 429, 429, 200]),
    ],
)
def test_an_address_is_believed_only_from_a_proxy(variables, peer, statuses, watch, monkeypatch):
    """Two forged addresses to the left of the visitor's own change nothing; another visitor has another allowance."""
    for name in ("SPACE_ID", "FORWARDED_ALLOW_IPS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    send = sender(watch, Allowance(1, 60), lambda app: ProxyHeadersMiddleware(app, proxies.trusted()))
    said = ["203.0.113.5", "198.51.100.1, 203.0.113.5", "198.51.100.2, 203.0.113.5", "203.0.113.6"]
    found = [
        send(
            "POST", "titles", peer=peer, json={"texts": ["The moon"]}, headers={"X-Forwarded-For": addresses}
        )
        for addresses in said
    ]
    assert [answer.status_code for answer in found] == statuses


def test_no_upload_stays(send, picture, tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    (tmp_path / "uploads").mkdir()
    send("POST", "satellite", content=picture)
    send("POST", "satellite", content=b"no image")
    assert list((tmp_path / "uploads").iterdir()) == []


def test_the_document_describes_each_operation(send):
    document = send("GET", "openapi.json").json()
    assert document == json.loads(json.dumps(openapi.document()))
    assert set(document["paths"]) == {f"/{one.path}" for one in OPERATIONS}
    body = document["paths"]["/lander"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["required"] == ["agent"]
    assert body["properties"]["agent"]["enum"] == list(pilots.PILOTS)
    seed = body["properties"]["seed"]
    assert (seed["type"], seed["minimum"], seed["default"]) == ("integer", 0, 42)
    assert "Retry-After" in document["paths"]["/lander"]["post"]["responses"]["429"]["headers"]
    listed = json.dumps(document)
    for name in re.findall(r'"#/components/schemas/(\w+)"', listed):
        assert document["components"]["schemas"][name]["type"] == "object"


def test_answers_are_as_the_document_says(send, picture):
    from jsonschema_rs import validator_for

    document = openapi.document()
    sent = {
        "titles": {"json": {"texts": ["The moon", ""]}},
        "satellite": {"content": picture},
        "lander": {"json": {"agent": "heuristic"}},
    }
    for path, given in sent.items():
        stated = document["paths"][f"/{path}"]["post"]["responses"]
        for answer, status in (
            (send("POST", path, **given), "200"),
            (send("POST", path, json={"x": 1}), "422"),
        ):
            assert str(answer.status_code) == status
            [content] = stated[status]["content"].values()
            schema = content["schema"] | {"components": document["components"]}
            validator_for(schema).validate(answer.json())
