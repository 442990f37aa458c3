"""Messages between a notebook and the oracle: JSON with arrays beside it as npy.

Either side may be hostile to the other, so nothing is unpickled, and every length is
checked against a bound before memory is taken for it. An answer runs beside this code, so values
are looked at only in ways that none of their own methods can answer, and what is called here is
bound when this module is imported: patching json or NumPy later forges nothing.
"""

import re
import struct
from collections.abc import Mapping
from contextlib import suppress
from json import JSONDecoder
from json.encoder import c_make_encoder, encode_basestring_ascii
from math import prod
from typing import Any, BinaryIO

from numpy import array, asarray, dtype, empty, float64, generic, int64, ndarray

MAX_HEADER_BYTES = 256 << 10
MAX_ARRAY_BYTES = 8 << 20
MAX_ARRAYS = 256
MAX_DEPTH = 6
MAX_ITEMS = 1_000
MAX_TEXT = 10_000
_PLAIN_KINDS = "biufc"
_CONTAINERS = (tuple, list, set, frozenset, dict)
_LENGTH = struct.Struct(">I")
_SHORT = struct.Struct("<H")
_read_json = JSONDecoder().scan_once
# The C encoder itself: what `json` does around it in Python would be counted as an answer's lines.
_json_pieces = c_make_encoder(
    None, None, encode_basestring_ascii, None, ":", ",", False, False, False
)
_read_head = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '([<>|][biufc]\d{1,2})', 'fortran_order': False, "
    rb"'shape': \(([\d, ]{0,400})\), \} *\n",
    re.DOTALL,
).match
_type_name = type.__dict__["__name__"].__get__
_MALFORMED = (ValueError, TypeError, LookupError, ArithmeticError, RecursionError, StopIteration)

CAUGHT = "caught"
"""The message of an interrupt that an answer caught."""


class ChannelError(Exception):
    """The other side closed the channel or sent something that is not a message."""


class Recipe:
    """An argument that is not plain data: its name and what to build it from.

    Parameters
    ----------
    name : str
        A key of :data:`cs231n_utils.checking.recipes.RECIPES`.
    **ingredients
        Plain values (arrays, numbers, text) that the recipe takes.
    """

    def __init__(self, name: str, **ingredients: Any):
        self.name = name
        self.ingredients = ingredients


class Opaque:
    """What stands in for a value that cannot be sent: the name of its type."""

    def __init__(self, type_name: str):
        self.type_name = type_name


def send(stream: BinaryIO, message: Mapping[str, Any]) -> None:
    """Write one message: a dict of plain values, arrays, tuples, lists, sets and dicts."""
    stream.write(pack(message))
    stream.flush()


def pack(message: Mapping[str, Any]) -> bytes:
    """Return one message as it is sent.

    Raises
    ------
    ChannelError
        If it is too large.
    """
    encoded: list[ndarray] = []
    body = _encode(dict(message), encoded, MAX_DEPTH + 2)
    arrays = list(map(_npy, encoded))
    header = _json({"body": body, "arrays": list(map(len, arrays))}).encode()
    if len(header) > MAX_HEADER_BYTES or sum(map(len, arrays)) > MAX_ARRAY_BYTES:
        raise ChannelError("this value is too large to be checked")
    return b"".join([_LENGTH.pack(len(header)), header, *arrays])


def plain(value: Any) -> Any:
    """A copy of a value as the other side would receive it, in which nothing is left to happen."""
    arrays: list[ndarray] = []
    return _decode(_encode(value, arrays, MAX_DEPTH + 1), arrays, 3 * MAX_DEPTH, False)


def layout_of(values: ndarray) -> tuple[list[int], bool]:
    """How an array lies in memory: its axes from the slowest to the fastest, and if it has gaps."""
    steps = [-abs(step) for step in values.strides]
    axes = sorted(range(values.ndim), key=steps.__getitem__)
    return axes, not values.transpose(axes).flags.c_contiguous


