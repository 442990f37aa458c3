"""One file of CIFAR-10: hostile pickles are refused, plain ones read as pickle reads them."""

import os
import pickle
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cs231n_utils.cifar10 import batches
from cs231n_utils.data import DataError, load_cifar10
from tests.support.cifar10_files import (
    N_IMAGES,
    array,
    batch,
    batch_of,
    fails_with,
    int_list,
    write_folder,
)
from tests.support.sentences import is_one_sentence

LABELS = int_list([1] * N_IMAGES)

pytestmark = pytest.mark.usefixtures("nothing_on_this_machine")


class Runs:
    """Runs a command when it is unpickled by pickle."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self):
        return os.system, (f"touch {self.marker}",)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_that_runs_a_command_is_refused(tmp_path, protocol):
    folder, marker = write_folder(tmp_path), tmp_path / "it-ran"
    hostile = pickle.dumps({"data": Runs(marker)}, protocol)
    (folder / "data_batch_1").write_bytes(hostile)
    with fails_with("data_batch_1", "no CIFAR-10 file needs", "not read"):
        load_cifar10(folder)
    assert not marker.exists()
    pickle.loads(hostile)
    assert marker.exists()


def nested_tuple_key(depth: int) -> bytes:
    return b"\x80\x02}(N" + b"\x85" * depth + b"Nu."


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x80\x02cbuiltins\neval\nU\x011\x85R.", ["asks for builtins.eval"]),
        (b"\x80\x02cnumpy\nfromfile\nU\x01/\x85R.", ["asks for numpy.fromfile"]),
        (b"\x80\x02c" + b"a" * 1_000 + b"\nb\n.", ["asks for aaa"]),
        (b"\x80\x02cnumpy\nndarray\nM\xff\xff\x85R.", ["calls something"]),
        (b"\x80\x02U\x01aU\x01b\x85R.", ["calls something"]),
        (b"\x80\x02]}b.", ["sets the state"]),
        (b"\x80\x02U\x01xQ.", ["instruction 'Q'"]),
        (b"Px\n.", ["instruction 'P'"]),
        (b"\x80\x02\x82\x01.", ["instruction"]),
        (b"(ios\nsystem\n.", ["instruction 'i'"]),
        (b"\x80\x05\x96\xff\xff\xff\xff\xff\x00\x00\x00", ["instruction"]),
        (b"\x80\x02T\xff\xff\xff\x7f.", ["cut short"]),
        (b"\x80\x02T\xff\xff\xff\xff.", ["cut short"]),
        (b"\x80\x02X\xff\xff\xff\xff.", ["cut short"]),
        (b"\x80\x02Nr\xff\xff\xff\xff0.", ["instruction '0'"]),
        (b"\x80\x02Nr\xff\xff\xff\xff.", ["not a file"]),
        (b"\x80\x02j\xff\xff\xff\xff.", ["not a file"]),
        (b"\x80\x02" + b"}" * 100_000, ["too many"]),
        (nested_tuple_key(4_000), ["uses a tuple as a key"]),
        (b"\x80\x02" + b"N" + b"\x85" * 4_000 + b".", ["not a file"]),
        (b"\x80\x02R.", ["not a file"]),
        (b"\x80\x02I" + b"9" * 99 + b"\nI1e9\n.", ["not a file"]),
        (batch(data=array(b"", (1, 1), maker=b"os"), labels=LABELS), ["asks for os._reconstruct"]),
    ],
)
def test_a_hostile_pickle_is_refused_within_little_memory(content, words):
    images, labels = np.zeros((N_IMAGES, 32, 32, 3), np.uint8), np.zeros(N_IMAGES, np.int64)
    tracemalloc.start()
    try:
        with fails_with("the file", *words):
            batches.read_batch(content, "the file", images, labels)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000
    assert not images.any() and not labels.any()


THREE_ROWS = np.arange(3 * 3072, dtype=np.uint64).astype(np.uint8).reshape(3, 3072)


THREE = batch_of(THREE_ROWS, [9, 0, 5])


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 330), st.integers(0, 255)), max_size=3),
    st.integers(0, len(THREE)),
)
def test_any_damage_is_a_data_error_or_does_no_harm(changes, length):
    """Positions up to 330 are the instructions before the pixels."""
    damaged = bytearray(THREE[:length])
    for position, value in changes:
        if position < length:
            damaged[position] = value
    images, labels = np.zeros((3, 32, 32, 3), np.uint8), np.zeros(3, np.int64)
    try:
        batches.read_batch(bytes(damaged), "the file", images, labels)
    except DataError as error:
        assert is_one_sentence(str(error))
    else:
        assert labels.min() >= 0 and labels.max() <= 9


def test_other_spellings_of_plain_data_are_read_as_pickle_reads_them():
    """Numbers as text and as a long, single appends, a memo, a Fortran-ordered array."""
    pixels = array(THREE_ROWS.tobytes(order="F"), (3, 3072))
    pixels = pixels.replace(b"tb\x89T", b"tb\x88T")
    content = (
        b"\x80\x02}U\x06labels]q\x50I9\na\x8a\x01\x00aM\x05\x00as"
        b"U\x04data" + pixels + b"sU\x05extra(h\x50X\x01\x00\x00\x00y)tsU\x01fG?" + bytes(7) + b"s."
    )
    images, labels = np.zeros((3, 32, 32, 3), np.uint8), np.zeros(3, np.int64)
    batches.read_batch(content, "the file", images, labels)
    trusted = pickle.loads(content, encoding="bytes")
    assert labels.tolist() == trusted[b"labels"] == [9, 0, 5]
    planes = trusted[b"data"].reshape(3, 3, 32, 32)
    np.testing.assert_array_equal(images, planes.transpose(0, 2, 3, 1))
