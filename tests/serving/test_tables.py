"""Reading a CSV file that anyone may have written."""

import pytest

from spacehub.errors import SpaceHubError
from spacehub.serving.tables import MAX_BYTES, MAX_ROWS, read_csv

HEAD = b"orbit,mass\n"


@pytest.mark.parametrize(
    ("raw", "cells"),
    [
        (HEAD + b"LEO,1\n", [["LEO", "1"]]),
        (b"\xef\xbb\xbf" + HEAD + b"LEO,1", [["LEO", "1"]]),
        (b"\n\r\n orbit , mass \r\nLEO,1\r\n\r\nGTO,2\r\n", [["LEO", "1"], ["GTO", "2"]]),
        (HEAD + '"a, b\nc",é\n'.encode(), [["a, b\nc", "é"]]),
        (b"mass,note,orbit\n1,x,LEO\n", [["1", "x", "LEO"]]),
    ],
)
def test_reads(raw, cells, tmp_path):
    path = tmp_path / "f.csv"
    path.write_bytes(raw)
    assert read_csv(path, required=["orbit", "mass"]).to_numpy().tolist() == cells


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "The file is empty. Start from the template"),
        (b" \n\n", "The file is empty."),
        (HEAD, "The file has a first line and no rows."),
        (b"orbit\nLEO\n", "The first line lacks the column mass. It has: orbit."),
        (b"a,b\n1,2\n", "lacks the columns orbit, mass. It has: a, b."),
        (b"orbit;mass\nLEO;1\n", "separated by semicolons, not by commas"),
        (b"orbit\tmass\nLEO\t1\n", "separated by tabs, not by commas"),
        (b"orbit,mass,mass\nLEO,1,2\n", "has the column mass more than once"),
        (HEAD + b"LEO,1\nLEO\n", "Line 3 has 1 cells and the first line has 2."),
        (HEAD + b"LEO,1,2\n", "Line 2 has 3 cells"),
        (HEAD + b"LEO,\xe9\n", "not encoded in UTF-8: byte 0xe9 in line 2"),
        ("orbit,mass\nLEO,1\n".encode("utf-16"), "encoded in UTF-16"),
        (HEAD + b"LEO,\x00\n", "The file is binary"),
        (b"PK\x03\x04 a spreadsheet", "The file is binary"),
        (b"\x89PNG\r\n\x1a\n", "The file is binary"),
        (HEAD + b'LEO,"' + b"x" * 200_000 + b'"\n', "Line 2 is no CSV: field larger than field limit"),
        (HEAD + b"LEO,1\n" * (MAX_ROWS + 1), "more than 100,000 rows. Split it"),
        (HEAD + b"LEO,1\n" + b"x" * MAX_BYTES, "the limit is 20 MB"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_refuses_with_a_sentence(raw, words, tmp_path):
    path = tmp_path / "f.csv"
    path.write_bytes(raw)
    with pytest.raises(SpaceHubError) as caught:
        read_csv(path, required=["orbit", "mass"])
    assert words in str(caught.value)


def test_as_many_rows_as_are_allowed(tmp_path):
    path = tmp_path / "f.csv"
    path.write_bytes(HEAD + b"LEO,1\n" * MAX_ROWS)
    assert len(read_csv(path, required=["orbit"])) == MAX_ROWS
