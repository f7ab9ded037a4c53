"""The WebSocket through which a visitor steers their own lander, 50 steps per second, next to an agent's lander.

The page sends the opponent and the conditions, then ``0`` to ``3`` whenever another engine is to fire.
The first of these starts the flight. The server sends JSON: the start, each step, how each flight ended,
or a problem.
"""

import contextlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import anyio
from anyio import to_thread
from starlette.routing import Mount, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from space_app.lander import view
from space_app.lander.game import STATIC
from space_app.served import flights
from space_app.served.flights import Flown
from space_app.served.pilots import Aboard, Pilot, aboard
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.serving.lander.conditions import Conditions, check_seed

if TYPE_CHECKING:
    from spacehub.serving.lander.flight import Episode

SEATS = 8
# How long to wait for the first message and the first key, and how late a step may be before the lost
# time is skipped.
WISH_SECONDS, KEY_SECONDS, LATE_SECONDS = 10, 60, 0.2
# Twenty seconds of flight, the wait before it, and as much again for a slow connection.
LONGEST_SECONDS = 120
LONGEST_MESSAGE, MOST_MESSAGES = 400, 4000
STEP = 1 / 50
ACTIONS = {"0": 0, "1": 1, "2": 2, "3": 3}
NOT_ALLOWED, TRY_LATER, DONE = 1008, 1013, 1000
YOU = Aboard(pilot=Pilot(key="you", title="You"), agent=None, status=None)


class Controls:
    """The key that a visitor pressed last; `event` is set by the first press."""

    def __init__(self):
        self.action = 0
        self.pressed = anyio.Event()
        self.problem: SpaceHubError | WebSocketDisconnect | None = None


class Seats:
    """The seats for visitors who fly; each flight has its own environment and shares nothing.

    Parameters
    ----------
    watch : Watch
        Provides the newest agents.
    """

    def __init__(self, watch: Watch):
        self._watch = watch
        self._taken = 0

    def routes(self) -> list[WebSocketRoute | Mount]:
        """Return the routes of the WebSocket and of the page's script."""
        return [
            WebSocketRoute("/lander/fly", self.sit),
            Mount("/lander/static", StaticFiles(directory=STATIC)),
        ]

    async def sit(self, socket: WebSocket) -> None:
        """Serve one connection: one flight, from the request to the score."""
        if not same_origin(socket):
            await socket.close(NOT_ALLOWED)
            return
        await socket.accept()
        if self._taken >= SEATS:
            return await _leave(socket, "All seats are taken. Try again in half a minute.", TRY_LATER)
        self._taken += 1
        try:
            await self._serve(socket)
            with contextlib.suppress(RuntimeError):  # raised when the visitor closes at this moment
                await socket.close(DONE)
        except SpaceHubError as error:
            await _leave(socket, str(error), NOT_ALLOWED)
        except WebSocketDisconnect:
            pass
        finally:
            self._taken -= 1

    async def _serve(self, socket: WebSocket) -> None:
        """Fly one flight; raise `SpaceHubError` for a visitor's mistake, `WebSocketDisconnect` if the visitor left."""
        with _patience(WISH_SECONDS):
            wish = _read_wish(await _message(socket))
        rival = await to_thread.run_sync(self._rival, wish)
        controls = Controls()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_listen, socket, controls, tasks.cancel_scope)
            # A task group would wrap the exceptions raised in it.
            try:
                with _patience(LONGEST_SECONDS):
                    await _fly(socket, controls, rival)
            except (SpaceHubError, WebSocketDisconnect) as error:
                controls.problem = error
            tasks.cancel_scope.cancel()
        if controls.problem:
            raise controls.problem

    def _rival(self, wish: dict) -> Flown:
        """Compute the agent's whole flight at once."""
        who = aboard(self._watch, wish.get("agent"))
        conditions = Conditions(
            **{name: wish[name] for name in ("gravity", "wind_power", "turbulence_power")}
        )
        return flights.fly(who, seed=check_seed(wish.get("seed")), conditions=conditions)


def same_origin(socket: WebSocket) -> bool:
    """Return whether the connecting page comes from this server; a program sends no origin."""
    origin = socket.headers.get("origin")
    if origin is None:
        return True
    # A proxy in front of a Space may pass the public host name in a separate header.
    ours = {socket.headers.get("host"), socket.headers.get("x-forwarded-host")}
    return urlsplit(origin).netloc in ours - {None, ""}


async def _leave(socket: WebSocket, problem: str, code: int) -> None:
    """Send a problem and close the connection; do nothing if the visitor has left."""
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        await socket.send_json({"problem": problem})
        await socket.close(code)


