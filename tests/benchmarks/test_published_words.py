"""The published recipe on a few small images: blocks, going on after a stop, JPEG."""

import numpy as np
import pytest

from benchmarks import published_words
from cs231n_utils import features

N_TRAIN, N_WORDS, SEED = 25, 7, 3


@pytest.fixture
def images(monkeypatch):
    monkeypatch.setattr(published_words, "N_ITERS", 3)
    monkeypatch.setattr(published_words, "BLOCK_IMAGES", 10)
    monkeypatch.setattr(published_words, "BLOCK_FEATURES", 5)
    return np.random.default_rng(0).integers(0, 256, (33, 9, 9, 3), dtype=np.uint8)


def published_features(images, scratch, seed=SEED):
    return published_words.published_features(images, N_TRAIN, N_WORDS, seed, scratch)


def test_blocks_give_what_all_images_at_once_give(images, tmp_path):
    X = published_features(images, tmp_path)
    rng = np.random.default_rng(SEED)
    patches = features.extract_patches(images[:N_TRAIN], 6, 8 * N_TRAIN, rng)
    patches = features.normalize_contrast(patches)
    white = features.whitening(patches, keep=1.0)
    assert len(white.spreads) >= 107  # of 108: the mean of a patch, which is gone, varies no more
    words, _ = features.kmeans(white.apply(patches), N_WORDS, 3, rng, progress=False)
    book = features.Codebook(6, white, words, np.zeros(3))
    answers = features.encode(images, book, code="triangle", progress=False)
    scaled = np.concatenate(features.standardize(answers[:N_TRAIN], answers[N_TRAIN:]))
    np.testing.assert_allclose(X, np.hstack([scaled, np.ones((33, 1))]), atol=1e-4)


def test_a_stopped_run_goes_on_with_the_first_block_that_is_missing(images, tmp_path, monkeypatch):
    encode, kmeans, encoded = features.encode, features.kmeans, []

    def stopped_at_the_third(block, *arguments, **options):
        encoded.append(len(block))
        if len(encoded) == 3:
            raise KeyboardInterrupt
        return encode(block, *arguments, **options)

    monkeypatch.setattr(features, "encode", stopped_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        published_features(images, tmp_path)
    monkeypatch.setattr(features, "kmeans", None)
    X = published_features(images, tmp_path)
    assert encoded == [10, 10, 10, 10, 3]
    monkeypatch.setattr(features, "kmeans", kmeans)
    np.testing.assert_array_equal(X, published_features(images, tmp_path / "anew"))


def test_other_images_and_seeds_do_not_go_on_with_the_same_blocks(images, tmp_path):
    runs = (
        published_features(images, tmp_path),
        published_features(images // 2, tmp_path),
        published_features(images, tmp_path, SEED + 1),
    )
    assert len({published_words.folder_of(X) for X in runs}) == 3


def test_jpeg_changes_noise_and_hardly_a_flat_image(images):
    flat = np.full_like(images, 100)
    noise, smooth = published_words.through_jpeg(np.stack([images[0], flat[0]]))
    assert np.abs(noise.astype(int) - images[0]).mean() > 10
    assert np.abs(smooth.astype(int) - 100).max() <= 2
