"""Read the files of CIFAR-10's "python version" without running them.

They are pickles written by Python 2, and a pickle is a program: ``pickle.load`` runs what the file
says. The reader here knows only the instructions that spell plain data and one uint8 array. It
imports nothing, calls nothing, and allocates nothing that the file has no bytes for.
"""

import operator
import pickle
import struct
from collections.abc import Callable
from typing import Any

import numpy as np

IMAGES_PER_BATCH = 10_000
IMAGE_SHAPE = (32, 32, 3)
TRAIN_BATCHES = tuple(f"data_batch_{number}" for number in range(1, 6))
TEST_BATCH = "test_batch"
META_FILE = "batches.meta"
FILE_NAMES = (*TRAIN_BATCHES, TEST_BATCH, META_FILE)
N_CLASSES = 10

MAX_FILE_BYTES = 40_000_000
"""No official file is longer than 31,035,999 bytes; nothing much longer is read at all."""

_MAX_INSTRUCTIONS_PER_IMAGE = 10
"""The official files use about three for each image: a label, a name, and its memo."""

_AGAIN = "copy or unpack the official archive again"


class DataError(Exception):
    """CIFAR-10, or an array made from it, is not as expected; the message says what to do."""


def read_batch(raw: bytes, where: str, images: np.ndarray, labels: np.ndarray) -> None:
    """Decode one batch file into arrays that exist already.

    Parameters
    ----------
    raw : bytes
        Content of the file, in the format of https://www.cs.toronto.edu/~kriz/cifar.html.
    where : str
        Name of the file in error messages.
    images : uint8 ndarray of shape (N, 32, 32, 3)
        Filled with the images, rows from the top, colors red, green, blue.
    labels : int64 ndarray of shape (N,)
        Filled with the labels, 0..9.

    Raises
    ------
    DataError
        If the file is cut short, holds anything but N images and N labels in 0..9, or asks for
        anything that plain data does not need.
    """
    batch = _read_dict(raw, where)
    labels[:] = _labels(batch, where, len(labels))
    planes = _pixels(batch, where, len(images)).reshape(-1, 3, 32, 32)
    for color in range(3):  # four times as fast as one transposed copy
        images[..., color] = planes[:, color]


def read_class_names(raw: bytes, where: str) -> tuple[str, ...]:
    """Decode ``batches.meta``.

    Parameters
    ----------
    raw : bytes
        Content of the file.
    where : str
        Name of the file in error messages.

    Returns
    -------
    tuple of 10 str
        Name of each class, in the order of the labels.

    Raises
    ------
    DataError
        If the file does not hold ten names as plain data.
    """
    names = _read_dict(raw, where).get(b"label_names")
    if not _is_list_of(names, bytes) or len(names) != N_CLASSES:
        raise DataError(f"{where} does not hold ten class names as expected: {_AGAIN}.")
    return tuple(name.decode("ascii", "replace") for name in names)


def _labels(batch: dict, where: str, n_images: int) -> list[int]:
    labels = batch.get(b"labels")
    if not _is_list_of(labels, int):
        raise DataError(f"{where} holds no list of whole numbers under 'labels': {_AGAIN}.")
    if len(labels) != n_images:
        raise DataError(f"{where} holds {len(labels):,} labels, expected {n_images:,}: {_AGAIN}.")
    low, high = min(labels), max(labels)
    if low < 0 or high >= N_CLASSES:
        raise DataError(f"{where} holds labels from {low} to {high}, expected 0 to 9: {_AGAIN}.")
    return labels


def _pixels(batch: dict, where: str, n_images: int) -> np.ndarray:
    array = batch.get(b"data")
    if not isinstance(array, _Array) or not isinstance(array.dtype, _Dtype):
        raise DataError(f"{where} holds no array under 'data': {_AGAIN}.")
    expected = (n_images, 3 * 32 * 32)
    if array.shape != expected or array.dtype.name not in ("u1", "|u1"):
        got = f"shape {array.shape} and type {array.dtype.name!r}"
        raise DataError(f"{where} holds images of {got}, expected {expected} and 'u1': {_AGAIN}.")
    n_bytes = expected[0] * expected[1]
    if not isinstance(array.content, bytes | memoryview) or len(array.content) != n_bytes:
        raise DataError(f"{where} does not hold {n_bytes:,} bytes of pixels: {_AGAIN}.")
    order = "F" if array.is_fortran else "C"
    return np.frombuffer(array.content, np.uint8).reshape(expected, order=order)


