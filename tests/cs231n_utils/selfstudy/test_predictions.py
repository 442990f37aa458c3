"""Predictions: what counts as right, what is said, what is kept, and what an author is told."""

import pytest

from cs231n_utils.selfstudy import progress_file
from cs231n_utils.selfstudy.predictions import Choice, Number, made

WHY = "Try i is the best so far with probability 1/i."
MANY, MOST = "Each tenth try would have to be a new best.", "Few beat the best of all before."


def choice(name="03-best", right="about 7", **wrong):
    return Choice(name, "How often?", right, wrong or {"about 70": MANY, "about 500": MOST}, WHY)


def number(right=10.9, wrong=(12.9,), within=0.05, unit="%"):
    sentences = {value: f"Not {value}." for value in wrong}
    return Number("01-frog", "What is the loss?", right, sentences, WHY, within, unit)


def test_first_answer_is_kept_and_a_second_is_judged_beside_it():
    first = choice().answer("about 70")
    assert first.rows == [("Your prediction", "about 70"), ("The result", "about 7")]
    assert (first.right, first.sentences) == (False, [MANY, WHY])
    second = choice().answer("about 7")
    assert second.rows == [
        ("Your first prediction, which is kept", "about 70"),
        ("This time", "about 7"),
        ("The result", "about 7, as you predicted"),
    ]
    assert (second.right, second.sentences) == (True, [WHY])
    assert progress_file.read().predictions == {
        "03-best": progress_file.Predicted("about 70", False)
    }
    assert choice().kept() == "about 70"


def test_answer_that_the_question_no_longer_has_makes_room_for_a_new_one():
    choice().answer("about 70")
    changed = choice(**{"about 80": MANY})
    assert changed.kept() is None
    assert changed.answer("about 7").rows[0] == ("Your prediction", "about 7")
    assert changed.kept() == "about 7"


def test_choices_have_an_order_of_their_own_that_stays():
    places = {choice(f"03-best-{i}").choices.index("about 7") for i in range(20)}
    assert places == {0, 1, 2}
    assert choice().choices == choice().choices
    assert choice().read(2) == choice().choices[1]


@pytest.mark.parametrize(
    ("typed", "value"),
    [("10.9", 10.9), (" 12.9 % ", 12.9), ("\N{MINUS SIGN}3", -3), ("49,000", 49000), (7, 7.0)],
)
def test_number_is_read_as_people_write_it(typed, value):
    assert number().read(typed) == value


@pytest.mark.parametrize("typed", ["", "about 7", "nan", "inf", "0,5", None, "1,00"])
def test_what_is_no_number_is_refused_in_one_sentence(typed):
    with pytest.raises(ValueError, match=r"^Got '.*', expected a number, such as 7, 0.5 or 1e-3.$"):
        number().answer(typed)
    assert progress_file.read().predictions == {}


def test_number_is_right_within_its_distance_and_the_nearest_wrong_one_is_named():
    asked = number(wrong=(12.9, 12.95))
    assert [asked.is_right(said) for said in (10.84, 10.85, 10.95, 10.96)] == [0, 1, 1, 0]
    assert asked.sentence(12.94) == "Not 12.95." and asked.sentence(12.91) == "Not 12.9."
    assert asked.sentence(11.9) is None and asked.sentence(10.9) is None
    assert number(right=0.3, within=0).is_right(0.1 + 0.2)
    assert asked.told(-30730.0) == "\N{MINUS SIGN}30,730 %"


@pytest.mark.parametrize(
    ("pose", "got"),
    [
        (lambda: choice(**{"about 7": MANY}), "'about 7' as right and as wrong"),
        (lambda: choice(**{"about 70": " "}), "' ' as a sentence for 'about 70'"),
        (lambda: choice("best"), "got this name, expected the notebook's number"),
        (lambda: number(wrong=()), "wrong={}"),
        (lambda: Choice("03-best", "How often?", "about 7", None, WHY), "wrong=None"),
        (lambda: number(wrong=(10.95,)), "10.95 as wrong, which counts as right"),
        (lambda: number(wrong=("12",)), "'12' beside the number 10.9"),
        (lambda: number(within=-1), "within=-1"),
        (lambda: number(unit=None), "unit=None"),
    ],
)
def test_author_is_told_in_one_sentence_what_does_not_fit(pose, got):
    with pytest.raises(ValueError, match=rf"^predict_first\('.*'\): .*{got}.*\.$"):
        pose()


def test_counts_are_by_notebook():
    choice().answer("about 7")
    choice("03-more").answer("about 70")
    number().answer(3)
    assert made(progress_file.read().predictions) == {"01": [1, 0], "03": [2, 1]}
