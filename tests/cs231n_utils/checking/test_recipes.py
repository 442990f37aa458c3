"""Arguments that watch what is done with them."""

import numpy as np

from cs231n_utils.checking.recipes import RECIPES


def test_products_are_counted_however_they_are_written():
    images = RECIPES["counted_images"](values=np.ones((4, 3)))
    images *= 1.0
    assert np.shape(a=images) == (4, 3)
    np.dot(a=images, b=np.ones(3))
    np.matmul(images, np.ones(3), out=np.empty(4))
    assert images.usage() == {"n_images": 4, "dot_products": 8}
