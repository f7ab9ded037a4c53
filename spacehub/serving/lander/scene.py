"""Paint a moment of a flight: sky, ground, flags, the lander with its flames, and the instruments below.

Pillow paints the recorded flight, so this needs no display, keeps no state between frames, and works in
any thread.
"""

import math
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from spacehub.serving.lander.agents import ACTIONS
from spacehub.serving.lander.flight import Flight
from spacehub.serving.lander.telemetry import (
    FLAGS,
    HALF_WIDTH,
    PAD,
    STANDING,
    Telemetry,
    engines,
    telemetry,
)

# Pixels per metre. The view is as wide as the world and a little higher, because landers start at the top.
SCALE, VIEW = 32, (640, 464)
STRIP, STRIP_LEFT, STRIP_STEP = 76, 22, 103
SIZE = (VIEW[0], VIEW[1] + STRIP)
SMOOTH = 3
PATCH = 112

SKY_TOP, SKY_LOW = (11, 16, 29), (34, 44, 82)
GROUND, GROUND_DEEP, RIM = (126, 132, 150), (58, 63, 82), (190, 196, 212)
INK, QUIET, AMBER = (238, 240, 247), (143, 153, 179), (240, 167, 58)
GOOD, BAD = (111, 220, 185), (255, 154, 143)
HULL, HULL_EDGE, WINDOW, LEG = (223, 227, 238), (143, 153, 179), (64, 89, 207), (195, 202, 219)

# Corners of the lander in metres (lunar_lander.py, LANDER_POLY over SCALE), and half a leg's width and
# height.
BODY = np.array([(-14, 17), (-17, 0), (-17, -10), (17, -10), (17, 0), (14, 17)]) / 30
SKIRT = np.array([(-17, 0), (-17, -10), (17, -10), (17, 0)]) / 30
NOZZLE = np.array([(-6, -10), (6, -10), (9, -16), (-9, -16)]) / 30
LEG_BOX = np.array([(-2, -8), (2, -8), (2, 8), (-2, 8)]) / 30
FOOT = np.array([(-6, -8), (6, -8)]) / 30
LABELS = ("altitude", "speed", "angle", "fuel used", "return", "engine")
ENDINGS = {
    "landed": "Landed",
    "off the pad": "At rest, off the pad",
    "crashed": "Crashed",
    "flew off": "Flew off",
    "ran out of time": "Ran out of time",
}


