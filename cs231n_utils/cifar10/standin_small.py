"""A small part of the stand-in that travels with the package, so that it need not be drawn.

``python -m cs231n_utils.cifar10.standin_small`` writes it anew. The images lie side by side in one
JPEG, whose blocks of 8 x 8 pixels do not cross from one image to the next: it takes a quarter of
the bytes of a format that keeps every bit.
"""

import io
from pathlib import Path

import numpy as np

from cs231n_utils.cifar10 import standin
from cs231n_utils.system.files import write_whole

N_TRAIN, N_VAL, N_TEST = 5_000, 500, 500
FILE = Path(__file__).with_name("standin-small.npz")
_QUALITY = 90
_IN_A_ROW = 75


def small_standin_images() -> tuple[np.ndarray, np.ndarray, tuple[str, ...], str]:
    """The images of the small stand-in, validation images after the training images.

    Returns
    -------
    images, labels, class_names, source
        As `cs231n_utils.cifar10.loading.read_images` returns them; the source is "stand-in".
    """
    # Whoever checks an answer imports this module, and needs no pictures.
    from PIL import Image

    with np.load(FILE, allow_pickle=False) as arrays:
        jpeg, labels = arrays["jpeg"].tobytes(), arrays["labels"]
    side = standin.SIDE
    tiles = np.asarray(Image.open(io.BytesIO(jpeg))).reshape(-1, side, _IN_A_ROW, side, 3)
    images = tiles.swapaxes(1, 2).reshape(-1, side, side, 3)
    return images, labels.astype(np.int64), standin.CLASS_NAMES, "stand-in"


def packed(images: np.ndarray, labels: np.ndarray) -> bytes:
    """A file as `small_standin_images` reads it; the number of images is a multiple of 75."""
    from PIL import Image

    side = standin.SIDE
    tiles = images.reshape(-1, _IN_A_ROW, side, side, 3).swapaxes(1, 2)
    mosaic, file = io.BytesIO(), io.BytesIO()
    Image.fromarray(tiles.reshape(-1, _IN_A_ROW * side, 3)).save(
        mosaic, "JPEG", quality=_QUALITY, subsampling=0, optimize=True
    )
    np.savez(file, jpeg=np.frombuffer(mosaic.getvalue(), np.uint8), labels=labels)
    return file.getvalue()


def drawn() -> tuple[np.ndarray, np.ndarray]:
    """The images and labels that the file is made from, drawn anew."""
    return standin.draw_cifar10(seed=0, n_train=N_TRAIN + N_VAL, n_test=N_TEST)


if __name__ == "__main__":
    write_whole(FILE, packed(*drawn()))
