"""Invent features that separate classes which no single feature tells apart."""

import numpy as np

from ..compare import kind_of
from ..describe import Case, Exercise
from ..draws import every_call
from ..observation import observation_of
from .hog_features import hog_features
from .hue_histogram import hue_histogram

exercise = Exercise(
    "describe",
    assignment="08-image-features",
    parts={"held-out accuracy": 2},
    hints=(
        "Pixels do not help, since the stripes lie elsewhere in each image. What stays the same "
        "within a class? Look at the pictures: the direction of the stripes, and their colors.",
        "You have written a function for each: hog_features for directions, hue_histogram for "
        "colors.",
        "Put both side by side with np.hstack. Mind the limit of 100 features: few cells in "
        "hog_features (images have 12 x 12 pixels), few buckets of hue. Dividing each image's "
        "edge features by their sum makes faint stripes count like strong ones.",
    ),
)


@exercise.solved_by
def describe(images):
    edges = hog_features(images, cell=6, bins=9)
    return np.hstack([edges / np.sum(edges, axis=1, keepdims=True), hue_histogram(images, 6)])


N_CLASSES, SIDE, TARGET, MOST_FEATURES, N_ALONE = 6, 12, 0.75, 100, 5


def _striped(rng, count):
    """Striped images and labels: three directions times two pairs of colors.

    Every class has the same mean image, gray: stripes are shifted at random, and the colors of a
    pair are opposite. So no linear classifier on pixels or on mean colors can tell them apart.
    """
    labels = rng.permutation(np.resize(np.arange(N_CLASSES), count))
    direction, pair = np.divmod(labels, 2)
    angle = np.radians(15 + 60 * direction + rng.uniform(-8, 8, count))
    wave = rng.uniform(4.5, 6.5, count)
    y, x = np.mgrid[:SIDE, :SIDE]
    along = x * np.cos(angle)[:, None, None] + y * np.sin(angle)[:, None, None]
    phase = rng.uniform(0, 2 * np.pi, count)[:, None, None]
    stripes = 50 * np.sin(2 * np.pi * along / wave[:, None, None] + phase)
    # Red and green; with the sign turned around, their opposites cyan and magenta.
    tints = np.array([[60.0, -30.0, -30.0], [-30.0, 60.0, -30.0]])
    tint = tints[pair] * rng.choice([-1.0, 1.0], count)[:, np.newaxis]
    images = 128 + stripes[..., np.newaxis] + tint[:, np.newaxis, np.newaxis]
    images += 4 * rng.standard_normal(images.shape)
    return np.clip(images, 0, 255).astype(np.uint8), labels


@exercise.examined_by
def cases(rng):
    train, train_labels = _striped(rng, 240)
    held_out, labels = _striped(rng, 400)

    def verify(observations):
        return _judge_features(observations, train_labels, labels)

    calls = [(train,), (held_out,), (held_out[:N_ALONE],)]
    yield Case("held-out accuracy", calls, answer=None, verify=verify)


def _judge_features(observations, train_labels, labels):
    for call in observations:
        n, value = len(call.arguments[0]), call.value
        if not isinstance(value, np.ndarray) or value.ndim != 2 or len(value) != n:
            return (
                f"describe returned {kind_of(value)} for {n} images, expected an array with one "
                "row of features per image."
            )
        if value.dtype.kind not in "fiub" or not np.isfinite(value.astype(float)).all():
            return "describe returned entries that are nan or inf, expected finite numbers."
        if not 1 <= value.shape[1] <= MOST_FEATURES:
            return f"describe returned {value.shape[1]} features, expected 1 to {MOST_FEATURES}."
    train, held_out, few = (call.value.astype(float) for call in observations)
    if not train.shape[1] == held_out.shape[1] == few.shape[1]:
        return "describe returned another number of features for other images."
    if _depends_on_neighbors(held_out, few):
        return (
            f"describe returned other features for {N_ALONE} images alone than for the same images "
            "among others, expected each row to depend on its own image alone."
        )
    accuracy = _linear_accuracy(train, train_labels, held_out, labels)
    if accuracy >= TARGET:
        return None
    return (
        f"A linear classifier on your features gets {accuracy:.0%} of the held-out images right, "
        f"expected at least {TARGET:.0%}: what do your features see, edges, colors, both?"
    )


def _depends_on_neighbors(among_others, alone):
    """Whether many numbers change; rounding may move a gradient or a hue to the next bucket."""
    same = np.isclose(among_others[: len(alone)], alone, rtol=1e-3, atol=1e-6, equal_nan=True)
    return np.mean(same) < 0.75