def _is_list_of(value: Any, kind: type) -> bool:
    return isinstance(value, list) and all(type(item) is kind for item in value)


def _read_dict(raw: bytes, where: str) -> dict:
    try:
        value = _PickleReader(raw).read()
    except _CutShort:
        raise DataError(f"{where} is cut short after {len(raw):,} bytes: {_AGAIN}.") from None
    except _NotPlainData as error:
        raise DataError(
            f"{where} {error}, which no CIFAR-10 file needs, so it was not read: {_AGAIN}."
        ) from None
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error):
        value = None
    if not isinstance(value, dict):
        raise DataError(f"{where} is not a file of CIFAR-10's python version: {_AGAIN}.")
    return value


class _CutShort(Exception):
    """The file ends before its content does."""


class _NotPlainData(Exception):
    """The file asks for something other than plain data; the message says for what."""


class _Dtype:
    """What the file says of a ``numpy.dtype``."""

    def __init__(self, name: bytes) -> None:
        self.name = name.decode("ascii")


class _Array:
    """What the file says of a ``numpy.ndarray``; nothing of it is believed before `_pixels`."""

    shape: tuple[int, int] | None = None
    dtype: Any = None
    is_fortran: Any = False
    content: Any = None

    def set_state(self, state: tuple) -> None:
        _, (rows, columns), self.dtype, self.is_fortran, self.content = state
        self.shape = (operator.index(rows), operator.index(columns))


_RECONSTRUCT, _NDARRAY, _DTYPE = object(), object(), object()
_KNOWN_NAMES = {
    b"numpy.core.multiarray _reconstruct": _RECONSTRUCT,
    b"numpy ndarray": _NDARRAY,
    b"numpy dtype": _DTYPE,
}


class _PickleReader:
    """A stack machine for the part of pickle protocol 2 that plain data needs.

    Source of the instructions: the comments in CPython's ``Lib/pickletools.py``.
    """

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._position = 0
        self._stack: list = []
        self._marks: list[int] = []
        self._memo: dict[int, Any] = {}

    def read(self) -> Any:
        for _ in range(1_000 + _MAX_INSTRUCTIONS_PER_IMAGE * IMAGES_PER_BATCH):
            code = self._take_byte()
            if code == _STOP:
                return self._stack.pop()
            instruction = _INSTRUCTIONS.get(code)
            if instruction is None:
                raise _NotPlainData(f"holds the pickle instruction {chr(code)!r}")
            instruction(self)
        raise _NotPlainData("holds far too many pickle instructions")

    def _take_byte(self) -> int:
        position = self._position
        if position == len(self._raw):
            raise _CutShort
        self._position = position + 1
        return self._raw[position]

    def _take(self, n_bytes: int) -> bytes:
        start = self._pass_over(n_bytes)
        return self._raw[start : self._position]

    def _take_size(self) -> int:
        return int.from_bytes(self._take(4), "little")

    def _take_line(self) -> bytes:
        line = self._raw[self._position : self._position + 100].partition(b"\n")[0]
        self._pass_over(len(line) + 1)
        return line

    def _pass_over(self, n_bytes: int) -> int:
        """Move on, and return where the bytes passed over begin."""
        start = self._position
        self._position += n_bytes
        if self._position > len(self._raw):
            raise _CutShort
        return start

    def _pop_to_mark(self) -> list:
        mark = self._marks.pop()
        items = self._stack[mark:]
        del self._stack[mark:]
        return items

    def _protocol(self) -> None:
        self._take_byte()

    def _mark(self) -> None:
        self._marks.append(len(self._stack))

    def _byte(self) -> None:
        self._stack.append(self._take_byte())

    def _text(self) -> None:
        self._stack.append(str(self._take(self._take_size()), "utf-8"))

    def _short_string(self) -> None:
        self._stack.append(self._take(self._take_byte()))

    def _string(self) -> None:
        size = self._take_size()
        start = self._pass_over(size)
        self._stack.append(memoryview(self._raw)[start : start + size])  # pixels are not copied

    def _decimal(self) -> None:
        self._stack.append(int(self._take_line()))

    def _long(self) -> None:
        self._stack.append(int.from_bytes(self._take(self._take_byte()), "little", signed=True))

    def _put(self) -> None:
        self._memo[self._take_byte()] = self._stack[-1]

    def _long_put(self) -> None:
        self._memo[self._take_size()] = self._stack[-1]

    def _get(self) -> None:
        self._stack.append(self._memo[self._take_byte()])

    def _long_get(self) -> None:
        self._stack.append(self._memo[self._take_size()])

    def _empty_list(self) -> None:
        self._stack.append([])

    def _empty_dict(self) -> None:
        self._stack.append({})

    def _append(self) -> None:
        item = self._stack.pop()
        self._stack[-1].append(item)

    def _appends(self) -> None:
        items = self._pop_to_mark()
        self._stack[-1].extend(items)

    def _set_item(self) -> None:
        value, key = self._stack.pop(), self._stack.pop()
        self._set(key, value)

    def _set_items(self) -> None:
        items = self._pop_to_mark()
        for key, value in zip(items[::2], items[1::2], strict=True):
            self._set(key, value)

    def _set(self, key: Any, value: Any) -> None:
        if type(key) is not bytes:  # hashing a deeply nested key can overflow the C stack
            raise _NotPlainData(f"uses a {type(key).__name__} as a key")
        self._stack[-1][key] = value

    def _tuple(self) -> None:
        self._stack.append(tuple(self._pop_to_mark()))

    def _name(self) -> None:
        name = self._take_line() + b" " + self._take_line()
        if name not in _KNOWN_NAMES:
            raise _NotPlainData(f"asks for {name.decode('ascii', 'replace').replace(' ', '.')}")
        self._stack.append(_KNOWN_NAMES[name])

    def _call(self) -> None:
        arguments, called = self._stack.pop(), self._stack.pop()
        if called is _RECONSTRUCT:
            self._stack.append(_Array())
        elif called is _DTYPE:
            self._stack.append(_Dtype(arguments[0]))
        else:
            raise _NotPlainData("calls something other than the makers of an array")

    def _build(self) -> None:
        state = self._stack.pop()
        built = self._stack[-1]
        if isinstance(built, _Array):
            built.set_state(state)
        elif not isinstance(built, _Dtype):
            raise _NotPlainData("sets the state of something other than an array")


