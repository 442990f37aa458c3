"""Tables in every form in which spreadsheets and platforms write them."""

import csv

import pytest

from grading.gradebook.tables import Table, as_text, guarded, listed, read_table, same

ROWS = [["id", "name"], ["1", "Zoë, Ågren"], ["2", "王; 小明"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_any_encoding_and_delimiter_is_read(tmp_path, encoding, delimiter):
    path = tmp_path / "table.csv"
    path.write_bytes(as_text(ROWS, delimiter).encode(encoding))
    table = read_table(path)
    assert table.rows == ROWS and table.delimiter == delimiter


def test_code_page_of_windows_and_first_line_of_excel_are_read(tmp_path):
    (tmp_path / "a.csv").write_bytes("sep=;\r\nid;name\r\n\r\n1;Zoë\r\n".encode("cp1252"))
    assert read_table(tmp_path / "a.csv") == Table([["id", "name"], ["1", "Zoë"]], "cp1252", ";")


@pytest.mark.parametrize("data", [b"\xff\xfe\xfd", b"ab\0\0cd", b"\x81\x8d\x8f"])
def test_what_is_no_text_is_refused(tmp_path, data):
    (tmp_path / "a.csv").write_bytes(data)
    with pytest.raises(ValueError, match="not a text in UTF-8 or UTF-16"):
        read_table(tmp_path / "a.csv")


def test_what_is_too_large_or_no_table_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("x" * (csv.field_size_limit() + 1))
    with pytest.raises(ValueError, match="not a table"):
        read_table(path)
    monkeypatch.setattr("grading.gradebook.tables.MAX_BYTES", 10)
    with pytest.raises(ValueError, match="at most 64 MB"):
        read_table(path)


def test_headings_are_compared_however_they_were_typed():
    assert same(" Zoe\u0308 ") == same("ZOË")
    assert listed(list("abcd"), 3) == "a, b, c and 1 more" and listed([]) == "none"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-2+3", "'-2+3"),
        ("@A1", "'@A1"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("＠A1", "'＠A1"),
        ("﹦1", "'﹦1"),
        ("⁼1", "'⁼1"),
        ("⁺1", "'⁺1"),
        ("−1+1", "'−1+1"),
        (" =1", "' =1"),
        ("\N{NO-BREAK SPACE}=1", "'\N{NO-BREAK SPACE}=1"),
        ("|calc", "'|calc"),
        ("+1", "'+1"),
        ("-１", "'-１"),
        ("    Points Possible", "    Points Possible"),
        ("", ""),
        ("-2.5", "-2.5"),
        (-2.5, "-2.5"),
        ("a=b", "a=b"),
        (2 / 3, "0.6666666667"),
    ],
)
def test_guard_against_formulas(cell, expected):
    assert guarded(cell) == expected
