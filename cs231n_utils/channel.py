"""Messages between a notebook and the oracle: JSON with arrays beside it as npy.

Either side may be hostile to the other, so nothing is unpickled, and every length is
checked against a bound before memory is taken for it.
"""

import io
import json
import math
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np

MAX_HEADER_BYTES = 256 << 10
MAX_ARRAY_BYTES = 8 << 20
MAX_ARRAYS = 256
MAX_DEPTH = 6
MAX_ITEMS = 1_000
MAX_TEXT = 10_000
_PLAIN_KINDS = "biufc"
_LENGTH = struct.Struct(">I")


class ChannelError(Exception):
    """The other side closed the channel or sent something that is not a message."""


class Recipe:
    """An argument that is not plain data: its name and what to build it from.

    Parameters
    ----------
    name : str
        A key of :data:`cs231n_utils.recipes.RECIPES`.
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
    arrays: list[bytes] = []
    body = _encode(dict(message), arrays, MAX_DEPTH + 2)
    header = json.dumps({"body": body, "arrays": [len(array) for array in arrays]}).encode()
    if len(header) > MAX_HEADER_BYTES or sum(map(len, arrays)) > MAX_ARRAY_BYTES:
        raise ChannelError("this value is too large to be checked")
    return b"".join([_LENGTH.pack(len(header)), header, *arrays])


def receive(stream: BinaryIO, *, recipes: bool = False) -> dict[str, Any]:
    """Read one message; recipes in it are an error unless they are expected.

    Raises
    ------
    ChannelError
        If the channel is closed, or what arrives breaks a bound or the format.
    """
    (length,) = _LENGTH.unpack(_read(stream, _LENGTH.size))
    if length > MAX_HEADER_BYTES:
        raise ChannelError(f"a header of {length} bytes is over the limit")
    try:
        header = json.loads(_read(stream, length))
        sizes = [int(size) for size in header["arrays"]]
        body = header["body"]
    except (ValueError, KeyError, TypeError, ArithmeticError, RecursionError) as error:
        raise ChannelError("the header is not a message") from error
    if len(sizes) > MAX_ARRAYS or min(sizes, default=0) < 0 or sum(sizes) > MAX_ARRAY_BYTES:
        raise ChannelError("the arrays of a message are over the limit")
    arrays = [_read_array(_read(stream, size)) for size in sizes]
    try:
        message = _decode(body, arrays, 3 * MAX_DEPTH, recipes)
    except (ValueError, KeyError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
        raise ChannelError("the body is not a message") from error
    if not isinstance(message, dict):
        raise ChannelError("the body is not a message")
    return message


def _read(stream: BinaryIO, count: int) -> bytes:
    chunks = []
    while count:
        chunk = stream.read(min(count, 1 << 20))
        if not chunk:
            raise ChannelError("the channel is closed")
        chunks.append(chunk)
        count -= len(chunk)
    return b"".join(chunks)


def _read_array(data: bytes) -> np.ndarray:
    buffer = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(buffer)
        if version != (1, 0):
            raise ValueError("only npy 1.0 is read")
        shape, _, dtype = np.lib.format.read_array_header_1_0(buffer)
        if dtype.kind not in _PLAIN_KINDS:
            raise ValueError(f"dtype {dtype} is not plain")
        if math.prod(shape) * dtype.itemsize != len(data) - buffer.tell():
            raise ValueError("the header does not describe the data")
        buffer.seek(0)
        return np.lib.format.read_array(buffer, allow_pickle=False)
    except Exception as error:
        raise ChannelError("an array is not a plain npy array") from error


def _encode(value: Any, arrays: list[bytes], depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if type(value) is int and abs(value) < 2**63:
        return value
    if type(value) is float:
        return {"float": value.hex()}
    if type(value) is str:
        return value[:MAX_TEXT]
    if isinstance(value, Recipe):
        return {"recipe": value.name, "with": _encode(value.ingredients, arrays, depth - 1)}
    if isinstance(value, Opaque):
        return {"opaque": value.type_name}
    if isinstance(value, np.ndarray | np.generic):
        return _encode_array(value, arrays)
    if depth and isinstance(value, tuple | list) and len(value) <= MAX_ITEMS:
        items = [_encode(item, arrays, depth - 1) for item in value]
        return {"tuple": items} if isinstance(value, tuple) else items
    if depth and isinstance(value, set | frozenset) and len(value) <= MAX_ITEMS:
        return {"set": [_encode(item, arrays, depth - 1) for item in sorted(value, key=repr)]}
    if depth and isinstance(value, dict) and len(value) <= MAX_ITEMS:
        pairs = [
            [_encode(key, arrays, depth - 1), _encode(item, arrays, depth - 1)]
            for key, item in value.items()
        ]
        return {"dict": pairs}
    return {"opaque": type(value).__name__[:100]}


def _encode_array(value: np.ndarray | np.generic, arrays: list[bytes]) -> Any:
    plain = np.asarray(value)
    if plain.dtype.kind not in _PLAIN_KINDS or len(arrays) == MAX_ARRAYS:
        return {"opaque": f"{type(value).__name__} of dtype {plain.dtype}"[:200]}
    if plain.nbytes > MAX_ARRAY_BYTES:
        return {"opaque": f"{type(value).__name__[:100]} of {plain.size:,} entries"}
    if plain.dtype.itemsize > 8 and plain.dtype.kind == "f":
        plain = plain.astype(np.float64)
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, plain, version=(1, 0), allow_pickle=False)
    arrays.append(buffer.getvalue())
    kind = "scalar" if isinstance(value, np.generic) else "array"
    return {kind: len(arrays) - 1}


def _decode(node: Any, arrays: list[np.ndarray], depth: int, recipes: bool) -> Any:
    def decoded(items: Any) -> list[Any]:
        if not isinstance(items, list) or len(items) > MAX_ITEMS:
            raise ValueError("not a list, or too long")
        return [_decode(item, arrays, depth - 1, recipes) for item in items]

    if depth < 0:
        raise ValueError("nested too deeply")
    if node is None or isinstance(node, bool):
        return node
    if isinstance(node, int) and abs(node) < 2**63:
        return node
    if isinstance(node, str):
        return _printable(node)
    if isinstance(node, list):
        return decoded(node)
    if not isinstance(node, dict):
        raise ValueError("not a value")
    if "float" in node:
        return float.fromhex(node["float"])
    if "array" in node:
        return arrays[node["array"]]
    if "scalar" in node:
        return arrays[node["scalar"]][()]
    if "tuple" in node:
        return tuple(decoded(node["tuple"]))
    if "set" in node:
        return set(decoded(node["set"]))
    if "dict" in node:
        return {key: value for key, value in decoded(node["dict"])}
    if "recipe" in node and recipes:
        ingredients = _decode(node["with"], arrays, depth - 1, recipes)
        return Recipe(str(node["recipe"]), **ingredients)
    return Opaque(_printable(str(node["opaque"])[:200]))


def _printable(text: str) -> str:
    """Text that can be written as UTF-8: lone surrogates become question marks."""
    return text[:MAX_TEXT].encode("utf-8", "replace").decode()
