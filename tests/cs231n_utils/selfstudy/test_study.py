"""Self-study: the progress that is kept, hints, solutions, and the course's updates."""

import ast
import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest

import cs231n_utils
from cs231n_utils import checks, data, hint, progress, solution
from cs231n_utils.checking.channel import send
from cs231n_utils.checking.verdict import CheckFailed
from cs231n_utils.checks import check, judge
from cs231n_utils.ladder import ladder
from cs231n_utils.selfstudy import overview as progress_view
from cs231n_utils.selfstudy import progress as progress_file
from cs231n_utils.selfstudy.progress import (
    PROGRESS_FILE,
    Listed,
    Progress,
    Work,
    change,
    fingerprint,
)
from cs231n_utils.system.files import locked
from grading.exercises import EXERCISES
from grading.handout.release import PROJECT
from grading.handout.renewal import lay_out_notebook, lay_out_picture
from grading.judge.oracle import Oracle
from grading.judge.tutor import teach

COURSE = [Listed(*row) for row in teach({"op": "course"})["exercises"]]
REFUSAL = "belong to self-study"


@pytest.fixture(autouse=True)
def progress_path(tmp_path, monkeypatch):
    """A progress file of the test's own."""
    path = tmp_path / "home" / "progress.json"
    monkeypatch.setenv(PROGRESS_FILE, str(path))
    return path


@pytest.fixture(scope="module", autouse=True)
def _hang_up():
    """Leave no local oracle behind for the tests of other modules."""
    yield
    checks.OracleClient.forget()


def unwritten(scores, y):
    raise NotImplementedError


def always_half(scores, y):
    return 0.5


def always_one(scores, y):
    return 1.0


def always_two(scores, y):
    return 2.0


def right(scores, y):
    return float(np.mean(np.argmax(scores, axis=1) == y))


def attempt(*answers):
    for answer in answers:
        with contextlib.suppress(CheckFailed):
            check(answer, exercise="accuracy")


def kept(exercise="accuracy"):
    return progress_file.read().exercises[exercise]


# --- what is kept -------------------------------------------------------------------------


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


def defined(text):
    namespace = {"__name__": "__main__"}
    exec(text, namespace)
    return namespace["f"]


def test_fingerprint_follows_the_code_and_not_its_looks():
    original = fingerprint(defined("def f(x):\n    return [x + 1 for x in {1, 2}]"))
    same = "\n\ndef f(x):\n    # a comment\n\n    return [x + 1 for x in {1, 2}]"
    assert fingerprint(defined(same)) == original
    assert fingerprint(defined("def f(x):\n    return [x + 2 for x in {1, 2}]")) != original


def test_fingerprint_follows_the_helpers_of_an_answer():
    text = "def g(x):\n    return f(x) + {}\ndef f(x):\n    return g(x)"
    assert fingerprint(defined(text.format(1))) != fingerprint(defined(text.format(2)))
    assert fingerprint(defined(text.format(1))) == fingerprint(defined(text.format(1)))


