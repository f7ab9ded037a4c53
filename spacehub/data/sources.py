"""Find raw files: in a folder named in the environment or next to the checkout, in a package, or by download.

Every file is pinned by its sha256, wherever it comes from. If a file is not available, `find` returns
None and the caller generates a sample, labelled *simulated*.
"""

import hashlib
import importlib.util
import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from spacehub import network
from spacehub.data import reddit
from spacehub.errors import SpaceHubError
from spacehub.home import ensure, home
from spacehub.lab.telemetry import webcasts

log = logging.getLogger(__name__)

CHECKOUT_FOLDER = Path(__file__).resolve().parents[3] / "shared" / "sources"
DOWNLOAD_SECONDS = 15.0

_COURSE = "https://raw.githubusercontent.com/jd-paul/ibm-applied-data-science-project"
_COURSE_DATA = f"{_COURSE}/4e047201dd490575ff3e4c8135be2c16274484d7/data"
_METEORITES = "https://raw.githubusercontent.com/rsangole/uros2024-interactive_baseplots"
_MISSIONS = "https://raw.githubusercontent.com/jquelas/spacex_missions_data_analytics"


@dataclass(frozen=True, kw_only=True)
class RawFile:
    """A pinned raw file: its path below a sources folder, checksum, origin and licence.

    The checksum is a `sha256`, or an `md5` if the publisher states no other checksum. `url` serves exactly these
    bytes; None if only a folder can. `package` is its path in an installed package that contains it.
    """

    name: str
    origin: str
    licence: str
    sha256: str | None = None
    md5: str | None = None
    url: str | None = None
    package: str | None = None

    @property
    def checksum(self) -> str:
        """``sha256:`` or ``md5:`` and the digest."""
        return f"sha256:{self.sha256}" if self.sha256 else f"md5:{self.md5}"

    def is_at(self, path: Path) -> bool:
        """Return whether the file at `path` is this one."""
        kind, _, digest = self.checksum.partition(":")
        return _digest(path, kind) == digest


_API = {"origin": "SpaceX REST API v4 dump", "licence": "Apache-2.0 (r-spacex/SpaceX-API)"}
_TORCHGEO = "https://huggingface.co/datasets/torchgeo"
_EUROSAT = {"licence": "MIT (contains Copernicus Sentinel data)"}
_USGS = {"licence": "public domain (USGS National Map Urban Area Imagery)"}
_NASA = {"licence": "public domain (NASA)"}
_SKIMAGE = "https://gitlab.com/scikit-image/data/-/raw/5c090b56df3988d988ff97928e2ef2d2cbe38e1b"

