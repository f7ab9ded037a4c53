"""JPEG 2000 as Sentinel-2's products have it: read at a part of its resolution, or refused with the command."""

import struct

import numpy as np
import pytest
from PIL import Image

from spacehub.errors import SpaceHubError
from spacehub.serving.satellite import decode

COARSE = np.random.default_rng(0).integers(10, 160, (6, 8, 3), np.uint8)
GML = (
    b"<gml:offsetVector srsName='urn:ogc:def:crs:EPSG::32633'>10 0</gml:offsetVector>"
    b"<gml:offsetVector>0 -10</gml:offsetVector>"
)


def test_jpeg_2000_is_read_at_half_its_resolution_where_it_is_large(tmp_path, monkeypatch):
    monkeypatch.setattr("spacehub.serving.satellite.jpeg2000.MOST_PIXELS", 100 * 100)
    path = tmp_path / "T33UVR_TCI_10m.jp2"
    smooth = Image.fromarray(COARSE).resize((160, 120), Image.Resampling.BICUBIC)
    smooth.save(path)
    data = path.read_bytes()
    path.write_bytes(data[:32] + struct.pack(">I4s", 8 + len(GML), b"xml ") + GML + data[32:])
    picture = decode.read(path)
    assert picture.size == (80, 60)
    assert np.abs(np.asarray(picture).astype(int) - np.asarray(smooth.reduce(2))).mean() < 8
    assert picture.info["metres_a_pixel"] == pytest.approx(20)
    assert picture.info["read_as"] == "JPEG 2000, read at 1/2 of its resolution."


def test_a_single_band_of_jpeg_2000_is_refused_with_the_command(tmp_path):
    path = tmp_path / "B04.jp2"
    Image.fromarray(np.full((40, 56), 2_000, np.uint16)).save(path)
    with pytest.raises(SpaceHubError, match=r"true-colour image \(TCI_10m.jp2\).*-scale 0 2750 1 255"):
        decode.read(path)