def laid_out(values: ndarray, axes: list[int], gaps: bool) -> ndarray:
    """A copy of an array that lies in memory as :func:`layout_of` says."""
    moved = array(values.transpose(axes), order="C")
    if gaps:
        room = empty((*moved.shape[:-1], 2 * moved.shape[-1]), values.dtype)[..., ::2]
        room[...] = moved
        moved = room
    return moved.transpose(sorted(range(len(axes)), key=axes.__getitem__))


def receive(stream: BinaryIO, *, recipes: bool = False) -> dict[str, Any]:
    """Read one message; recipes in it are an error unless they are expected.

    Where recipes are expected, arrays lie in memory as the sender's did; otherwise in C order.

    Raises
    ------
    ChannelError
        If the channel is closed, or what arrives breaks a bound or the format.
    """
    (length,) = _LENGTH.unpack(_read(stream, _LENGTH.size))
    if length > MAX_HEADER_BYTES:
        raise ChannelError(f"a header of {length} bytes is over the limit")
    try:
        text = _read(stream, length).decode()
        header, end = _read_json(text, 0)
        if end < len(text):
            raise ValueError("more than one value")
        sizes = [int(size) for size in header["arrays"]]
        body = header["body"]
    except _MALFORMED as error:
        raise ChannelError("the header is not a message") from error
    if len(sizes) > MAX_ARRAYS or min(sizes, default=0) < 0 or sum(sizes) > MAX_ARRAY_BYTES:
        raise ChannelError("the arrays of a message are over the limit")
    arrays = [_read_array(_read(stream, size)) for size in sizes]
    try:
        message = _decode(body, arrays, 3 * MAX_DEPTH, recipes)
    except _MALFORMED as error:
        raise ChannelError("the body is not a message") from error
    if not isinstance(message, dict):
        raise ChannelError("the body is not a message")
    return message


def _read(stream: BinaryIO, count: int) -> bytes:
    chunks: list[bytes] = []
    while count:
        chunk = stream.read(min(count, 1 << 20))
        if not chunk:
            raise ChannelError("the channel is closed")
        chunks.append(chunk)
        count -= len(chunk)
    return b"".join(chunks)


def _read_array(data: bytes) -> ndarray:
    head = _read_head(data)
    if head is None:
        raise ChannelError("an array is not a plain npy array")
    try:
        kind = dtype(head[1].decode())
        shape = tuple(int(length) for length in head[2].split(b",") if length.strip())
        if prod(shape) * kind.itemsize != len(data) - head.end():
            raise ValueError("the header does not describe the data")
        return ndarray(shape, kind, bytearray(data[head.end() :]))
    except Exception as error:
        raise ChannelError("an array is not a plain npy array") from error


def _json(node: Any) -> str:
    """JSON of None, a bool, an int, a str, a list or a dict."""
    return "".join(_json_pieces(node, 0))


def _name_of(kind: type) -> str:
    return str.__getitem__(_type_name(kind), slice(100))


def _npy(values: ndarray) -> bytes:
    """An array as an npy file, version 1.0, in C order."""
    head = f"{{'descr': '{values.dtype.str}', 'fortran_order': False, 'shape': {values.shape}, }}\n"
    return b"\x93NUMPY\x01\x00" + _SHORT.pack(len(head)) + head.encode() + values.tobytes()


def _encode(value: Any, arrays: list[ndarray], depth: int) -> Any:
    kind = type(value)
    if kind is str:
        return value[:MAX_TEXT]
    if value is None or kind is bool:
        return value
    if kind is int and abs(value) < 2**63:
        return value
    if kind is float or kind is float64:
        return {"float": float.hex(value)}
    if kind is ndarray:
        return _encode_array(value, arrays)
    if kind is int64:
        return _encode(int(value), arrays, depth)
    if kind is Recipe:
        return {"recipe": value.name, "with": _encode(value.ingredients, arrays, depth - 1)}
    if kind is Opaque:
        return {"opaque": value.type_name}
    if issubclass(kind, str):
        return str.__getitem__(value, slice(MAX_TEXT))
    if issubclass(kind, (ndarray, generic)):
        return _encode_array(value, arrays)
    base = kind if kind in _CONTAINERS else _container_of(kind)
    if not depth or base is None:
        return {"opaque": _name_of(kind)}
    if base.__len__(value) > MAX_ITEMS:
        return _encode_long(value, base, arrays)
    inner = depth - 1
    if base is dict:
        pairs = dict.items(value)
        return {
            "dict": [
                [_encode(key, arrays, inner), _encode(item, arrays, inner)] for key, item in pairs
            ]
        }
    items = [_encode(item, arrays, inner) for item in base.__iter__(value)]
    if base is list:
        return items
    return {"tuple": items} if base is tuple else {"set": sorted(items, key=_json)}


