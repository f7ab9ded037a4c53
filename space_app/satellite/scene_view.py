"""What the tab Satellite shows of a scene: the map over it, and how much of the land is what."""

from PIL import Image

from space_app.satellite.land_map import colours, scaled, tiles
from space_app.satellite.overlay import data_address
from space_app.satellite.words import scene_doubts, spoken
from space_app.watch import Status
from space_app.words import age, commit_link, esc
from spacehub.serving.satellite.scene import Area, LandUse
from spacehub.serving.words import percent, plain

LONGEST = 760
WORDS = """
<h3>A whole scene</h3>
<p>A satellite photograph of up to 8,000 × 8,000 pixels comes back as a map of its land use: it is cut into tiles as
wide on the ground as the pictures that the model learned from, and each tile gets the class that is most likely. Give
the resolution when it is not 10 m a pixel and the file does not state it. A JPEG 2000 of Sentinel-2 (TCI_10m.jp2) may
have 11,000 pixels a side. A tile that is mostly black or transparent counts as not seen.</p>
"""


def land_use(picture: Image.Image, found: LandUse, status: Status) -> str:
    """Draw the map over the scene, and the areas as its legend."""
    cut, ground = found.grid, scaled(picture, LONGEST)
    wide, high = (
        100 * n * cut.tile / length for n, length in ((cut.columns, cut.width), (cut.rows, cut.height))
    )
    style = f"width:{wide:.2f}%;height:{high:.2f}%"
    listed = [area for area in found.areas if area.tiles]
    size = "<th>km²</th>" if found.metres_a_pixel else ""
    rows = "".join(_row(area, found) for area in listed)
    doubted = "".join(f'<p class="notice loud">{esc(one)}</p>' for one in scene_doubts(found))
    unseen = (
        "" if found.seen > 0.999 else f" On {percent(1 - found.seen)} of the scene there was nothing to see."
    )
    return f"""
<section class="verdict satellite-scene" aria-live="polite">
  <div><div class="scene" style="aspect-ratio:{cut.width} / {cut.height}">
    <img alt="The scene" src="{data_address(ground, "JPEG")}">
    <img class="tiles" alt="Its land use, a colour a class" style="{style}" src="{data_address(tiles(found))}">
  </div>
  <label class="beneath"><input type="checkbox"> the scene alone</label></div>
  <div>
    <table class="areas"><thead><tr><th>Class</th><th>Share</th>{size}<th>Mean chance</th></tr></thead>
    <tbody>{rows}</tbody></table>
    {doubted}{_read_as(picture, found)}
    <p>{cut.rows * cut.columns:,} tiles.{esc(unseen)} A share counts each tile as all one class, and a tile named wrongly
    counts as what it was called.</p>
    <p class="provenance">Answered by {esc(status.entry.repo_id)} at {commit_link(status.page, status.commit)},
    published {age(status.made)}.</p>
  </div>
</section>"""


def _read_as(picture: Image.Image, found: LandUse) -> str:
    """Explain how the file became a picture, and its resolution."""
    told = picture.info.get("read_as", "")
    if found.metres_a_pixel:
        told += f" {plain(round(found.metres_a_pixel, 2))} m a pixel."
    return f"<p>{esc(told[:1].upper() + told[1:])}</p>" if told else ""


def _row(area: Area, found: LandUse) -> str:
    swatch = f'<i class="swatch" style="background:{colours(found.classes)[area.name]}"></i>'
    size = f"<td>{esc(plain(round(area.km2, 2)))}</td>" if area.km2 is not None else ""
    return (
        f"<tr><td>{swatch}{esc(spoken(area.name))}</td><td>{esc(percent(area.share))}</td>{size}"
        f"<td>{esc(percent(area.mean_chance))}</td></tr>"
    )