class Scene:
    """The frames of one flight, each `SIZE` pixels wide and high.

    Parameters
    ----------
    flight : Flight
        The flight to show.
    name : str
        The pilot's name, written into the sky.
    """

    def __init__(self, flight: Flight, name: str):
        self._flight, self._name = flight, name
        self._seen: Telemetry = telemetry(flight)
        # The engines that fired in the step before each frame.
        self._engines = ["nothing", *(ACTIONS[engine] for engine in engines(flight))]
        self._background = self._paint_background()

    @property
    def last(self) -> int:
        """The last step that has a frame."""
        return self._flight.steps

    def place(self, step: int) -> tuple[float, float]:
        """Return the lander's middle after `step` steps, x and y in pixels; above the frame y is negative."""
        return self._on_screen(self._seen.x[step] + HALF_WIDTH, self._height(step))

    def picture(self, step: int) -> Image.Image:
        """Return the frame after `step` steps; the last frame shows how the flight ended."""
        picture = self._background.copy()
        place = self.place(step)
        patch = self._lander(step)
        picture.paste(patch, (round(place[0]) - PATCH // 2, round(place[1]) - PATCH // 2), patch)
        draw = ImageDraw.Draw(picture)
        if place[1] < -10:
            x = min(max(place[0], 10), VIEW[0] - 10)
            draw.polygon([(x, 6), (x - 7, 18), (x + 7, 18)], fill=AMBER)
        picture.paste(_strip(), (0, VIEW[1]))
        for place, value in enumerate(self._instruments(step)):
            picture.paste(INK, (STRIP_LEFT + place * STRIP_STEP, VIEW[1] + 34), _word(value, 20))
        if step == self._flight.steps:
            colour = GOOD if self._flight.landed else AMBER if self._flight.outcome == "off the pad" else BAD
            words = f"{ENDINGS[self._flight.outcome]}   {_plain(self._flight.total_reward, 1)} points"
            draw.text((VIEW[0] / 2, 84), words, colour, _font(30), anchor="mm")
        return picture

    def _height(self, step: int) -> float:
        """Return the height of the lander's middle above the world's floor in m."""
        return self._seen.altitude[step] + PAD + STANDING

    def _paint_background(self) -> Image.Image:
        """Paint the static parts: sky and stars, ground, flags, the pilot's name."""
        wide, high = VIEW[0] * 2, VIEW[1] * 2
        shade = np.linspace(0, 1, high)[:, None, None]
        sky = np.array(SKY_TOP) * (1 - shade) + np.array(SKY_LOW) * shade
        picture = Image.fromarray(np.broadcast_to(sky, (high, wide, 3)).astype(np.uint8))
        draw = ImageDraw.Draw(picture)
        rng = np.random.default_rng(self._flight.seed)
        for x, y, size in rng.uniform((0, 0, 0.6), (wide, high, 2.2), (90, 3)):
            draw.ellipse(
                (x - size, y - size, x + size, y + size), fill=tuple(int(60 + 70 * size) for _ in "rgb")
            )
        ground = [tuple(2 * c for c in self._on_screen(x, y)) for x, y in self._flight.terrain]
        draw.polygon([*ground, (wide, high), (0, high)], fill=GROUND_DEEP)
        lower = [(x, y + 26) for x, y in ground]
        draw.polygon([*ground, *reversed(lower)], fill=GROUND)
        draw.line(ground, fill=RIM, width=4, joint="curve")
        for side in -FLAGS, FLAGS:
            x, y = (2 * c for c in self._on_screen(HALF_WIDTH + side, PAD))
            draw.line((x, y, x, y - 104), fill=INK, width=3)
            draw.polygon([(x, y - 104), (x, y - 80), (x + 46, y - 92)], fill=AMBER)
        canvas = Image.new("RGB", SIZE, SKY_TOP)
        canvas.paste(picture.reduce(2), (0, 0))
        draw = ImageDraw.Draw(canvas)
        draw.text((16, 14), self._name, INK, _font(19))
        draw.text((16, 40), f"seed {self._flight.seed}", QUIET, _font(14))
        return canvas

    @staticmethod
    def _on_screen(x: float, y: float) -> tuple[float, float]:
        return x * SCALE, VIEW[1] - y * SCALE

    def _lander(self, step: int) -> Image.Image:
        """Paint the lander, its legs and flames after `step`, in a transparent square around it."""
        patch = Image.new("RGBA", (PATCH * SMOOTH, PATCH * SMOOTH), (*SKY_LOW, 0))
        draw = ImageDraw.Draw(patch)
        angle = math.radians(self._seen.angle[step])
        middle = np.array([self._seen.x[step] + HALF_WIDTH, self._height(step)])

        def corners(shape: np.ndarray, turned: float = angle, moved: np.ndarray | None = None) -> list[tuple]:
            cos, sin = math.cos(turned), math.sin(turned)
            points = shape @ np.array([[cos, sin], [-sin, cos]])
            if moved is not None:
                points = points + moved - middle
            return [
                (PATCH * SMOOTH / 2 + x * SCALE * SMOOTH, PATCH * SMOOTH / 2 - y * SCALE * SMOOTH)
                for x, y in points
            ]

        for flame, colour in self._flames(step):
            draw.polygon(corners(flame), fill=colour)
        for place, x, y, turned in ((n, *leg) for n, leg in enumerate(self._flight.legs[step].tolist())):
            where = np.array([x, y])
            hip = np.array([(0.5 if place == 0 else -0.5, -0.25)])
            knee = corners(np.array([(0, 8 / 30)]), turned, where)
            draw.line([*corners(hip), *knee], fill=LEG, width=2 * SMOOTH)
            draw.polygon(corners(LEG_BOX, turned, where), fill=LEG)
            draw.line(corners(FOOT, turned, where), fill=LEG, width=2 * SMOOTH)
        draw.polygon(corners(NOZZLE), fill=HULL_EDGE)
        draw.polygon(corners(BODY), fill=HULL, outline=HULL_EDGE, width=SMOOTH)
        draw.polygon(corners(SKIRT), fill=AMBER)
        x, y = corners(np.array([(0, 8 / 30)]))[0]
        radius = 0.16 * SCALE * SMOOTH
        draw.ellipse(
            (x - radius, y - radius, x + radius, y + radius), fill=WINDOW, outline=HULL_EDGE, width=SMOOTH
        )
        return patch.reduce(SMOOTH)

    def _flames(self, step: int) -> list[tuple[np.ndarray, tuple[int, int, int]]]:
        """Return the flames of the previous step, outer and inner, in the lander's coordinates in metres."""
        fired, flicker = self._engines[step], 0.82 + 0.18 * (step * 7 % 5) / 4
        if fired == "main engine":
            tip = -0.53 - 1.15 * flicker
            return [
                (np.array([(-0.26, -0.5), (0.26, -0.5), (0, tip)]), (240, 120, 40)),
                (np.array([(-0.13, -0.5), (0.13, -0.5), (0, tip * 0.72)]), (255, 232, 170)),
            ]
        if fired in ("left engine", "right engine"):
            # The left engine pushes the lander to the left, so its flame is on the right.
            away = 1 if fired == "left engine" else -1
            out = np.array([(0.5, 0.38), (0.5, 0.54), (0.5 + 0.6 * flicker, 0.46)]) * [away, 1]
            return [(out, (255, 190, 100))]
        return []

    def _instruments(self, step: int) -> tuple[str, ...]:
        """Return the values for `LABELS`."""
        seen = self._seen
        return (
            f"{_plain(seen.altitude[step], 1)} m",
            f"{_plain(seen.speed[step], 1)} m/s",
            f"{_plain(seen.angle[step], 0)}°",
            _plain(seen.fuel[step], 1),
            _plain(seen.reward[step], 0),
            self._engines[step].removesuffix(" engine").replace("nothing", "off"),
        )


def _plain(value: float, digits: int) -> str:
    """Write a number, without a minus sign before a zero."""
    return f"{round(float(value), digits) + 0.0:.{digits}f}"


@lru_cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.load_default(size)


@lru_cache
def _strip() -> Image.Image:
    """Paint the instrument strip without its values."""
    strip = Image.new("RGB", (SIZE[0], STRIP), SKY_TOP)
    for place, label in enumerate(LABELS):
        strip.paste(QUIET, (STRIP_LEFT + place * STRIP_STEP, 14), _word(label, 13))
    return strip


@lru_cache(2048)
def _word(text: str, size: int) -> Image.Image:
    """Return the text as a mask; drawing letters takes longer than the rest of a frame."""
    mask = Image.new("L", (STRIP_STEP, 2 * size))
    ImageDraw.Draw(mask).text((0, 0), text, 255, _font(size))
    return mask
