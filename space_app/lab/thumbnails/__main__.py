"""Take the images for the Lab's index from a running app.

python -m space_app.lab.thumbnails ADDRESS [KEY ...]

The command needs the extra `dev` and Chromium on the PATH; the app itself needs neither.
"""

import io
import sys
from pathlib import Path

from space_app.lab.experiments import EXPERIMENTS

FOLDER = Path(__file__).with_name("pictures")
SIZE = (480, 270)  # pixels
MOST_BYTES = 12_000
QUALITIES = (80, 70, 60, 50, 40, 30, 20)
# The part of an experiment's page that an image shows: its first figure, or the quiz.
FIGURE = ".bench .lab-plot[data-drawn], .checkpoints"
READY = "document.querySelector('.lab-plot[data-drawn], .checkpoints button')"
# The player is too small to read on a tile.
HIDDEN = ".modebar, .lab-player, .lab-save { display: none !important; }"


def main(address: str, keys: list[str]) -> None:
    """Take the images of the experiments in `keys`, or of all experiments if `keys` is empty."""
    from playwright.sync_api import sync_playwright

    from spacehub.browser import chromium

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1100, "height": 1500}, color_scheme="light")
        for key in keys or [experiment.key for experiment in EXPERIMENTS]:
            page.goto(f"{address.rstrip('/')}/lab/{key}/")
            page.wait_for_function(READY)
            page.add_style_tag(content=HIDDEN)
            page.wait_for_timeout(1_000)
            png = page.locator(FIGURE).first.screenshot(animations="disabled")
            data = thumbnail(png)
            (FOLDER / f"{key}.webp").write_bytes(data)
            print(f"{key}: {len(data):,} bytes")
        browser.close()


def thumbnail(png: bytes) -> bytes:
    """Return the image as WebP with size `SIZE` and at most `MOST_BYTES`, uncropped on a white background."""
    from PIL import Image, ImageOps

    fitted = ImageOps.pad(Image.open(io.BytesIO(png)).convert("RGB"), SIZE, color="white")
    for quality in QUALITIES:
        out = io.BytesIO()
        fitted.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= MOST_BYTES:
            break
    return out.getvalue()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
