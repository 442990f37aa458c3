"""The channel to the oracle: what arrives of what is sent, its bounds, and hostile messages."""

import io
import json
import struct

import numpy as np
import pytest

from cs231n_utils.checking.channel import (
    MAX_ARRAY_BYTES,
    ChannelError,
    Opaque,
    _read_head,
    layout_of,
    plain,
    receive,
    send,
)


def through_the_channel(value):
    stream = io.BytesIO()
    send(stream, {"value": value})
    stream.seek(0)
    return receive(stream)["value"]


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        -1.5,
        float("inf"),
        "text",
        [1, 2.0],
        (1, (2, "a")),
        {"a": 1, ("b", 2): 0.5},
        {"x", "y"},
    ],
)
def test_plain_values_arrive_as_they_were_sent(value):
    assert through_the_channel(value) == value


def test_a_long_list_of_numpys_numbers_arrives_as_one_of_pythons():
    """Losses that are appended one by one are as many arrays otherwise, and arrays have a bound."""
    losses, labels = list(np.arange(900.0)), list(np.arange(900))
    assert through_the_channel(losses) == losses and through_the_channel(labels) == labels
    assert through_the_channel(np.int64(-(2**63))).type_name == "int"


@pytest.mark.parametrize("dtype", ["?", "i1", "u8", ">i4", "f2", "f4", "f8", "c16"])
def test_arrays_arrive_with_dtype_and_shape(dtype):
    array = np.arange(6).reshape(2, 3).astype(dtype)
    arrived = through_the_channel(array)
    assert arrived.dtype == array.dtype and np.array_equal(arrived, array)


def test_arrays_of_an_examination_lie_in_memory_as_the_oracle_drew_them():
    rows = np.arange(24.0).reshape(2, 3, 4)
    turned = rows.transpose(0, 2, 1)
    for drawn in (
        rows,
        rows.T,
        rows[..., ::2],
        turned,
        turned[:, 1:],
        np.arange(9)[::-2],
        np.array(1.0),
    ):
        stream = io.BytesIO()
        send(stream, {"value": drawn})
        stream.seek(0)
        arrived = receive(stream, recipes=True)["value"]
        assert np.array_equal(arrived, drawn) and layout_of(arrived) == layout_of(drawn)
        assert through_the_channel(drawn).flags.c_contiguous


def test_what_cannot_be_sent_arrives_as_the_name_of_its_type():
    class Forged(np.ndarray):
        def __array_ufunc__(self, *_, **__):
            return True

    assert isinstance(through_the_channel(len), Opaque)
    assert isinstance(through_the_channel(np.array([object()])), Opaque)
    assert isinstance(through_the_channel(np.zeros(1, dtype=[("a", "f4")])), Opaque)
    assert type(through_the_channel(np.zeros(3).view(Forged))) is np.ndarray
    nested = value = []
    for _ in range(50):
        value.append([])
        value = value[0]
    assert isinstance(through_the_channel(nested), list)


def test_values_beyond_the_bounds_are_refused_by_the_sender():
    with pytest.raises(ChannelError, match="too large"):
        send(io.BytesIO(), {"value": [np.zeros(1 << 19), np.zeros(1 << 19), np.zeros(1)]})


def test_an_array_beyond_the_bound_is_described_without_being_copied():
    seen = through_the_channel(np.broadcast_to(1.0, (10**6, 10**6)))
    assert isinstance(seen, Opaque) and "1,000,000,000,000 entries" in seen.type_name


def message(header, *arrays):
    data = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack(">I", len(data)) + data + b"".join(arrays)


def npy(array, **options):
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, **options)
    return buffer.getvalue()


OBJECTS = npy(np.array([{}], dtype=object), allow_pickle=True)
LYING = npy(np.zeros(4))[:-8]
HUGE = npy(np.zeros(1)).replace(b"(1,)", b"(1000000000000,)").replace(b"            ", b"", 1)
STRUCTURED = npy(np.zeros(2, dtype=[("a", "f8")]))

HOSTILE = {
    "not json": message(b"\x80\x04not json"),
    "header too long": struct.pack(">I", 1 << 31) + b"x" * 100,
    "cut short": struct.pack(">I", 50) + b"{",
    "no body": message({"arrays": []}),
    "a list": message([1, 2]),
    "negative size": message({"body": {"dict": []}, "arrays": [-1]}),
    "too many bytes": message({"body": {"dict": []}, "arrays": [1 << 40]}),
    "too many arrays": message({"body": {"dict": []}, "arrays": [0] * 5000}),
    "array index out of range": message({"body": {"dict": [["op", {"array": 7}]]}, "arrays": []}),
    "unhashable key": message({"body": {"dict": [[[1], 2]]}, "arrays": []}),
    "deep": message(b'{"arrays": [], "body": ' + b"[" * 5000 + b"]" * 5000 + b"}"),
    "bad float": message({"body": {"dict": [["op", {"float": "x"}]]}, "arrays": []}),
    "pickled objects": message({"body": {"array": 0}, "arrays": [len(OBJECTS)]}, OBJECTS),
    "less data than said": message({"body": {"array": 0}, "arrays": [len(LYING)]}, LYING),
    "more data than there is": message({"body": {"array": 0}, "arrays": [len(HUGE)]}, HUGE),
    "structured": message({"body": {"array": 0}, "arrays": [len(STRUCTURED)]}, STRUCTURED),
    "not npy": message({"body": {"array": 0}, "arrays": [4]}, b"\x93NUM"),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_message_is_a_channel_error(data):
    with pytest.raises(ChannelError):
        receive(io.BytesIO(data))


def test_shape_of_long_numbers_is_not_multiplied():
    long = npy(np.zeros(1)).replace(b"(1,)", b"(" + 400 * (4_000 * b"9" + b", ") + b")")
    assert _read_head(npy(np.zeros(1))) and _read_head(long) is None


def test_long_list_of_numbers_is_sent_as_an_array():
    assert plain([0.5] * 5_000).tolist() == [0.5] * 5_000
    assert plain((*range(5_000),)).dtype == np.int64
    assert plain([[2.0] * 3_000, 1])[0].shape == (3_000,)
    for other in ([None] * 5_000, [1, 0.5] * 5_000, [2**80] * 5_000, {*range(5_000)}):
        assert isinstance(plain(other), Opaque)


def test_long_doubles_count_as_they_are_sent():
    values = np.ones(MAX_ARRAY_BYTES // 8, np.longdouble)
    assert plain(values).dtype == np.float64
    assert isinstance(plain(np.ones(MAX_ARRAY_BYTES // 8 + 1)), Opaque)