RAW_FILES = {
    file.name: file
    for file in [
        RawFile(
            name="falcon9/launches_raw.json",
            sha256="3aaa8756a72b42da704fc86bd6d73c8524c7bead36ee818745ac01e7a4428b49",
            url=f"{_COURSE_DATA}/launches_raw.json",
            **_API,
        ),
        RawFile(
            name="falcon9/payloads.json",
            sha256="fdcf03c626a575b409ccd1d000e7331121237ee3c0ce72a008e94b2e1f6532c2",
            url=f"{_COURSE_DATA}/payloads.json",
            **_API,
        ),
        RawFile(
            name="falcon9/launchpads.json",
            sha256="4e66dd6e72f285fc8e34250a0e2c55f9e60f1709477ef930cefd925ef1b5c478",
            url=f"{_COURSE_DATA}/launchpads.json",
            **_API,
        ),
        RawFile(
            name="falcon9/missions_2006_2023.csv",
            sha256="7a749e03fbd8ad603f894ba637245582407cd8f9939857753ea9c207ebf3f312",
            url=f"{_MISSIONS}/2580d55d0a83f161f30fc01e2fd9f05fd3719781/spacex_missions.csv",
            origin="launch facts compiled from public lists (jquelas/spacex_missions_data_analytics)",
            licence="only facts were used (the repository is licensed under GPL-3.0)",
        ),
        RawFile(
            name="meteorites/Meteorite_Landings.csv",
            sha256="5b4c6a3596f177b3fe8b722e8a7e5f98f05628fe2167ec3bd007acdeb77036b5",
            url=f"{_METEORITES}/f83961fb87ab51e645ad827387611aeef3d2c235/data/Meteorite_Landings_20241116.csv",
            origin="NASA open data, The Meteoritical Society",
            licence="public domain (US government open data)",
        ),
        RawFile(
            name="eurosat/EuroSAT.zip",
            md5="c8fa014336c82ac7804f0398fcb19387",
            url=f"{_TORCHGEO}/eurosat/resolve/c877bcd43f099cd0196738f714544e355477f3fd/EuroSAT.zip",
            origin="EuroSAT RGB (Helber et al. 2019), all 27,000 images",
            **_EUROSAT,
        ),
        RawFile(
            name="eurosat/EuroSAT_sample.zip",
            sha256="b5f6b9e397a641803a4bc04015c85e337306d50c68c2058d6d8c055c314fa390",
            origin="2,014 of the 27,000 images of EuroSAT RGB (Helber et al. 2019), re-encoded as JPEG",
            **_EUROSAT,
        ),
        RawFile(
            name="uc_merced/UCMerced_LandUse.zip",
            md5="5b7ec56793786b6dc8a908e8854ac0e4",
            url=f"{_TORCHGEO}/ucmerced/resolve/d0af6e2eeea2322af86078068bd83337148a2149/UCMerced_LandUse.zip",
            origin="UC Merced Land Use (Yang and Newsam 2010), TIFF",
            **_USGS,
        ),
        RawFile(
            name="uc_merced/UCMerced_LandUse_jpg.zip",
            sha256="7a7695b887f27b9c4fa25a7a9aaa82ecf7bc884635fe18fc474089c93b7018d0",
            origin="UC Merced Land Use (Yang and Newsam 2010), all 2,100 images as JPEG",
            **_USGS,
        ),
        RawFile(
            name="images/landsat_bahamas_RGB.byte.tif",
            sha256="d7cbe932c7ed74a627706a9e9df99f706df3e5abc7d45a49e9d00677a6b09eb4",
            origin="USGS Landsat 7 ETM+ scene of the Bahamas, from the test data of rasterio",
            licence="CC0-1.0 (rasterio's test data; USGS imagery is in the public domain)",
        ),
        RawFile(
            name="images/nasa_earth.jpg",
            sha256="ad615afaed5a3f91bee84381e569350f099cef246fe03a82ae3298bdc160518a",
            origin="NASA photograph of the Earth",
            **_NASA,
        ),
        RawFile(
            name="images/nasa_moon.jpg",
            sha256="e609200b2e2182de7079aff42fb24f561d4d86fa1d4f8dc58f9b5d06189ece19",
            origin="NASA photograph of the Moon",
            **_NASA,
        ),
        RawFile(
            name="images/nasa_sun.jpg",
            sha256="26cd915aa3df86c46590ff207fdc21a09dfcbc71638398bf3c6d7e42425129de",
            origin="NASA photograph of the Sun",
            **_NASA,
        ),
        RawFile(
            name="images/moon.png",
            sha256="78739619d11f7eb9c165bb5d2efd4772cee557812ec847532dbb1d92ef71f577",
            url=f"{_SKIMAGE}/moon.png",
            package="skimage/data/moon.png",
            origin="surface of the Moon, from scikit-image, which does not name the photographer",
            licence="BSD-3-Clause, like the rest of scikit-image (no other licence is stated)",
        ),
        RawFile(
            name="images/rocket.jpg",
            sha256="c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c",
            url=f"{_SKIMAGE}/rocket.jpg",
            package="skimage/data/rocket.jpg",
            origin="Falcon 9 with DSCOVR, SpaceX Photos 16511594820, from scikit-image",
            licence="public domain (released by SpaceX in March 2015)",
        ),
        RawFile(
            name="images/hubble_deep_field.jpg",
            sha256="3a19c5dd8a927a9334bb1229a6d63711b1c0c767fb27e2286e7c84a3e2c2f5f4",
            url=f"{_SKIMAGE}/hubble_deep_field.jpg",
            package="skimage/data/hubble_deep_field.jpg",
            origin="Hubble eXtreme Deep Field, HubbleSite release 2012-37, from scikit-image",
            **_NASA,
        ),
        *(
            RawFile(
                name=f"reddit/{community}.csv",
                sha256=sha256,
                url=f"{reddit.BASE}/{community}.csv",
                origin=f"top posts of r/{community} up to 2013 (umbrae/reddit-top-2.5-million)",
                licence="PDDL-1.0",
            )
            for community, sha256 in reddit.COMMUNITIES.items()
        ),
        *(
            RawFile(
                name=path,
                sha256=sha256,
                url=webcasts.address(path),
                origin="values read from launch webcasts (shahar603/Telemetry-Data)",
                licence="Unlicense",
            )
            for path, sha256 in webcasts.CHECKSUMS.items()
        ),
    ]
}


@dataclass(frozen=True)
class Found:
    """A raw file on this disk; `way` is ``environment``, ``checkout``, ``package`` or ``download``."""

    file: RawFile
    path: Path
    way: str