def _constant(value: Any) -> Callable[[_PickleReader], None]:
    return lambda reader: reader._stack.append(value)


def _number(layout: str) -> Callable[[_PickleReader], None]:
    number = struct.Struct(layout)
    return lambda reader: reader._stack.append(number.unpack(reader._take(number.size))[0])


def _short_tuple(length: int) -> Callable[[_PickleReader], None]:
    def make(reader: _PickleReader) -> None:
        items = tuple(reader._stack.pop() for _ in range(length))
        reader._stack.append(items[::-1])

    return make


_STOP = pickle.STOP[0]
_INSTRUCTIONS: dict[int, Callable[[_PickleReader], None]] = {
    opcode[0]: instruction
    for opcode, instruction in {
        pickle.PROTO: _PickleReader._protocol,
        pickle.MARK: _PickleReader._mark,
        pickle.NONE: _constant(None),
        pickle.NEWTRUE: _constant(True),
        pickle.NEWFALSE: _constant(False),
        pickle.BININT1: _PickleReader._byte,
        pickle.BININT2: _number("<H"),
        pickle.BININT: _number("<i"),
        pickle.BINFLOAT: _number(">d"),
        pickle.INT: _PickleReader._decimal,
        pickle.LONG1: _PickleReader._long,
        pickle.SHORT_BINSTRING: _PickleReader._short_string,
        pickle.BINSTRING: _PickleReader._string,
        pickle.BINUNICODE: _PickleReader._text,
        pickle.BINPUT: _PickleReader._put,
        pickle.LONG_BINPUT: _PickleReader._long_put,
        pickle.BINGET: _PickleReader._get,
        pickle.LONG_BINGET: _PickleReader._long_get,
        pickle.EMPTY_LIST: _PickleReader._empty_list,
        pickle.EMPTY_DICT: _PickleReader._empty_dict,
        pickle.EMPTY_TUPLE: _constant(()),
        pickle.APPEND: _PickleReader._append,
        pickle.APPENDS: _PickleReader._appends,
        pickle.SETITEM: _PickleReader._set_item,
        pickle.SETITEMS: _PickleReader._set_items,
        pickle.TUPLE: _PickleReader._tuple,
        pickle.TUPLE1: _short_tuple(1),
        pickle.TUPLE2: _short_tuple(2),
        pickle.TUPLE3: _short_tuple(3),
        pickle.GLOBAL: _PickleReader._name,
        pickle.REDUCE: _PickleReader._call,
        pickle.BUILD: _PickleReader._build,
    }.items()
}
