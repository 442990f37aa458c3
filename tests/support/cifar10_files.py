"""Small data sets in the format of the official files, written instruction by instruction."""

import hashlib
import io
import pickle
import struct
import tarfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from cs231n_utils.cifar10 import archive, batches, download, places
from cs231n_utils.data import DataError
from tests.support.sentences import is_one_sentence

N_IMAGES = 400
"""Images in each small batch: enough for 1,000 validation and 500 development images."""

CLASS_NAMES = ["airplane", "automobile", "bird", "cat", "deer"]
CLASS_NAMES += ["dog", "frog", "horse", "ship", "truck"]


def short_string(text: bytes) -> bytes:
    return b"U" + bytes([len(text)]) + text


def int_list(values) -> bytes:
    return b"](" + b"".join(b"J" + struct.pack("<i", value) for value in values) + b"e"


def array(
    content: bytes, shape, dtype: bytes = b"u1", maker: bytes = b"numpy.core.multiarray"
) -> bytes:
    """A NumPy array as Python 2 pickles it."""
    sizes = b"".join(b"M" + struct.pack("<H", size) for size in shape)
    return (
        b"c" + maker + b"\n_reconstruct\nq\x10cnumpy\nndarray\nq\x11K\x00\x85U\x01bq\x12\x87Rq\x13"
        b"(K\x01("
        + sizes
        + b"tq\x14cnumpy\ndtype\nq\x15"
        + short_string(dtype)
        + b"q\x16K\x00K\x01"
        b"\x87Rq\x17(K\x03U\x01|q\x18NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89"
        b"T" + struct.pack("<I", len(content)) + content + b"tb"
    )


def batch(**entries: bytes) -> bytes:
    """A pickled dictionary with keys of bytes, made of values that are pickled already."""
    items = b"".join(
        short_string(key.encode()) + b"q" + bytes([number]) + value
        for number, (key, value) in enumerate(entries.items(), start=1)
    )
    return b"\x80\x02}q\x00(" + items + b"u."


def batch_of(pixels: np.ndarray, labels) -> bytes:
    """A batch file of rows of 3,072 bytes, with file names as the official ones have."""
    names = b"".join(
        short_string(b"image_s_%06d.png" % number) + b"r" + struct.pack("<I", 1_000 + number)
        for number in range(len(pixels))
    )
    return batch(
        batch_label=short_string(b"training batch"),
        labels=int_list(labels),
        data=array(pixels.tobytes(), pixels.shape),
        filenames=b"](" + names + b"e",
    )


def meta_of(names) -> bytes:
    listed = b"".join(short_string(name.encode()) for name in names)
    return batch(num_cases_per_batch=b"M\x10\x27", label_names=b"](" + listed + b"e")


def write_folder(parent: Path, seed: int = 0, n_images: int = N_IMAGES) -> Path:
    """``parent/cifar-10-batches-py`` with random images, so many in each batch; returns it."""
    rng = np.random.default_rng(seed)
    folder = parent / "cifar-10-batches-py"
    folder.mkdir(parents=True)
    for name in (*batches.TRAIN_BATCHES, batches.TEST_BATCH):
        pixels = rng.integers(0, 256, (n_images, 3072), dtype=np.uint8)
        labels = rng.integers(0, 10, n_images).tolist()
        (folder / name).write_bytes(batch_of(pixels, labels))
    (folder / batches.META_FILE).write_bytes(meta_of(CLASS_NAMES))
    return folder


def write_archive(file: Path, folder: Path) -> Path:
    """A .tar.gz of the folder with the entries of the official archive; returns it."""
    with tarfile.open(file, "w:gz", compresslevel=1) as members:
        members.add(folder, folder.name, recursive=False)
        for name in batches.FILE_NAMES:
            members.add(folder / name, f"{folder.name}/{name}")
        readme = tarfile.TarInfo(f"{folder.name}/readme.html")
        readme.size = 88
        members.addfile(readme, io.BytesIO(bytes(88)))
    return file


def make_official(monkeypatch, folder: Path, packed: Path | None = None, urls=()) -> None:
    """Let the registry say that these small files are the official ones."""
    content = packed.read_bytes() if packed else b""
    registry = archive.Archive(
        name="cifar-10-python.tar.gz",
        folder="cifar-10-batches-py",
        urls=tuple(urls) or archive.CIFAR10.urls,
        n_bytes=len(content),
        md5=hashlib.md5(content).hexdigest(),
        files={
            name: (
                (folder / name).stat().st_size,
                hashlib.md5((folder / name).read_bytes()).hexdigest(),
            )
            for name in batches.FILE_NAMES
        },
    )
    for module in (archive, download, places):
        monkeypatch.setattr(module, "CIFAR10", registry)


@dataclass
class Packed:
    """A small archive, and the folder it was made of."""

    folder: Path
    file: Path
    content: bytes


def entry(name: str, kind: bytes = tarfile.REGTYPE, **attributes) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type = kind
    for attribute, value in attributes.items():
        setattr(member, attribute, value)
    return member


def write_hostile(file: Path, *headers: tarfile.TarInfo) -> Path:
    with tarfile.open(file, "w:gz") as members:
        for header in headers:
            members.fileobj.write(header.tobuf(tarfile.GNU_FORMAT))
    return file


def read_with_pickle(folder: Path, name: str) -> tuple[np.ndarray, list[int]]:
    """The independent reader: trusted files only."""
    content = pickle.loads((folder / name).read_bytes(), encoding="bytes")
    planes = content[b"data"].reshape(-1, 3, 32, 32)
    return planes.transpose(0, 2, 3, 1), content[b"labels"]


@contextmanager
def fails_with(*words: str):
    """Expect one sentence that has these words in it."""
    with pytest.raises(DataError) as caught:
        yield
    message = str(caught.value)
    assert is_one_sentence(message), message
    for word in words:
        assert word in message