def test_fingerprint_is_the_same_in_another_process():
    text = "def f(x):\n    return x in {'a', 'b', 'c'}"
    program = (
        "from cs231n_utils.selfstudy.progress import fingerprint\n"
        f"namespace = {{'__name__': '__main__'}}\nexec({text!r}, namespace)\n"
        "print(fingerprint(namespace['f']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert done.stdout.strip() == fingerprint(defined(text))


WRITER = """
import sys
from cs231n_utils.selfstudy.progress import change
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


DAMAGED = {
    "cut short": '{"version": 1, "exercises": {"accu',
    "not UTF-8": b"\xff\xfe\x00",
    "a list": "[1, 2]",
    "nested deeply": "[" * 100_000,
    "another version": '{"version": 99, "exercises": {}, "ladder": {}}',
    "fields missing": '{"version": 1, "exercises": {"accuracy": {}}, "ladder": {}}',
    "ladder of text": '{"version": 1, "exercises": {}, "ladder": {"CIFAR-10": {"chance": "x"}}}',
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


# --- the ladder ---------------------------------------------------------------------------


def test_ladder_keeps_the_best_of_each_rung_and_stand_in_results_apart(monkeypatch):
    for source, accuracy in (("official", 0.40), ("local", 0.38), ("stand-in", 0.99)):
        monkeypatch.setattr(data, "_current_source", source)
        plt.close(ladder({"linear classifier": accuracy}))
    assert progress_file.read().ladder == {
        "CIFAR-10": {"linear classifier": 0.40},
        "stand-in": {"linear classifier": 0.99},
    }


def test_ladder_keeps_nothing_where_no_data_were_loaded(monkeypatch, progress_path):
    monkeypatch.setattr(data, "_current_source", None)
    plt.close(ladder({"chance": 0.1}))
    assert not progress_path.exists()


# --- progress, hint, solution -------------------------------------------------------------


def some_progress():
    some = Progress(ladder={"CIFAR-10": {"chance": 0.1}, "stand-in": {"linear classifier": 0.4}})
    some.exercises["accuracy"] = Work(1.0, ["a", "b"], "2026-11-20", 1)
    some.exercises["softmax"] = Work(1.5, ["a"])
    return some


def test_picture_shows_one_tile_an_exercise_and_stand_in_results_hollow():
    fig = progress_view.draw(COURSE, some_progress())
    tiles, rungs = fig.axes
    marks = [text.get_text() for text in tiles.texts]
    assert marks.count("✓") == 1 and "1 of 3 points" in marks and "1.5 of 20 points" in marks
    outlines = [patch for patch in tiles.patches if not patch.get_fill()]
    assert len(outlines) == len(EXERCISES)
    assert fig.get_suptitle() == "You have passed 1 of 58 exercises: 2.5 of 172 points"
    labels = [text.get_text() for text in rungs.texts]
    assert "you: 10.0 %" in labels and "stand-in: 40.0 %" in labels
    plt.close(fig)


def test_summary_says_what_the_picture_shows():
    text = progress_view.summary(COURSE, some_progress())
    assert "1 of 58 exercises" in text and "00-start-here: 1 of 3 passed" in text
    assert "Ladder on stand-in: linear classifier 40.0%" in text


def test_progress_lists_every_exercise_and_the_ladder(capsys):
    attempt(right)
    progress_file.change(lambda kept: kept.add_rungs("CIFAR-10", {"chance": 0.1}))
    progress()
    shown = capsys.readouterr().out
    assert shown.endswith("Ladder on CIFAR-10: chance 10.0%.\n")
    assert all(name in shown for name in EXERCISES)
    assert re.search(r"accuracy +1 of 1 +1 attempt +\d{4}-", shown)


def test_hints_come_one_at_a_time_and_then_all(capsys):
    hints = EXERCISES["softmax"].hints
    for number, text in enumerate(hints, 1):
        hint("softmax")
        shown = capsys.readouterr().out
        assert f"softmax: hint {number} of 3" in shown and text in shown
        assert not any(other in shown for other in hints if other != text)
    hint("softmax")
    shown = capsys.readouterr().out
    assert all(text in shown for text in hints)
    assert 'There are no more. solution("softmax") shows a solution after 3 attempts.' in shown


def test_last_hint_names_no_attempts_where_the_solution_is_open(capsys):
    attempt(right)
    for _ in range(len(EXERCISES["accuracy"].hints) + 1):
        hint("accuracy")
    assert 'solution("accuracy") shows a solution.' in capsys.readouterr().out


def test_hint_takes_the_function_too(capsys):
    def softmax(scores):
        raise NotImplementedError

    hint(softmax)
    assert EXERCISES["softmax"].hints[0] in capsys.readouterr().out


@pytest.mark.parametrize("ask", [hint, solution])
def test_wrong_name_is_answered_in_one_sentence(ask, capsys):
    ask("sofmax")
    assert capsys.readouterr().out == ("There is no exercise 'sofmax': did you mean 'softmax'?\n")


REFERENCE_LINE = "np.argmax(scores, axis=1) == y"


def test_solution_opens_after_three_different_answers(capsys):
    attempt(unwritten, always_half, always_half, always_one)
    solution("accuracy")
    shown = capsys.readouterr().out
    assert REFERENCE_LINE not in shown and "you have made 2." in shown
    attempt(always_two)
    assert 'solution("accuracy") shows a solution' in capsys.readouterr().out
    solution("accuracy")
    shown = capsys.readouterr().out
    assert REFERENCE_LINE in shown and "early" not in shown


def test_solution_opens_once_passed(capsys):
    attempt(right)
    solution("accuracy")
    assert REFERENCE_LINE in capsys.readouterr().out


def test_solution_on_request_comes_with_a_warning(capsys):
    solution("accuracy", anyway=True)
    shown = capsys.readouterr().out
    assert REFERENCE_LINE in shown and "You asked for it early: 0 attempts" in shown


@pytest.mark.parametrize("exercise", EXERCISES)
def test_solution_defines_the_function_and_passes_the_parser(exercise):
    (definition,) = ast.parse(teach({"op": "solution", "exercise": exercise})["solution"]).body
    assert definition.name == exercise and not definition.decorator_list


def test_failing_card_names_the_hint_and_a_passing_one_does_not(capsys):
    attempt(always_half)
    assert 'Stuck? hint("accuracy") gives a hint' in capsys.readouterr().out
    attempt(right)
    assert "Stuck?" not in capsys.readouterr().out


# --- grading gives nothing of this --------------------------------------------------------


@pytest.fixture
def graded_kernel(oracle_channel, monkeypatch):
    """A kernel whose channel comes from an oracle that grades."""
    channel, ledger = oracle_channel()
    monkeypatch.setattr(checks.OracleClient, "_current", channel)
    monkeypatch.setenv(checks.ORACLE_FD, "0")
    return ledger


@pytest.mark.parametrize(
    "ask", [progress, lambda: hint("softmax"), lambda: solution("softmax", anyway=True)]
)
def test_graded_kernel_gets_one_sentence_and_its_channel_stays_whole(
    ask, graded_kernel, capsys, progress_path
):
    ask()
    assert REFUSAL in capsys.readouterr().out
    assert check(right, exercise="accuracy").passed and len(graded_kernel) == 1
    assert not progress_path.exists()


def test_graded_card_and_ladder_keep_nothing(graded_kernel, capsys, progress_path, monkeypatch):
    monkeypatch.setattr(data, "_current_source", "official")
    plt.close(ladder({"chance": 0.1}))
    attempt(always_half)
    assert "Stuck?" not in capsys.readouterr().out
    assert not progress_path.exists()


@pytest.mark.parametrize("op", ["course", "hints", "solution"])
def test_oracle_that_grades_ends_the_session_of_whoever_asks_it_to_teach(op):
    requests, replies, ledger = io.BytesIO(), io.BytesIO(), []
    send(requests, {"op": op, "exercise": "softmax"})
    send(requests, {"op": "judge", "exercise": "softmax"})
    requests.seek(0)
    Oracle(ledger.append).serve(requests, replies)
    assert replies.getvalue() == b"" and not ledger


def test_what_grades_does_not_even_import_what_teaches():
    program = (
        "import sys, grading.submission.execute, grading.submission.grade\n"
        "print([name for name in sys.modules if 'tutor' in name], "
        "'grading.judge.oracle' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=PROJECT
    )
    assert done.stdout.strip() == "[] True"
    users = [
        path.name
        for path in (PROJECT / "grading").rglob("*.py")
        if re.search(r"\btutor\b|teach=", path.read_text(encoding="utf-8"))
    ]
    assert sorted(users) == ["__main__.py", "tutor.py"]


@pytest.mark.parametrize(
    "ask", [progress, lambda: hint("softmax"), lambda: solution("softmax", anyway=True)]
)
def test_without_a_clone_there_is_one_sentence(ask, monkeypatch, capsys):
    monkeypatch.setattr(checks.OracleClient, "_current", None)
    monkeypatch.setattr(checks, "clone", lambda: None)
    ask()
    assert capsys.readouterr().out.count("\n") == 1


def test_student_package_holds_no_hint():
    texts = [
        path.read_text(encoding="utf-8")
        for path in Path(cs231n_utils.__file__).parent.rglob("*.py")
    ]
    for exercise in EXERCISES.values():
        assert not any(sentence in text for sentence in exercise.hints for text in texts)


# --- updates of the course ----------------------------------------------------------------


def notebook(**sources):
    """A small course notebook; names with `answer` are answer cells, with `text` headings."""
    cells = []
    for name, source in sources.items():
        new = nbformat.v4.new_markdown_cell if "text" in name else nbformat.v4.new_code_cell
        cells.append(new(source, id=name))
        if "answer" in name:
            mark = {"grade_id": name, "solution": True, "grade": False, "locked": False}
            cells[-1].metadata.nbgrader = {**mark, "schema_version": 3, "task": False}
    return nbformat.v4.new_notebook(cells=cells)


OLD = {"text-1": "# Losses", "demo": "1 + 1", "text-2": "## Hinge\nmax", "answer": "def f(): ..."}
NEW = {**OLD, "text-2": "## Hinge\nmax(0, m)", "figure": "plot()"}


def saved(path):
    return nbformat.read(path, as_version=4)


def work_on(path, **answers):
    """What a student does: write answers, run a cell, save."""
    mine = saved(path)
    for cell in mine.cells:
        cell.source = answers.get(cell.id, cell.source)
    mine.cells[1].execution_count = 1
    nbformat.write(mine, path)


@pytest.fixture
def folder(tmp_path):
    """A student's folder with one notebook."""
    assert lay_out_notebook(tmp_path / "work", "losses", notebook(**OLD)) == ""
    return tmp_path / "work"


def names(folder):
    return sorted(path.name for path in (folder / "losses").iterdir())


def test_nothing_happens_when_the_course_has_not_changed(folder):
    mine = folder / "losses" / "losses.ipynb"
    work_on(mine, answer="def f(): return 1")
    before = mine.read_bytes()
    assert lay_out_notebook(folder, "losses", notebook(**OLD)) == ""
    assert names(folder) == ["losses.ipynb"] and mine.read_bytes() == before


def test_new_version_is_put_beside_work_once_with_a_note_of_what_changed(folder):
    mine = folder / "losses" / "losses.ipynb"
    work_on(mine, answer="def f(): return 1")
    before = mine.read_bytes()
    said = lay_out_notebook(folder, "losses", notebook(**NEW))
    assert "losses-version-2.ipynb" in said and "losses-version-2-changes.md" in said
    assert mine.read_bytes() == before
    beside = saved(folder / "losses" / "losses-version-2.ipynb")
    assert [cell.source for cell in beside.cells] == list(NEW.values())
    note = (folder / "losses" / "losses-version-2-changes.md").read_text(encoding="utf-8")
    assert "- Hinge: 1 text cell changed, 1 code cell added\n" in note and "- Losses" not in note
    assert lay_out_notebook(folder, "losses", notebook(**NEW)) == ""
    assert len(names(folder)) == 3


def test_each_further_version_gets_a_number_of_its_own(folder):
    work_on(folder / "losses" / "losses.ipynb", answer="def f(): return 1")
    lay_out_notebook(folder, "losses", notebook(**NEW))
    beside = folder / "losses" / "losses-version-2.ipynb"
    work_on(beside, answer="def f(): return 2")
    before = beside.read_bytes()
    said = lay_out_notebook(folder, "losses", notebook(**{**NEW, "demo": "2 + 2"}))
    assert "losses-version-3.ipynb" in said and beside.read_bytes() == before
    note = (folder / "losses" / "losses-version-3-changes.md").read_text(encoding="utf-8")
    assert "- Losses: 1 code cell changed\n" in note and "Hinge" not in note


def test_notebook_that_was_never_touched_is_replaced(folder):
    said = lay_out_notebook(folder, "losses", notebook(**NEW))
    assert "you had not begun it" in said and names(folder) == ["losses.ipynb"]
    mine = saved(folder / "losses" / "losses.ipynb")
    assert [cell.source for cell in mine.cells] == list(NEW.values())


@pytest.mark.parametrize("answer", ["def f(): ...", "def f(): return 1"])
def test_folder_of_an_earlier_course_is_compared_without_its_answers(folder, answer):
    (folder / ".laid-out" / "losses" / "losses.ipynb").unlink()
    mine = folder / "losses" / "losses.ipynb"
    work_on(mine, answer=answer)
    assert lay_out_notebook(folder, "losses", notebook(**OLD)) == ""
    (folder / ".laid-out" / "losses" / "losses.ipynb").unlink()
    before = mine.read_bytes()
    assert "losses-version-2" in lay_out_notebook(folder, "losses", notebook(**NEW))
    assert mine.read_bytes() == before


def test_work_that_cannot_be_read_is_left_as_it_is(folder):
    mine = folder / "losses" / "losses.ipynb"
    mine.write_text("{ half a noteb", encoding="utf-8")
    assert "losses-version-2" in lay_out_notebook(folder, "losses", notebook(**NEW))
    assert mine.read_text(encoding="utf-8") == "{ half a noteb"


def test_removed_and_reordered_cells_are_noted(folder):
    work_on(folder / "losses" / "losses.ipynb", answer="def f(): return 1")
    lay_out_notebook(folder, "losses", notebook(**dict(list(OLD.items())[::-1])))
    note = folder / "losses" / "losses-version-2-changes.md"
    assert "another order" in note.read_text(encoding="utf-8")
    shorter = {name: OLD[name] for name in ("answer", "text-2", "text-1")}
    lay_out_notebook(folder, "losses", notebook(**shorter))
    note = folder / "losses" / "losses-version-3-changes.md"
    assert "- Hinge: 1 code cell removed" in note.read_text(encoding="utf-8")


def test_pictures_follow_the_course_unless_the_student_has_changed_them(tmp_path):
    picture, mine = tmp_path / "race.png", tmp_path / "work" / "losses" / "race.png"
    for content in (b"one", b"two"):
        picture.write_bytes(content)
        lay_out_picture(tmp_path / "work", "losses", picture)
        assert mine.read_bytes() == content
    mine.write_bytes(b"my own")
    picture.write_bytes(b"three")
    for _ in range(2):
        lay_out_picture(tmp_path / "work", "losses", picture)
        assert mine.read_bytes() == b"my own"