@contextlib.contextmanager
def _patience(seconds: float) -> Iterator[None]:
    """Limit how long the body may wait."""
    try:
        with anyio.fail_after(seconds):
            yield
    except TimeoutError as error:
        raise SpaceHubError("The flight timed out.", "Start a new flight.") from error


async def _send(socket: WebSocket, message: dict) -> None:
    """Send a message; raise `WebSocketDisconnect` if the visitor has left."""
    try:
        await socket.send_json(message)
    except RuntimeError as error:  # the server's error for a connection that closes at this moment
        raise WebSocketDisconnect from error


async def _message(socket: WebSocket) -> str:
    """Return the next message."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", DONE))
    text = message.get("text")
    if text is None or len(text) > LONGEST_MESSAGE:
        raise SpaceHubError("The game does not recognise this message.", "Reload the page.")
    return text


def _read_wish(text: str) -> dict:
    try:
        wish = json.loads(text)
    except ValueError:
        wish = None
    if not isinstance(wish, dict) or not {
        "agent",
        "seed",
        "gravity",
        "wind_power",
        "turbulence_power",
    } <= set(wish):
        raise SpaceHubError("The game does not recognise this message.", "Reload the page.")
    return wish


async def _listen(socket: WebSocket, controls: Controls, flight: anyio.CancelScope) -> None:
    """Receive key presses until the visitor leaves or sends something else, which ends the flight."""
    try:
        for _ in range(MOST_MESSAGES):
            text = await _message(socket)
            if text not in ACTIONS:
                raise SpaceHubError("The game does not recognise this key.", "Send 0, 1, 2 or 3.")
            controls.action = ACTIONS[text]
            controls.pressed.set()
        raise SpaceHubError(
            f"This flight has reached the limit of {MOST_MESSAGES:,} key presses and releases.",
            "Start a new flight.",
        )
    except (SpaceHubError, WebSocketDisconnect) as error:
        controls.problem = error
    flight.cancel()


async def _fly(socket: WebSocket, controls: Controls, rival: Flown) -> None:
    """Fly step by step next to the opponent, until both flights have ended."""
    from spacehub.serving.lander.flight import Episode

    theirs = rival.flight
    yours = Episode(seed=theirs.seed, conditions=YOU.at_its_engines(theirs.conditions))
    await _send(
        socket,
        {
            "terrain": yours.terrain.round(3).tolist(),
            "rival": rival.who.pilot.title,
            "step": _step(0, yours, rival, 0),
        },
    )
    with _patience(KEY_SECONDS):
        await controls.pressed.wait()
    due, step = anyio.current_time(), 0
    while not yours.outcome or step < theirs.steps:
        step, due = step + 1, due + STEP
        if anyio.current_time() - due > LATE_SECONDS:
            due = anyio.current_time()
        await anyio.sleep_until(due)
        action = controls.action
        over = not yours.outcome and yours.step(action)
        await _send(socket, {"step": _step(step, yours, rival, 0 if yours.outcome else action)})
        if over:
            await _send(socket, {"ended": _ended(Flown(who=YOU, flight=yours.flight()))})
        if step == theirs.steps:
            await _send(socket, {"ended": _ended(rival)})


def _step(step: int, yours: "Episode", rival: Flown, action: int) -> dict:
    """Return the position of both: x, y, angle, then the same for each leg, in metres and radians.

    And the firing engine.
    """
    from spacehub.serving.lander.telemetry import STEPS_A_SECOND, engines, in_world

    flight = rival.flight
    now = min(step, flight.steps)
    x, y, speed_x, speed_y, angle = in_world(yours.observation)
    rival_x, rival_y, _, _, rival_angle = in_world(flight.observation[now])
    fired = int(engines(flight)[now - 1]) if 0 < step <= flight.steps else 0
    return {
        "time": step / STEPS_A_SECOND,
        "you": [round(value, 3) for value in (x, y, angle, *yours.legs)],
        "fires": action,
        "speed": [round(speed_x, 2), round(speed_y, 2)],
        "rival": [round(float(v), 3) for v in (rival_x, rival_y, rival_angle, *flight.legs[now].ravel())],
        "rival_fires": fired,
    }


def _ended(flown: Flown) -> dict:
    return {
        "who": flown.who.pilot.key if flown.who is YOU else "rival",
        "name": flown.who.pilot.title,
        "sentence": view.outcome(flown),
        "landed": flown.flight.landed,
        "points": round(flown.flight.total_reward, 1),
        "fuel": round(flown.flight.fuel, 1),
    }
