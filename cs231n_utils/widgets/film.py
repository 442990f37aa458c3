"""A film with controls: play, step, back to the start, how fast, and any frame by a slider."""

import zlib
from collections.abc import Iterator
from typing import Any

import anywidget
import traitlets

from cs231n_utils.plots import png_bundle
from cs231n_utils.widgets.bundle import css, widget_module

__all__ = ["FilmPlayer"]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class FilmPlayer(anywidget.AnyWidget):
    """Plays an animated PNG; at first it stands still and shows the last frame.

    Parameters
    ----------
    film : bytes
        From `cs231n_utils.films`.
    alt : str
        What the film shows.
    density : float
        Pixels of the film for each displayed pixel.
    """

    _esm = widget_module("film")
    _css = css()

    frames = traitlets.List().tag(sync=True)
    places = traitlets.List().tag(sync=True)
    size = traitlets.List().tag(sync=True)
    rate = traitlets.Float().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)

    def __init__(self, film: bytes, alt: str, density: float):
        self._elsewhere = png_bundle(film, alt, density)
        parts = list(_parts(film))
        size = self._elsewhere[1]["image/png"]
        super().__init__(
            frames=[png for png, _, _ in parts],
            places=[place for _, place, _ in parts],
            size=[size["width"], size["height"], density],
            rate=1 / parts[0][2],
            alt=alt,
        )

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict]:
        data, metadata = super()._repr_mimebundle_(**kwargs)
        pictures, about = self._elsewhere
        return data | pictures, metadata | about


def _parts(film: bytes) -> Iterator[tuple[bytes, list[int], float]]:
    """What each frame draws over the one before: a PNG, where it goes (x, y), and its seconds.

    Chunks as in the PNG specification, third edition: "fcTL" opens a frame, "fdAT" is its "IDAT"
    with a number of four bytes in front.
    """
    head, frame, data = [], None, b""
    for kind, body in _chunks(film):
        if kind in (b"IHDR", b"PLTE", b"tRNS"):
            head.append((kind, body))
        elif kind == b"fdAT":
            data += body[4:]
        elif kind in (b"fcTL", b"IEND"):
            if frame is not None:
                yield _png(head, frame, data), _numbers(frame[12:20]), _seconds(frame)
            frame, data = body, b""


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(png):
        length = int.from_bytes(png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def _png(head: list[tuple[bytes, bytes]], frame: bytes, data: bytes) -> bytes:
    (kind, header), *colors = head
    chunks = [(kind, frame[4:12] + header[8:]), *colors, (b"IDAT", data), (b"IEND", b"")]
    return _SIGNATURE + b"".join(
        len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)
        for kind, body in chunks
    )


def _numbers(body: bytes) -> list[int]:
    return [int.from_bytes(body[at : at + 4]) for at in range(0, len(body), 4)]


def _seconds(frame: bytes) -> float:
    return int.from_bytes(frame[20:22]) / (int.from_bytes(frame[22:24]) or 100)
