"""The progress that is kept: what counts as an attempt, several writers, damaged files."""

import os
import re
import subprocess
import sys

import pytest

from cs231n_utils.checks import check, judge
from cs231n_utils.selfstudy import progress_file
from cs231n_utils.selfstudy.progress_file import (
    PROGRESS_FILE,
    Predicted,
    Progress,
    change,
    code_digest,
)
from cs231n_utils.system.files import locked
from grading.handout.release import PROJECT
from tests.support.accuracy_answers import always_half, always_one, attempt, kept, right, unwritten


def test_check_keeps_best_points_attempts_up_to_the_first_pass_and_its_day(capsys):
    attempt(always_half)
    assert (kept().points, kept().attempts, kept().passed_on) == (0.0, 1, "")
    attempt(right, always_one)
    assert (kept().points, kept().attempts) == (1.0, 2)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", kept().passed_on)


def test_only_different_answers_that_ran_are_attempts(capsys):
    attempt(unwritten, always_half, always_half, always_half, unwritten)
    assert kept().attempts == 1


def test_judge_keeps_nothing(progress_path):
    judge(always_half, exercise="accuracy")
    assert not progress_path.exists()


def test_failing_card_names_the_hint_and_a_passing_one_does_not(capsys):
    attempt(always_half)
    assert 'Stuck? hint("accuracy") gives a hint' in capsys.readouterr().out
    attempt(right)
    assert "Stuck?" not in capsys.readouterr().out


def defined(text):
    namespace = {"__name__": "__main__"}
    exec(text, namespace)
    return namespace["f"]


def test_code_digest_follows_the_code_and_not_its_looks():
    original = code_digest(defined("def f(x):\n    return [x + 1 for x in {1, 2}]"))
    same = "\n\ndef f(x):\n    # a comment\n\n    return [x + 1 for x in {1, 2}]"
    assert code_digest(defined(same)) == original
    assert code_digest(defined("def f(x):\n    return [x + 2 for x in {1, 2}]")) != original


def test_code_digest_follows_the_helpers_of_an_answer():
    text = "def g(x):\n    return f(x) + {}\ndef f(x):\n    return g(x)"
    assert code_digest(defined(text.format(1))) != code_digest(defined(text.format(2)))
    assert code_digest(defined(text.format(1))) == code_digest(defined(text.format(1)))


def test_code_digest_is_the_same_in_another_process():
    text = "def f(x):\n    return x in {'a', 'b', 'c'}"
    program = (
        "from cs231n_utils.selfstudy.progress_file import code_digest\n"
        f"namespace = {{'__name__': '__main__'}}\nexec({text!r}, namespace)\n"
        "print(code_digest(namespace['f']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert done.stdout.strip() == code_digest(defined(text))


WRITER = """
import sys
from cs231n_utils.selfstudy.progress_file import change
for i in range(15):
    answer = f"{sys.argv[1]}-{i}"
    change(lambda kept: kept.add_verdict("accuracy", 0.5, False, answer))
"""


def test_nothing_is_lost_when_several_kernels_write_at_once(progress_path):
    writers = [
        subprocess.Popen([sys.executable, "-W", "error", "-c", WRITER, name], cwd=PROJECT)
        for name in "abc"
    ]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    assert set(kept().answers) == {f"{name}-{i}" for name in "abc" for i in range(15)}
    assert [path.name for path in progress_path.parent.glob("*.json")] == ["progress.json"]


def test_file_from_before_predictions_is_read(progress_path):
    progress_path.parent.mkdir()
    progress_path.write_text(
        '{"version": 1, "exercises": {}, "ladder": {"CIFAR-10": {"chance": 0.1}}}'
    )
    progress_file.change(lambda kept: kept.add_prediction("01-start", [1.0, 2.0], True))
    assert progress_file.read() == Progress(
        ladder={"CIFAR-10": {"chance": 0.1}}, predictions={"01-start": Predicted([1.0, 2.0], True)}
    )


DAMAGED = {
    "cut short": '{"version": 1, "exercises": {"accu',
    "not UTF-8": b"\xff\xfe\x00",
    "a list": "[1, 2]",
    "nested deeply": "[" * 100_000,
    "another version": '{"version": 99, "exercises": {}, "ladder": {}}',
    "fields missing": '{"version": 1, "exercises": {"accuracy": {}}, "ladder": {}}',
    "ladder of text": '{"version": 1, "exercises": {}, "ladder": {"CIFAR-10": {"chance": "x"}}}',
    "predictions a list": '{"version": 1, "exercises": {}, "ladder": {}, "predictions": [1]}',
    "empty": "",
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
@pytest.mark.parametrize("use", [progress_file.read, lambda: attempt(always_half)])
def test_damaged_file_is_kept_under_another_name_and_work_goes_on(damage, use, progress_path):
    progress_path.parent.mkdir()
    content = damage if isinstance(damage, bytes) else damage.encode()
    progress_path.write_bytes(content)
    with pytest.warns(UserWarning, match="could not be read, so a new file begins"):
        use()
    (aside,) = progress_path.parent.glob("progress-damaged-*.json")
    assert aside.read_bytes() == content
    attempt(always_one)
    assert kept().attempts >= 1


def test_folder_that_cannot_be_written_costs_a_warning_and_nothing_else(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv(PROGRESS_FILE, str(tmp_path / "file" / "progress.json"))
    with pytest.warns(UserWarning, match="progress is not kept"):
        assert check(right, exercise="accuracy").passed
    with pytest.warns(UserWarning, match="progress is not kept"):
        assert progress_file.read() == Progress()


def test_lock_that_is_not_given_back_costs_a_warning(progress_path, monkeypatch):
    monkeypatch.setattr(progress_file, "LOCK_SECONDS", 0.05)
    progress_path.parent.mkdir()
    with (
        locked(progress_path.with_suffix(".lock"), 1),
        pytest.warns(UserWarning, match="locked by another program"),
    ):
        change(lambda kept: kept.add_verdict("accuracy", 1.0, True, "a"))
    assert not progress_path.exists()
