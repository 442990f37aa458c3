"""The one record: what is written is read, and damage is one sentence that names the file."""

import dataclasses
import json

import pytest

from grading.errors import Refused
from grading.ledger import Damaged, Ledger
from tests.support.graded_course import ASSIGNMENT, add_student


def test_what_is_written_is_read_again(tmp_path):
    entry = add_student(tmp_path, "amy", {"softmax": "no shift"}, notebook=False)
    ledger = Ledger(tmp_path)
    assert ledger.read(ASSIGNMENT, "amy") == entry
    assert ledger.entries(ASSIGNMENT) == ([entry], [])
    assert ledger.assignments() == [ASSIGNMENT] and ledger.students(ASSIGNMENT) == ["amy"]
    assert entry.score == sum(entry.exercises.values()) < entry.max_score


def test_what_is_not_there_is_none(tmp_path):
    ledger = Ledger(tmp_path)
    assert ledger.read(ASSIGNMENT, "amy") is None
    assert ledger.entries(ASSIGNMENT) == ([], []) and ledger.assignments() == []


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "{",
        "[]",
        "null",
        "[" * 100_000,
        '{"student": "amy"}',
        lambda data: data | {"verdicts": [{"exercise": "softmax", "unheard": 1}]},
        lambda data: data | {"verdicts": 3},
        lambda data: data | {"rubric": {}},
        lambda data: data | {"reason": None},
        lambda data: data | {"answers": []},
    ],
)
def test_damaged_entry_is_one_sentence_and_hides_no_other(tmp_path, damage):
    good = add_student(tmp_path, "bob", notebook=False)
    add_student(tmp_path, "amy", notebook=False)
    ledger = Ledger(tmp_path)
    path = ledger.path(ASSIGNMENT, "amy")
    text = damage if isinstance(damage, str) else json.dumps(damage(json.loads(path.read_text())))
    path.write_text(text)
    with pytest.raises(Damaged, match=r"amy\.json is not an entry of the ledger .* grade this"):
        ledger.read(ASSIGNMENT, "amy")
    entries, (fault,) = ledger.entries(ASSIGNMENT)
    assert entries == [good] and fault.student == "amy"


def test_entry_cannot_be_changed(tmp_path):
    entry = add_student(tmp_path, "amy", notebook=False)
    with pytest.raises(dataclasses.FrozenInstanceError):
        entry.status = "ungradable"


def test_folder_that_cannot_be_written_is_named(tmp_path):
    entry = add_student(tmp_path / "here", "amy", notebook=False)
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "ledger").touch()
    with pytest.raises(Refused, match=r"amy\.json cannot be written .*--resume"):
        Ledger(tmp_path / "there").write(entry)
