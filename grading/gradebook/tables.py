"""Tables as spreadsheets and platforms write and read them: commas, semicolons or tabs; UTF-16."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 64 << 20
DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Table:
    """The cells of a file, and how it was written.

    Attributes
    ----------
    rows : list of list of str
        Without empty rows; the first one holds the headings.
    encoding, delimiter : str
    """

    rows: list[list[str]]
    encoding: str = "utf-8"
    delimiter: str = ","


def read_table(path: Path) -> Table:
    """Read a table, whatever its encoding and delimiter.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is not a text, or too large.
    """
    path = Path(path)
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise ValueError(f"{path} has {size >> 20:,} MB, expected a table of at most 64 MB.")
    text, encoding = _decoded(path)
    said = re.match(r"sep=([,;\t])\r?\n", text)  # Excel's own first line
    text = text[said.end() :] if said else text
    delimiter = said[1] if said else max(DELIMITERS, key=lambda one: _columns(text, one))
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise ValueError(f"{path} is not a table ({error}), expected a CSV file.") from error
    return Table([row for row in rows if any(row)], encoding, delimiter)


def as_text(rows: Iterable[Iterable[object]], delimiter: str = ",") -> str:
    """A table as text, in which no cell is a formula."""
    text = io.StringIO()
    written = csv.writer(text, delimiter=delimiter)
    written.writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue()


def guarded(value: object) -> str:
    """The text of a cell, changed so that no spreadsheet takes it for a formula; numbers stay."""
    if isinstance(value, float):
        return f"{value:.10g}"
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", str(value))
    if text[:1] in ("\t", "\r", "\n"):
        return f"'{text}"
    # Some spreadsheets read a full-width = as a plain one, and NFKC turns such forms into it.
    begins = unicodedata.normalize("NFKC", text[:100]).lstrip()[:1]
    if begins and begins in "=+-−@|" and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        return f"'{text}"
    return text


def same(text: object) -> str:
    """A form of a heading or an id in which equal ones are equal, however they were typed."""
    return unicodedata.normalize("NFC", str(text)).strip().casefold()


def listed(names: Sequence[str], most: int = 8) -> str:
    """The first few names, for a sentence."""
    shown = ", ".join(names[:most]) or "none"
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


def _decoded(path: Path) -> tuple[str, str]:
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    elif data[1:2] == b"\0":
        encodings = ("utf-16-le",)
    else:
        # Excel saves a "CSV" in the code page of Windows.
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise ValueError(f"{path} is not a text in UTF-8 or UTF-16, expected a CSV file.")


def _columns(text: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), []))
    except csv.Error:
        return 0