def _linear_accuracy(train, train_labels, held_out, labels):
    """Held-out accuracy of least squares with a little L2 on standardized features."""
    mean, spread = train.mean(axis=0), train.std(axis=0)
    spread = np.where(spread > 1e-9, spread, np.inf)
    X, Z = (np.hstack([(f - mean) / spread, np.ones((len(f), 1))]) for f in (train, held_out))
    targets = np.eye(N_CLASSES)[train_labels]
    W = np.linalg.solve(X.T @ X + 0.01 * len(X) * np.eye(X.shape[1]), X.T @ targets)
    return np.mean((Z @ W).argmax(axis=1) == labels)


def _pixels_alone(cases):
    """Whether each feature goes up or down with one pixel, or with the gray of one."""
    (_, among_others, _), *_ = cases
    images = among_others.arguments[0].astype(float)
    known = np.concatenate([images, images.mean(axis=3, keepdims=True)], axis=3)
    known, features = known.reshape(len(images), -1), among_others.value
    with np.errstate(all="ignore"):  # A feature may be the same number for all images.
        alike = np.corrcoef(known, features, rowvar=False)[: known.shape[1], known.shape[1] :]
    return np.abs(alike).max(axis=0).min() > 0.999


@exercise.mistake(
    "pixels",
    "Single pixels do not tell stripes apart, whose place changes from image to image: count edge "
    "directions and hues over the image.",
    shows=_pixels_alone,
)
def pixels(images):
    return images[:, ::3, ::3].reshape(len(images), -1).astype(float)


@exercise.mistake(
    "too many features",
    "At most 100 numbers tell an image: pass larger cells or fewer bins to hog_features and "
    "hue_histogram, and take no pixels.",
    shows=every_call(lambda call: call.value.shape[1] > MOST_FEATURES),
)
def too_many_features(images):
    return np.hstack([hog_features(images, 4, 12), hue_histogram(images, 12)])


def _ended_in_cells_that_do_not_fit(call):
    ends = [
        observation_of(hog_features, (call.arguments[0], cell))
        for cell in range(1, 33)
        if SIDE % cell
    ]
    return call.outcome == "raised" and call.error["message"] in [o.error["message"] for o in ends]


@exercise.mistake(
    "cells do not fit",
    "These images have 12 x 12 pixels: pass a cell to hog_features that divides 12, such as 6 or "
    "4; its default of 8 does not.",
    shows=every_call(_ended_in_cells_that_do_not_fit),
)
def cells_do_not_fit(images):
    return np.hstack([hog_features(images), hue_histogram(images, 10)])


@exercise.mistake(
    "mean colors",
    "Both colors of a pair average to gray over the images of a class, so no weights on mean "
    "colors work: use buckets of hue.",
)
def mean_colors(images):
    return images.mean(axis=(1, 2))


def _nothing_but(known):
    """A `shows` that holds if each feature of the few images is one of those ``known`` of them."""

    def shows(cases):
        (*_, few), *_ = cases
        features = np.hstack(list(known(few.arguments[0])))
        off = np.abs(few.value[:, :, np.newaxis] - features[:, np.newaxis]).max(axis=0)
        return np.ptp(few.value) > 0 and off.min(axis=1).max() < 1e-3

    return shows


def _edge_features(images):
    for cell in (2, 3, 4, 6, 12):
        for bins in range(1, MOST_FEATURES // (SIDE // cell) ** 2 + 1):
            features = hog_features(images, cell, bins)
            yield features
            for length in (features.sum(axis=1), np.linalg.norm(features, axis=1)):
                yield features / length[:, np.newaxis]


def _hue_features(images):
    for bins in range(1, MOST_FEATURES + 1):
        yield hue_histogram(images, bins)


@exercise.mistake(
    "edges alone",
    "Edge directions are one half of what tells the classes apart: put the hues beside them.",
    shows=_nothing_but(_edge_features),
)
def edges_alone(images):
    return hog_features(images, 6, 9)


@exercise.mistake(
    "hues alone",
    "Hues are one half of what tells the classes apart: put the edge directions beside them.",
    shows=_nothing_but(_hue_features),
)
def hues_alone(images):
    return hue_histogram(images, 6)


@exercise.mistake(
    "brightness",
    "How bright the pixels are does not differ between the classes: use edge directions and hues.",
)
def brightness(images):
    values = images.mean(axis=-1)
    return np.array([np.histogram(v, 8, range=(0, 255))[0] / v.size for v in values])


def _mixes_rows(cases):
    try:
        (_, among_others, alone), *_ = cases
        return _depends_on_neighbors(among_others.value, alone.value)
    except Exception:
        return False


@exercise.mistake(
    "rows that depend on their neighbors",
    "A mean, spread or maximum over axis 0 mixes the images of a batch: leave it out. The "
    "classifier standardizes its features itself.",
    shows=_mixes_rows,
)
def rows_that_depend_on_their_neighbors(images):
    features = describe(images)
    return (features - features.mean(axis=0)) / (features.std(axis=0) + 1e-9)
