"""The drawn stand-in: reproducible, balanced, and about as telling as photographs."""

import hashlib
import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool

import numpy as np
import pytest

from cs231n_utils.cifar10 import standin
from cs231n_utils.cifar10.standin import CLASS_NAMES, Capsule, Ellipse, Polygon, draw_cifar10


@pytest.fixture(scope="module")
def small_set():
    return draw_cifar10(seed=3, n_train=300, n_test=100, workers=1)


def test_images_and_labels_have_the_layout_of_cifar10(small_set):
    images, labels = small_set
    assert images.shape == (400, 32, 32, 3)
    assert images.dtype == np.uint8
    assert labels.shape == (400,)
    assert labels.dtype == np.uint8


def test_class_names_are_those_of_cifar10_in_order():
    assert " ".join(CLASS_NAMES) == ("airplane automobile bird cat deer dog frog horse ship truck")


@pytest.mark.parametrize("n_train, n_test", [(300, 100), (10, 10), (57, 23)])
def test_classes_are_balanced_in_both_parts(n_train, n_test):
    _, labels = draw_cifar10(n_train=n_train, n_test=n_test, workers=1)
    for part in (labels[:n_train], labels[n_train:]):
        counts = np.bincount(part, minlength=10)
        assert counts.max() - counts.min() <= (len(part) % 10 > 0)


def test_order_of_classes_is_shuffled(small_set):
    _, labels = small_set
    repeats = np.count_nonzero(labels[1:] == labels[:-1])
    assert 15 < repeats < 80, "a random order repeats the class of one image in ten"


def test_images_are_all_different(small_set):
    images, _ = small_set
    assert len(np.unique(images.reshape(len(images), -1), axis=0)) == len(images)


def test_pixels_use_the_whole_range(small_set):
    images, _ = small_set
    assert images.min() == 0
    assert images.max() == 255
    assert 100 < images.mean() < 150
    assert 45 < images.std() < 75


def test_same_seed_gives_same_images_and_another_seed_others(small_set):
    images, labels = small_set
    again_images, again_labels = draw_cifar10(seed=3, n_train=300, n_test=100, workers=1)
    np.testing.assert_array_equal(again_images, images)
    np.testing.assert_array_equal(again_labels, labels)
    other_images, other_labels = draw_cifar10(seed=4, n_train=300, n_test=100, workers=1)
    assert (other_labels != labels).any()
    assert (other_images != images).mean() > 0.9


def test_worker_processes_draw_the_same_images(monkeypatch):
    monkeypatch.setattr(standin, "BLOCK_SIZE", 7)
    alone, _ = draw_cifar10(seed=3, n_train=300, n_test=100, workers=1)
    shared, _ = draw_cifar10(seed=3, n_train=300, n_test=100, workers=2)
    np.testing.assert_array_equal(shared, alone)


