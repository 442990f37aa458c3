"""course.toml: what it says, and a sentence for each mistake."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from grading.handout.release import PROJECT
from grading.rules.course_file import FILE, Mistaken, read_rules
from grading.rules.rules import CourseRules

GOOD = """
timezone = "Europe/Berlin"
grace = "15 minutes"
penalty_per_day = 10
penalty_cap = 50

[01-loss-functions]
due = 2027-03-01T23:59:00
penalty_per_day = 20
extra_credit = ["regularization"]
dropped = ["written-two-losses"]
full_points = ["softmax", "svm_loss_naive: {part}", "svm_loss_naive: {other}"]

[01-loss-functions.extensions]
amy = 2027-03-05T12:00:00
"bo b" = "36 hours"

[02-loss-landscapes]
due = 2027-07-01T23:59:00-07:00
"""


@pytest.fixture
def parts():
    from grading.exercises import EXERCISES

    return list(EXERCISES["svm_loss_naive"].parts)[:2]


def written(folder, text):
    (folder / FILE).write_text(text, encoding="utf-8")
    return folder


def test_file_says_what_it_says(tmp_path, parts):
    text = GOOD.replace("{part}", parts[0]).replace("{other}", parts[1])
    rules = read_rules(written(tmp_path, text), ["amy", "bo b"])
    losses = rules.of("01-loss-functions")
    assert losses.due.astimezone(UTC) == datetime(2027, 3, 1, 22, 59, tzinfo=UTC)
    assert (losses.penalty_per_day, losses.penalty_cap) == (20.0, 50.0)
    assert losses.grace == timedelta(minutes=15) and losses.named
    assert losses.extensions["amy"].hour == 12
    assert losses.extensions["bo b"] - losses.due == timedelta(hours=36)
    assert losses.extra_credit == {"regularization"} and losses.dropped == {"written-two-losses"}
    assert losses.full_points == {"softmax": frozenset(), "svm_loss_naive": frozenset(parts)}
    landscapes = rules.of("02-loss-landscapes")
    assert landscapes.due.astimezone(UTC) == datetime(2027, 7, 2, 6, 59, tzinfo=UTC)
    assert landscapes.penalty_per_day == 10.0
    assert rules.of("03-random-search").penalty_per_day == 10.0
    assert not rules.of("03-random-search").named


def test_example_of_the_guide_holds(tmp_path):
    guide = (PROJECT / "docs" / "instructors.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    rules = read_rules(written(tmp_path, example)).of("01-loss-functions")
    assert set(rules.extensions) == {"amy", "bo"} and rules.penalty_cap == 50.0


def test_without_a_file_there_are_no_rules(tmp_path):
    assert read_rules(tmp_path) == CourseRules()


HEAD = "[01-loss-functions]\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[01-loss-functions\n", "is not TOML: "),
        ("timezone = 'Mars'", "line 1: timezone is 'Mars', expected the name of a time zone"),
        ("timezone = 5", "timezone is 5, expected the name"),
        ("penalty_per_dya = 5", "there is no assignment 'penalty_per_dya', expected 'penalty_per"),
        ("[01-loss-function]", "no assignment '01-loss-function', expected '01-loss-functions'"),
        ("01-loss-functions = 5", "01-loss-functions is 5, expected a table: [01-loss-functions]"),
        (HEAD + "dude = 5", "line 2: 01-loss-functions has no key 'dude', expected 'due'"),
        (HEAD + "due = 'soon'", "01-loss-functions.due is 'soon', expected a date and time"),
        (HEAD + "due = 2027-03-01", "due is 2027-03-01, expected a date and time such as"),
        (HEAD + "due = 2027-03-01T23:59:00", "expected a time zone: 2027-03-01T23:59:00+01:00"),
        (HEAD + "grace = 15", "grace is 15, expected a length of time such as '15 minutes'"),
        (HEAD + "grace = '1e9 days'", "expected a length of time"),
        (HEAD + "grace = '9999999999999999 weeks'", "expected a length of time"),
        (HEAD + "penalty_per_day = -1", "is -1, expected a number from 0 to 100"),
        (HEAD + "penalty_per_day = true", "is True, expected a number from 0 to 100"),
        (HEAD + "penalty_cap = nan", "is nan, expected a number from 0 to 100"),
        (HEAD + "dropped = 'softmax'", "dropped is 'softmax', expected a list of questions"),
        (HEAD + "dropped = ['softmaxx']", "dropped is 'softmaxx', expected 'softmax'"),
        (HEAD + "dropped = ['sgd']", "dropped is 'sgd', expected one of svm_loss_naive, svm_loss"),
        (HEAD + "dropped = ['softmax: value']", "expected a whole question: softmax"),
        (HEAD + "full_points = ['softmax: speed']", "'softmax: speed', expected one of its parts"),
        (HEAD + "full_points = ['written-two-losses: a']", "expected written-two-losses"),
        (HEAD + "dropped = ['softmax']\nextra_credit = ['softmax']", "neither extra_credit nor"),
        (HEAD + "extensions = 5", "extensions is 5, expected a table"),
        (HEAD + "extensions.amy = '2 days'", "line 2: 01-loss-functions.extensions.amy is '2 days'"
                                             ", expected a due date to extend"),
        (HEAD + "due = 2027-03-01T23:59:00Z\nextensions.amy = 2", "the new due date"),
        (HEAD + "due = 2027-03-01T23:59:00Z\nextensions.amy = 2027-02-01T00:00:00Z", "after"),
        (HEAD + "due = 2027-03-01T23:59:00Z\nextensions.amyy = '2 days'",
         "line 3: the roster has no student 'amyy', expected 'amy'"),
    ],
)  # fmt: skip
def test_mistake_is_one_sentence_with_its_place(tmp_path, text, says):
    with pytest.raises(Mistaken) as raised:
        read_rules(written(tmp_path, text), ["amy", "bo"])
    (sentence,) = raised.value.sentences
    assert says in sentence and str(tmp_path / FILE) in sentence and "\n" not in sentence


def test_all_mistakes_are_told_and_the_first_stands_for_them(tmp_path):
    text = HEAD + "due = 5\ngrace = 5\n\n[99-nothing]\n"
    with pytest.raises(Mistaken) as raised:
        read_rules(written(tmp_path, text))
    lines = [sentence.partition(":")[0] for sentence in raised.value.sentences]
    assert [line.rpartition(" ")[2] for line in lines] == ["3", "2", "5"]
    assert "and 2 more: `python -m grading course` lists them" in str(raised.value)


@pytest.mark.parametrize(
    ("data", "says"), [(b"\xff\xfe", "not a text in UTF-8"), (None, "cannot be read")]
)
def test_file_that_cannot_be_read_is_a_sentence(tmp_path, data, says):
    if data is None:
        (tmp_path / FILE).mkdir()
    else:
        (tmp_path / FILE).write_bytes(data)
    with pytest.raises(Mistaken, match=says):
        read_rules(tmp_path)
