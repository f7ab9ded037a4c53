"""The launches whose webcasts were read, and the checksums of their files (two per launch), in the format of sha256sum."""

from pathlib import Path
from urllib.parse import quote

BASE = "https://raw.githubusercontent.com/shahar603/Telemetry-Data/b245d3b81aa36b7941ec10f3f4b508999d106a6d"

# By path below a sources folder: telemetry/<launch>/<file>.
CHECKSUMS = {
    path: sha256
    for sha256, path in (
        line.split("  ", 1) for line in Path(__file__).with_suffix(".sha256").read_text().splitlines()
    )
}
# Three cores side by side are a different rocket.
NOT_FALCON_9 = ("Falcon Heavy",)


def is_falcon_9(launch: str) -> bool:
    """Return whether a launch, by its name, was a Falcon 9."""
    return not any(name in launch for name in NOT_FALCON_9)


def falcon_9_launches() -> list[str]:
    """Return the names of the Falcon 9 launches, in the dataset's order."""
    return [launch for launch in sorted({path.split("/")[1] for path in CHECKSUMS}) if is_falcon_9(launch)]


def address(path: str) -> str:
    """Return the download address of the file with that path."""
    _, launch, file = path.split("/")
    return f"{BASE}/{quote(launch)}/JSON/{file}"
