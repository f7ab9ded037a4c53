"""The known question for each model of a static Space, and this machine's answer."""

from space_app.static_space.build import SERVED
from space_app.watch import Watch
from spacehub.serving.satellite import decode

# Sums of floating-point numbers depend on their order; eight-bit sums are rounded in different steps.
CLOSE, CLOSE_IN_EIGHT_BITS = 1e-4, 0.05


def answers() -> dict[str, tuple]:
    """Return one question for each model, this machine's answer, and the tolerance."""
    watch = Watch(SERVED)
    watch.look()
    landing, satellite, titles = (watch.status(key).served for key in ("landing", "satellite", "titles"))
    flight = {field.name: field.default for field in landing.fields}
    picture = watch.status("eurosat-rgb").served.pictures[0].path
    seen = satellite.classify(decode.read(picture))
    title = watch.status("space-titles").served[0].title
    written = {name: "" if value is None else str(value) for name, value in flight.items()}
    close = CLOSE_IN_EIGHT_BITS if titles.int8_agrees else CLOSE
    return {
        "landing": ("predict", written, {"chance": landing.predict(landing.check(flight))}, CLOSE),
        "satellite": (
            "classify",
            f"examples/{picture.name}",
            dict(zip(satellite.classes, map(float, seen.chances), strict=True)),
            CLOSE if picture.suffix == ".png" else CLOSE_IN_EIGHT_BITS,
        ),
        "titles": ("classify", title, {"chance": titles.read(title).chance}, close),
    }
