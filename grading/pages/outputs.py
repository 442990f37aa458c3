"""What an answer cell put out, as text and pictures; a picture is checked to be a PNG."""

import base64
import binascii
import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MAX_TEXT = 4_000
"""A longer output is cut to this many characters."""

MAX_OUTPUTS = 10
MAX_IMAGE_BYTES = 1 << 20
MAX_PIXELS = 25_000_000
"""A picture with more pixels is left out: even a small file can hold one that fills a browser's
memory."""

PNG_START = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
"""What every PNG begins with; width and height follow, in four bytes each."""

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True)
class Output:
    """One output of a cell.

    Attributes
    ----------
    text : str
        What was printed, or what the picture shows.
    png : str
        The picture as base64 text; empty where there is none.
    error : bool
        Whether the cell ended here.
    """

    text: str
    png: str = ""
    error: bool = False


def shown_outputs(outputs: Sequence[Mapping[str, Any]]) -> list[Output]:
    """The first outputs of a cell, without those that show nothing."""
    shown = map(_shown, outputs[:MAX_OUTPUTS])
    return [output for output in shown if output is not None]


def _shown(output: Mapping[str, Any]) -> Output | None:
    kind = output.get("output_type")
    if kind == "error":
        said = f"{output.get('ename', '')}: {output.get('evalue', '')}"
        return Output(_shortened(said), error=True)
    if kind == "stream":
        return Output(_shortened(_joined(output.get("text", ""))))
    data = output.get("data") or {}
    text = _joined(data.get("text/plain", ""))
    png = picture(data.get("image/png"))
    if png:
        # The plain text from ``plots.show`` is the alt text; of a bare Figure it is only the size.
        described = text and not text.startswith("<Figure")
        return Output(_shortened(text) if described else "A figure that this cell drew", png)
    return Output(_shortened(text)) if text else None


def picture(encoded: object) -> str:
    """The base64 text of a PNG, encoded anew; empty if it is not a PNG or too large."""
    if not isinstance(encoded, str) or len(encoded) > 1.4 * MAX_IMAGE_BYTES:
        return ""
    try:
        content = base64.b64decode(encoded.replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        return ""
    if not content.startswith(PNG_START) or len(content) < 24:
        return ""
    width, height = struct.unpack(">II", content[16:24])
    return base64.b64encode(content).decode() if width * height <= MAX_PIXELS else ""


def _joined(text: object) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else str(text)


def _shortened(text: str) -> str:
    text = _ANSI.sub("", text)
    more = f"\n… {len(text) - MAX_TEXT} more characters" if len(text) > MAX_TEXT else ""
    return text[:MAX_TEXT] + more
