"""Curves: what a drawn one does, which ones are right, and what an author is told."""

import numpy as np
import pytest

from cs231n_utils.selfstudy.curves import N_POINTS, SHAPES, Curve

XS = tuple(10.0**k for k in range(8))
HILL = (20.0, 20.5, 21.5, 23.0, 27.5, 26.0, 25.0, 24.5)
AXES = ("reg (log scale)", "accuracy (%)")
ACROSS = np.linspace(0, 1, N_POINTS)


def curve(ys=HILL, xs=XS, wrong=("rises",), axes=AXES, limits=(10.0, 32.0), within=0.1):
    texts = {key: f"Not {key}." for key in wrong}
    return Curve("01-reg", "Draw it.", (xs, ys), texts, "So it is.", within, axes, limits)


@pytest.mark.parametrize(
    ("heights", "shape"),
    [
        (ACROSS, "rises"),
        (1 - ACROSS**3, "falls"),
        (0.5 + 0.04 * np.sin(20 * ACROSS), "stays level"),  # an unsteady hand
        (np.sin(np.pi * ACROSS), "rises, then falls"),
        (1 - np.sin(np.pi * ACROSS), "falls, then rises"),
        (0.5 + 0.4 * np.sin(9 * ACROSS), "ups and downs"),
        (np.minimum(1, 4 * ACROSS) + 0.04 * np.sin(50 * ACROSS), "rises"),
    ],
)
def test_shape_is_what_a_curve_does_and_not_how_steadily(heights, shape):
    assert Curve._shape(heights) == shape and shape in SHAPES


def test_curve_of_the_right_shape_is_right_wherever_its_hill_is():
    hill = [12, 14, 18, 24, 30, 29, 22, 15]
    assert curve().is_right(curve().read(hill)) and curve().is_right("rises, then falls")
    assert not curve().is_right([10, 15, 20, 25, 30])
    assert curve().sentence([10, 15, 20, 25, 30]) == "Not rises."
    assert curve().sentence("rises") == "Not rises." and curve().sentence("falls") is None
    assert curve().sentence(hill) is None


def test_curve_of_another_shape_is_right_if_it_lies_near():
    near = [20, 20.5, 21, 23, 26, 25.5, 25.2, 25]
    assert Curve._shape(curve()._sampled(near)) == "rises"
    assert curve().is_right(near)


def test_wrong_curve_that_lies_nearer_is_named_though_it_has_the_right_shape():
    xs = np.arange(6.0)
    bent, straight = tuple(np.exp(-xs)), tuple(1 - xs / 5)
    asked = curve(bent, tuple(xs), (straight, "rises"), ("step", "loss"), (0.0, 1.0))
    steady, soon_level = [1, 0.75, 0.52, 0.25, 0], [1, 0.2, 0.1, 0.05, 0]
    assert not asked.is_right(steady) and asked.sentence(steady) == f"Not {straight}."
    assert asked.is_right(soon_level) and asked.sentence(soon_level) is None


def test_curve_is_told_in_words_with_its_turning_point():
    asked = curve()
    assert asked.told(asked.right) == "rises from 20 to 27.5 at 10,000, then falls to 24.5"
    assert curve().told([30, 10]) == "falls from 30 to 10"
    assert curve().told([12, 24, 12]) == "rises from 12 to 24 at 3,160, then falls to 12"
    assert curve().told([30, 29.5]) == "stays near 30"
    assert curve().told("rises") == "rises"


def test_browser_gets_both_curves_as_shares_of_the_axes():
    drawn = curve().drawn([10, 32])
    assert drawn["heights"] == [0, 1]
    np.testing.assert_allclose(drawn["truth"][4], [4 / 7, 17.5 / 22])
    assert curve().drawn("rises")["heights"] == []
    log = curve(
        (1e-8, 1e-2), (1.0, 2.0), axes=("h", "error (log scale)"), limits=None, wrong=("falls",)
    )
    low, high = log.shown()["axes"][1]["span"]
    assert 0 < low < 1e-8 and high > 1e-2


def test_axis_leaves_room_around_the_curve_and_none_below_zero():
    limits = [
        curve(ys, (1.0, 2.0), limits=None, wrong=("ups and downs",))._spans[1]
        for ys in ((1, 9), (5, 5), (-4, 4))
    ]
    assert limits[0][0] == 0 and limits[0][1] > 9
    assert limits[1] == (0, 10)
    assert limits[2][0] < -4


def test_heights_and_words_are_read_and_all_else_refused():
    assert curve().read("falls") == curve().read(2) == "falls"
    assert curve().read(np.array([20.00004, 30])) == [20.0, 30.0]
    for said in ("up", 0, [20], None, ["a", "b"]):
        with pytest.raises(ValueError, match=r"^Got .*, expected .*\.$"):
            curve().read(said)
    with pytest.raises(ValueError, match="expected heights from 10 to 32"):
        curve().read([20, 33])


@pytest.mark.parametrize(
    ("changed", "got"),
    [
        ({"axes": None}, "axes=None"),
        ({"axes": ("reg", "")}, "the names of both axes"),
        ({"within": -0.1}, "within=-0.1"),
        ({"xs": XS[::-1]}, "xs that grow"),
        ({"xs": (0.0, *XS[1:])}, "a value of 0 or less on the axis 'reg"),
        ({"limits": (20.0, 25.0)}, "limits="),
        ({"wrong": ("rises, then falls",)}, "which the right curve does"),
        ({"wrong": ("bends",)}, "'bends' as wrong, expected one of 'rises'"),
        ({"wrong": ((1, 2),)}, "a height for each x"),
        ({"wrong": (HILL,)}, "the right curve as wrong"),
    ],
)
def test_author_is_told_in_one_sentence_what_does_not_fit(changed, got):
    with pytest.raises(ValueError, match=rf"^predict_first\('01-reg'\): .*{got}.*\.$"):
        curve(**changed)
