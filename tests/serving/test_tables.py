"""Reading a CSV file that anyone may have written, and writing it back as it came."""

import pandas as pd
import pytest

from spacehub.errors import SpaceHubError
from spacehub.serving.tables import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, read_csv

HEAD = b"orbit,mass\n"
BOM = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("raw", "cells"),
    [
        (HEAD + b"LEO,1\n", [["LEO", "1"]]),
        (BOM + HEAD + b"LEO,1", [["LEO", "1"]]),
        (b"\n\r\n orbit , mass \r\nLEO,1\r\n\r\nGTO,2\r\n", [["LEO", "1"], ["GTO", "2"]]),
        (b"orbit,mass\rLEO,1\rGTO,2\r", [["LEO", "1"], ["GTO", "2"]]),
        (HEAD + '"a, b\nc",é\n'.encode(), [["a, b\nc", "é"]]),
        (HEAD + b'"a" b,"c ""d"" e"\n', [["a b", 'c "d" e']]),
        (b"mass,note,orbit\n1,x,LEO\n", [["1", "x", "LEO"]]),
        (b"Orbit;MASS\r\nLEO;1,5\r\n", [["LEO", "1,5"]]),
        (b"orbit\tmass\nLEO\t1,5\n", [["LEO", "1,5"]]),
        (b"note, really;orbit;mass\na,b;LEO;1\n", [["a,b", "LEO", "1"]]),
        (b"sep=;\r\norbit;mass\r\nLEO;1\r\n", [["LEO", "1"]]),
        (BOM + b'"sep=\t"\norbit\tmass\nLEO\t1\n', [["LEO", "1"]]),
        ("orbit\tmass\r\nLÉO\t1\r\n".encode("utf-16"), [["LÉO", "1"]]),
        ("\ufefforbit;mass\nLEO;1".encode("utf-16-be"), [["LEO", "1"]]),
        (b"mass,orbit,,\n1,LEO,x,y\n", [["1", "LEO", "x", "y"]]),
    ],
    ids=repr,
)
def test_reads(raw, cells, tmp_path):
    path = tmp_path / "f.csv"
    path.write_bytes(raw)
    assert read_csv(path, required=["orbit", "mass"]).rows.to_numpy().tolist() == cells


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "The file is empty. Copy the template"),
        (b" \n\n", "The file is empty."),
        (BOM, "The file is empty."),
        (HEAD, "The file has a header row but no data rows."),
        (b"sep=;\n", "The file has no header row. Copy the template"),
        (
            b"orbit\nLEO\n",
            "The first line does not have the column mass. When split at commas, the first line has these columns: orbit.",
        ),
        (
            b"a,b\n1,2\n",
            "not have the columns orbit, mass. When split at commas, the first line has these columns: a, b.",
        ),
        (b"orbit;b\nLEO;1\n", "When split at semicolons, the first line has these columns: orbit, b."),
        (b"orbit,mass,Mass\nLEO,1,2\n", "names a column more than once: mass"),
        (HEAD + b"LEO,1\nLEO\n", "Line 3 has 1 cells, but the first line has 2."),
        (HEAD + b"LEO,1,2\n", "Line 2 has 3 cells"),
        (HEAD + b'"L\nE\nO",1\nLEO,1,2\n', "Line 5 has 3 cells"),
        (b"sep=;\norbit;mass\nLEO;1;2\n", "Line 3 has 3 cells, but the first line has 2. Every line"),
        (b"orbit;mass\nLEO;1;2\n", "text that contains a semicolon"),
        (HEAD + b"LEO,\xe9\n", "not encoded in UTF-8. The byte 0xe9 in line 2"),
        (b"\xff\xfeo\0r\0", "not have the columns orbit, mass"),
        (b"\xff\xfe\xff", "begins like UTF-16 but is damaged"),
        (b"\xff\xfe\0\0o\0\0\0", "is a binary file"),
        (HEAD + b"LEO,\x00\n", "is a binary file"),
        (b"PK\x03\x04 a spreadsheet", "is a binary file"),
        (b"\x89PNG\r\n\x1a\n", "is a binary file"),
        (HEAD + b'LEO,"' + b"x" * 200_000 + b'"\n', "Line 2 is not valid CSV: field larger than field limit"),
        (HEAD + b"LEO,1\n" * (MAX_ROWS + 1), "more than 100,000 rows. Split the file"),
        (HEAD + b"LEO,1\n" + b"x" * MAX_BYTES, "the limit is 20 MB"),
        (b"orbit,mass" + b"," * MAX_COLUMNS, "has 1,002 columns, but the limit is 1,000."),
        (b"orbit,mass" + b"," * 98 + b"\n" + (b"," * 99 + b"\n") * 50_001, "more than 5,000,000 cells"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_refuses_with_a_sentence(raw, words, tmp_path):
    path = tmp_path / "f.csv"
    path.write_bytes(raw)
    with pytest.raises(SpaceHubError) as caught:
        read_csv(path, required=["orbit", "mass"])
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ('a,1\nb,"2', 3),
        ('a,1\nb,"2\n', 3),
        ('"a,1\nb,2\nc,3\n', 2),
        ('a,1\n"b,2\n"c",3\nd,4\n', 3),
        ('"two\nlines","open\nd,4\n', 3),
        ('a,1\n"b,2\n' + "c,3\n" * 40_000, 3),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_a_quote_that_is_not_closed_is_named_by_its_line(rows, line, tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("orbit,mass\n" + rows)
    with pytest.raises(SpaceHubError, match=f"The quoted cell that starts on line {line} is not closed"):
        read_csv(path, required=["orbit", "mass"])


def test_as_many_rows_as_are_allowed(tmp_path):
    path = tmp_path / "f.csv"
    path.write_bytes(HEAD + b"LEO,1\n" * MAX_ROWS)
    assert len(read_csv(path, required=["orbit"]).rows) == MAX_ROWS


@pytest.mark.parametrize(
    ("raw", "back"),
    [
        (b"Title,label\nMoon,mine\n", b"Title,label,label_2,chance\nMoon,mine,space,0.5\n"),
        (b"title,Label,label_2\nMoon,a,b\n", b"title,Label,label_2,label_3,chance\nMoon,a,b,space,0.5\n"),
        (b"title;x\nMoon;1\n", b"title;x;label;chance\nMoon;1;space;0,5\n"),
        (b"title;x\nMoon;1.5\n", b"title;x;label;chance\nMoon;1.5;space;0.5\n"),
        (BOM + b"sep=;\ntitle;\n;\n", BOM + b"sep=;\ntitle;;label;chance\n;;space;0,5\n"),
        (
            "\ufefftitle\tx\nMoon\t1,5\n".encode("utf-16-le"),
            "\ufefftitle\tx\tlabel\tchance\nMoon\t1,5\tspace\t0,5\n".encode("utf-16-le"),
        ),
    ],
    ids=repr,
)
def test_a_file_comes_back_as_it_was_written_with_all_its_columns(raw, back, tmp_path):
    path = tmp_path / "f.csv"
    path.write_bytes(raw)
    sheet = read_csv(path, required=["title"])
    names = sheet.save(path, pd.DataFrame({"label": ["space"], "chance": [0.5]}))
    assert path.read_bytes() == back
    assert names["chance"] == "chance"
    assert names["label"] in back.decode(sheet.dialect.encoding)