def test_another_process_draws_the_same_images(small_set):
    images, labels = small_set
    program = (
        "import hashlib\n"
        "from cs231n_utils.cifar10.standin import draw_cifar10\n"
        "images, labels = draw_cifar10(seed=3, n_train=300, n_test=100, workers=1)\n"
        "print(hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest())\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    expected = hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest()
    assert result.stdout.split()[-1] == expected


def test_draws_alone_where_processes_cannot_be_started(small_set, monkeypatch):
    def refuse(workers):
        raise PermissionError("no more processes")

    monkeypatch.setattr(standin, "worker_processes", refuse)
    images, _ = draw_cifar10(seed=3, n_train=300, n_test=100, workers=2)
    np.testing.assert_array_equal(images, small_set[0])


def test_draws_the_rest_alone_if_the_workers_die(small_set, monkeypatch):
    class DyingPool:
        def __init__(self, workers):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return False

        def map(self, draw, blocks):
            yield draw(blocks[0])
            raise BrokenProcessPool("a worker was killed")

    monkeypatch.setattr(standin, "worker_processes", DyingPool)
    images, _ = draw_cifar10(seed=3, n_train=300, n_test=100, workers=2)
    np.testing.assert_array_equal(images, small_set[0])


def test_a_script_without_a_guard_runs_once_and_quietly(tmp_path):
    script = tmp_path / "no_guard.py"
    script.write_text(
        "from cs231n_utils.cifar10 import standin\n"
        "standin.BLOCK_SIZE = 1\n"
        "print('started')\n"
        "standin.draw_cifar10(n_train=200, n_test=10)\n"
    )
    result = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert result.stdout.count("started") == 1
    assert result.stderr == ""


def test_nothing_is_written_to_stderr(capfd):
    draw_cifar10(n_train=10, n_test=10, workers=1)
    assert capfd.readouterr().err == ""


def test_classes_can_be_told_apart_by_their_mean_images():
    images, labels = draw_cifar10(seed=1, n_train=2_000, n_test=1_000, workers=1)
    X = images.reshape(len(images), -1).astype(np.float64)
    X_train, y_train, X_test, y_test = X[:2_000], labels[:2_000], X[2_000:], labels[2_000:]
    means = np.stack([X_train[y_train == label].mean(axis=0) for label in range(10)])
    squared_distances = (means**2).sum(axis=1) - 2 * X_test @ means.T
    accuracy = (squared_distances.argmin(axis=1) == y_test).mean()
    # CIFAR-10 gives .28; chance is .10, with a standard deviation of .01 on 1,000 images.
    assert 0.2 < accuracy < 0.4


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        ({"seed": -1}, "seed=-1, expected an integer of 0 or more"),
        ({"seed": 0.5}, r"seed=0\.5, expected an integer"),
        ({"seed": None}, "seed=None, expected an integer"),
        ({"n_train": 9}, "n_train=9, expected an integer of 10 or more"),
        ({"n_train": 1e4}, r"n_train=10000\.0, expected an integer"),
        ({"n_test": 0}, "n_test=0, expected an integer of 10 or more"),
        ({"n_test": "many"}, "n_test='many', expected an integer"),
        ({"workers": 0}, "workers=0, expected an integer of 1 or more"),
        ({"workers": True}, "workers=True, expected an integer"),
    ],
)
def test_bad_arguments_are_refused_in_one_sentence(arguments, sentence):
    with pytest.raises((TypeError, ValueError), match=sentence) as refusal:
        draw_cifar10(**arguments)
    assert str(refusal.value).count("\n") == 0


def test_numpy_integers_are_accepted():
    images, _ = draw_cifar10(seed=np.int64(0), n_train=np.int32(10), n_test=10, workers=1)
    assert len(images) == 20


# ------------------------------------------------------------------------------- ingredients


def _covered_area(shape):
    """Area of a shape as drawn without variation on a fine grid over -1 to 1."""
    n = 400
    centers = ((np.arange(n) + 0.5) / n * 2 - 1).astype(np.float32)
    x, y = np.meshgrid(centers, centers)
    distance = shape.distance(x[None], y[None], lambda value: np.full((1, 1, 1), value, np.float32))
    return standin._cover(distance, 2 / n).mean() * 4


@pytest.mark.parametrize(
    "shape, area",
    [
        (Ellipse(0.1, -0.2, 0.5, 0.3, degrees=30), np.pi * (0.5 + 0.02) * (0.3 + 0.02)),
        (Capsule(-0.4, -0.3, 0.2, 0.5, radius=0.1), 2 * 0.1 * 1.0 + np.pi * 0.1**2),
        (Polygon(((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5))), 0.5),
    ],
)
def test_shapes_cover_their_area(shape, area):
    assert _covered_area(shape) == pytest.approx(area, rel=0.01)


def test_ellipse_turns_from_x_toward_y():
    long_way_down_right = Ellipse(0, 0, 0.8, 0.1, degrees=45)

    def exactly(value):
        return np.full((1, 1, 1), value, np.float32)

    x = np.full((1, 1, 1), 0.5, np.float32)
    assert long_way_down_right.distance(x, x, exactly) < 0
    assert long_way_down_right.distance(x, -x, exactly) > 0


@pytest.mark.parametrize("name", CLASS_NAMES)
def test_polygons_go_round_clockwise(name):
    for shape, _ in standin.CATEGORIES[name].parts:
        if isinstance(shape, Polygon):
            x, y = np.array(shape.corners).T
            turn = np.roll(x, -1) - x, np.roll(y, -1) - y
            cross = turn[0] * np.roll(turn[1], -1) - turn[1] * np.roll(turn[0], -1)
            assert (cross > 0).all(), "with y down, clockwise turns are positive"


def test_pink_noise_has_unit_variance_and_a_falling_spectrum():
    slope = 1.35
    noise = standin._pink_noise(np.random.default_rng(0), slope, 4_000)
    # A seventh of the variance is in the mean of the image, the rest in a few slow waves.
    assert np.mean(noise.astype(np.float64) ** 2) == pytest.approx(1, rel=0.05)
    power = (np.abs(np.fft.fft2(noise)) ** 2).mean(axis=0)
    octave = power[0, 2] / power[0, 8]
    assert octave == pytest.approx(4 ** (2 * slope), rel=0.1)
