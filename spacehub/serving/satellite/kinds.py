"""Recognise files that are or contain images but are not supported, and give the command that converts each."""

from pathlib import Path

from spacehub.errors import SpaceHubError
from spacehub.serving.satellite.jpeg2000 import SIZE

GDAL = "Convert it: gdal_translate -of PNG {} out.png"
SUBDATASET = "List its contents with gdalinfo, then convert one image: gdal_translate -of PNG '{}' out.png"
HEIC = (
    "Convert the image: heif-convert in.heic out.jpg, or sips -s format jpeg in.heic --out out.jpg on a Mac. To take "
    "JPEG images on an iPhone, choose Settings > Camera > Formats > Most Compatible."
)
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
# The offset of the signature, the signature, what the file is, and what to do.
MARKS = (
    (0, b"\x89HDF\r\n\x1a\n", "an HDF5 or NetCDF-4 file", SUBDATASET.format('HDF5:"in.h5"://NAME')),
    (0, b"\x0e\x03\x13\x01", "an HDF4 file", SUBDATASET.format("HDF4_EOS:EOS_GRID:in.hdf:GRID:NAME")),
    (0, b"CDF\x01", "a NetCDF file", SUBDATASET.format("NETCDF:in.nc:NAME")),
    (0, b"CDF\x02", "a NetCDF file", SUBDATASET.format("NETCDF:in.nc:NAME")),
    (0, b"GRIB", "a GRIB file", GDAL.format("-b 1 -ot Byte -scale in.grib")),
    (0, b"NITF", "a NITF file", GDAL.format("in.ntf")),
    (0, b"SIMPLE  =", "a FITS file", GDAL.format("-ot Byte -scale in.fits")),
    (0, b"8BPS", "a Photoshop file", "Export it as PNG."),
    (0, b"%PDF", "a PDF document", GDAL.format("in.pdf")),
    (0, b"\x76\x2f\x31\x01", "an OpenEXR image", GDAL.format("-ot Byte -scale in.exr")),
    (0, b"\xff\x0a", "a JPEG XL image", "Convert it: djxl in.jxl out.png"),
    (4, b"JXL \r\n\x87\n", "a JPEG XL image", "Convert it: djxl in.jxl out.png"),
    (0, b"P4", "a PBM image", GDAL.format("in.pbm")),
    (0, b"P5", "a PGM image", GDAL.format("in.pgm")),
    (0, b"P6", "a PPM image", GDAL.format("in.ppm")),
    (0, b"msid=", "an MrSID file", GDAL.format("in.sid")),
    (0, b"\x00\x00\x01\x00", "an icon", "Save the image itself as PNG."),
    (0, b"PK\x03\x04", "a zip archive", "Unpack the archive and send one image from it. From a .SAFE folder, send the file that ends in "
        "TCI_10m.jp2."),
    (0, b"\x1f\x8b", "a gzip archive", "Unpack the archive and send one image from it."),
)  # fmt: skip
READ = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"\0\0\0\x0cjP  ", SIZE)
SVG = "a drawing (SVG), which has no pixels"


def is_read(path: Path) -> bool:
    """Return whether a file begins like a supported kind, whatever follows."""
    with open(path, "rb") as file:
        head = file.read(16)
    return head.startswith(READ) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


def refuse(path: Path) -> None:
    """Raise for a file of a known but unsupported kind; do nothing about others.

    Raises
    ------
    SpaceHubError
        The error names the kind and the command.
    """
    with open(path, "rb") as file:
        head = file.read(1024)
    for at, mark, what, fix in MARKS:
        if head[at:].startswith(mark):
            raise SpaceHubError(f"The file is {what}, which is not supported.", fix)
    brands = head[8 : int.from_bytes(head[:4]) or 8]
    listed = {brands[at : at + 4] for at in range(0, min(len(brands), 128), 4)}
    if head[4:8] == b"ftyp" and not listed & {b"avif", b"avis"} and listed & set(HEIC_BRANDS):
        raise SpaceHubError("The file is a HEIC image that is damaged or has an unsupported encoding.", HEIC)
    if b"<svg" in head:
        raise SpaceHubError(f"The file is {SVG}.", "Export the file as PNG.")