def _container_of(kind: type) -> type | None:
    """Which container a type extends."""
    for base in _CONTAINERS:
        if issubclass(kind, base):
            return base
    return None


def _encode_long(value: Any, base: type, arrays: list[ndarray]) -> Any:
    """A long list or tuple of numbers as the array that it stands for."""
    if base in (list, tuple) and base.__len__(value) <= MAX_ARRAY_BYTES // 8:
        kinds = set(map(type, base.__iter__(value)))
        if kinds <= {float, float64} or kinds <= {int, int64}:
            with suppress(OverflowError):
                numbers = [*base.__iter__(value)]
                return _encode_array(asarray(numbers, int64 if int in kinds else None), arrays)
    return {"opaque": _name_of(type(value))}


def _encode_array(value: ndarray | generic, arrays: list[ndarray]) -> Any:
    is_array = issubclass(type(value), ndarray)
    values = ndarray.view(value, ndarray) if is_array else asarray(value)
    if values.dtype.kind not in _PLAIN_KINDS or len(arrays) == MAX_ARRAYS:
        return {"opaque": f"{_name_of(type(value))} of dtype {values.dtype}"[:200]}
    is_long = values.dtype.itemsize > 8 and values.dtype.kind == "f"
    if (8 if is_long else values.dtype.itemsize) * values.size > MAX_ARRAY_BYTES:
        return {"opaque": f"{_name_of(type(value))} of {values.size:,} entries"}
    arrays.append(array(values, dtype=float64 if is_long else values.dtype))
    place = len(arrays) - 1
    return {"array": place, "layout": [*layout_of(values)]} if is_array else {"scalar": place}


def _decode(node: Any, arrays: list[ndarray], depth: int, recipes: bool) -> Any:
    kind = type(node)
    if kind is str:
        return _printable(node)
    if node is None or kind is bool:
        return node
    if depth < 0:
        raise ValueError("nested too deeply")
    if kind is int and abs(node) < 2**63:
        return node
    if kind is list:
        return _decode_items(node, arrays, depth, recipes)
    if kind is not dict:
        raise ValueError("not a value")
    if "float" in node:
        return float.fromhex(node["float"])
    if "array" in node:
        values = arrays[node["array"]]
        return laid_out(values, *node["layout"]) if recipes else values
    if "scalar" in node:
        return arrays[node["scalar"]][()]
    if "dict" in node:
        pairs = _decode_items(node["dict"], arrays, depth, recipes)
        return {key: value for key, value in pairs}
    if "tuple" in node:
        return tuple(_decode_items(node["tuple"], arrays, depth, recipes))
    if "set" in node:
        return set(_decode_items(node["set"], arrays, depth, recipes))
    if "recipe" in node and recipes:
        ingredients = _decode(node["with"], arrays, depth - 1, recipes)
        return Recipe(str(node["recipe"]), **ingredients)
    return Opaque(_printable(str(node["opaque"])[:200]))


def _decode_items(items: Any, arrays: list[ndarray], depth: int, recipes: bool) -> list[Any]:
    if type(items) is not list or len(items) > MAX_ITEMS:
        raise ValueError("not a list, or too long")
    return [_decode(item, arrays, depth - 1, recipes) for item in items]


def _printable(text: str) -> str:
    """Text that can be written as UTF-8: lone surrogates become question marks."""
    text = text[:MAX_TEXT]
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


COPYING = (
    plain,
    _encode,
    _container_of,
    _encode_long,
    _encode_array,
    layout_of,
    _decode,
    _decode_items,
    _printable,
    _json,
    _name_of,
)
"""Every function that runs when a plain copy is made."""