class Sources(Mapping[str, Path]):
    """The raw files of one dataset, by name: ``sources["falcon9/payloads.json"]`` is a local path."""

    def __init__(self, found: list[Found]):
        self.found = found
        self._paths = {entry.file.name: entry.path for entry in found}

    def __getitem__(self, name: str) -> Path:
        return self._paths[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def provenance(self) -> list[dict]:
        """Return name, origin, licence, url, sha256 and bytes of each file, the same on every machine."""
        return [
            {
                "file": entry.file.name,
                "origin": entry.file.origin,
                "licence": entry.file.licence,
                "url": entry.file.url,
                "sha256": entry.file.sha256 or _digest(entry.path, "sha256"),
                "bytes": entry.path.stat().st_size,
            }
            for entry in self.found
        ]


def find(names: tuple[str, ...]) -> Sources | None:
    """Find the raw files called `names`: all of them, or None.

    Each file is searched for in ``SPACEHUB_SOURCES``, in ``shared/sources`` next to the checkout, in the
    installed package that contains it, and then among earlier downloads. Missing files are downloaded
    below ``home()/sources``. Without a network, this takes at most 5 s for all files together.

    Raises
    ------
    SpaceHubError
        If ``SPACEHUB_SOURCES`` is not a folder, or a file in a folder is not the pinned file.
    """
    files = [RAW_FILES[name] for name in names]
    entries = {file.name: entry for file in files if (entry := _in_a_folder(file) or _in_a_package(file))}
    missing = [file for file in files if file.name not in entries]
    if missing and not _download(missing):
        return None
    entries |= {file.name: Found(file, _downloaded(file), "download") for file in missing}
    for entry in entries.values():
        log.info("%s: %s (%s)", entry.file.name, entry.path, entry.way)
    return Sources([entries[name] for name in names])


def at_hand(name: str) -> Path | None:
    """Return the raw file called `name` if a folder, a package or an earlier download has it, without downloading."""
    file = RAW_FILES[name]
    entry = _in_a_folder(file) or _in_a_package(file)
    if entry:
        return entry.path
    path = _downloaded(file)
    return path if path.is_file() and file.is_at(path) else None


def _in_a_folder(file: RawFile) -> Found | None:
    named = os.path.expanduser(os.environ.get("SPACEHUB_SOURCES", "").strip())
    if named and not Path(named).is_dir():
        raise SpaceHubError(
            f"SPACEHUB_SOURCES is {named}, which is not a folder.",
            "Set SPACEHUB_SOURCES to the folder that contains the raw files (such as falcon9/launches_raw.json), or unset it.",
        )
    folders = [(Path(named), "environment")] if named else []
    for folder, way in [*folders, (CHECKOUT_FOLDER, "checkout")]:
        path = folder / file.name
        if path.is_file():
            if not file.is_at(path):
                kind, _, digest = file.checksum.partition(":")
                raise SpaceHubError(
                    f"{path} is not the file that this version of SpaceHub expects: its {kind} checksum does not start with "
                    f"{digest[:12]}.",
                    f"Download the file again{f' from {file.url}' if file.url else ''}, or delete it.",
                )
            return Found(file, path, way)
    return None


def _in_a_package(file: RawFile) -> Found | None:
    """Find the file in the package that contains it, without importing the package.

    Another version's file is ignored.
    """
    if file.package is None:
        return None
    name, _, inside = file.package.partition("/")
    package = importlib.util.find_spec(name)
    if package is None or not package.origin:
        return None
    path = Path(package.origin).parent / inside
    return Found(file, path, "package") if path.is_file() and file.is_at(path) else None


def _downloaded(file: RawFile) -> Path:
    return home() / "sources" / file.name


def _download(files: list[RawFile]) -> bool:
    """Download `files` below ``home()/sources``; return False at the first that is not available."""
    absent = [file for file in files if not (_downloaded(file).is_file() and file.is_at(_downloaded(file)))]
    if not absent:
        return True
    for file in absent:
        if file.url is None:
            log.warning(
                "%s is missing: the file is in no sources folder and has no download address", file.name
            )
            return False
    problem = network.trouble(absent[0].url)
    if problem:
        log.warning("Cannot download %s: %s", absent[0].url, problem)
        return False
    return all(_fetch(file) for file in absent)


def _fetch(file: RawFile) -> bool:
    import pooch
    import requests

    target = _downloaded(file)
    ensure(target.parent)
    log.info("%s: downloading %s", file.name, file.url)
    pooch.get_logger().setLevel(logging.WARNING)
    try:
        pooch.retrieve(
            file.url,
            known_hash=file.checksum,
            fname=target.name,
            path=target.parent,
            downloader=pooch.HTTPDownloader(timeout=DOWNLOAD_SECONDS),
        )
    except (requests.RequestException, ValueError) as error:
        # A ValueError means a wrong checksum, such as from a captive portal, or from an address that now serves
        # another file.
        log.warning("Cannot download %s: %s", file.url, error)
        return False
    except OSError as error:
        raise SpaceHubError(
            f"Cannot write {target}: {error.strerror or error}.",
            "Free some space, or choose another folder with SPACEHUB_HOME.",
        ) from error
    return True


def _digest(path: Path, kind: str) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, kind).hexdigest()
