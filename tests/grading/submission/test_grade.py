"""One submission, graded: the corpus of hostile and broken ones gets what it deserves."""

import copy
import json
import os
import shutil
import socket
import subprocess
import sys
import time

import nbformat
import pytest

from grading.classroom.submissions import find_submissions
from grading.exercises import EXERCISES
from grading.handout.release import PROJECT
from grading.submission.execute import CELLS_IN_ALL
from grading.submission.grade import grade
from grading.submission.read import fetch
from tests.support.attacks import Attack, read_all, read_group, shared
from tests.support.broken import BROKEN, Broken
from tests.support.submissions import (
    ASSIGNMENT,
    FULL,
    cell_of,
    explained,
    graded,
    lost_parts,
    printed,
    settings_of,
    solved,
)
from tests.support.turns import in_turns

ABSTRACT = f"grader-{os.getpid()}"
SLACK_SECONDS = 30.0
GRADER_MB = 300
MISCOUNTS = read_group("miscounts")
ATTACKS = [attack for attack in read_all() if attack.group != "miscounts"]
TURNS = 7
"""One of so many cases is of the fast run."""

pytestmark = pytest.mark.skipif(
    shutil.which("bwrap") is None, reason="bubblewrap is not installed: nothing confines attacks"
)


@pytest.fixture(scope="module")
def listeners():
    """A TCP port and an abstract socket of the grader's, which no submission may reach."""
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as unix:
        unix.bind("\0" + ABSTRACT)
        unix.listen()
        yield {"GRADER_PORT": str(tcp.getsockname()[1]), "GRADER_SOCKET": ABSTRACT}
        for listener in (tcp, unix):
            listener.setblocking(False)
            with pytest.raises(BlockingIOError):
                listener.accept()


@pytest.fixture(scope="module")
def shared_by_group(request, sandbox):
    """The sandbox; after each group of attacks, what they have left in it is looked for."""
    yield sandbox
    assert_untouched(sandbox)


def assert_untouched(sandbox):
    """A right answer gets its points, and finds nothing of the submissions before it."""
    text = shared("look").replace("GRADER_NICE", str(os.getpriority(os.PRIO_PROCESS, 0)))
    text = text.replace("GRADER_PROCESSORS", str(len(os.sched_getaffinity(0))))
    result = graded(solved(softmax=text), sandbox)
    assert printed(result, "softmax").strip() == "LEFT []"
    assert result.entry.exercises["softmax"] == FULL["softmax"]
    assert graded(solved(), sandbox).entry.exercises == FULL


@pytest.mark.parametrize(
    ("shared_by_group", "attack"),
    [
        pytest.param(
            attack.group,
            attack,
            id=str(attack),
            marks=[pytest.mark.xdist_group(attack.group)]
            + [pytest.mark.slow] * bool(place % TURNS),
        )
        for place, attack in enumerate(ATTACKS)
    ],
    indirect=["shared_by_group"],
    scope="module",
)
def test_attack_gains_nothing_and_is_told_why(attack: Attack, shared_by_group, listeners):
    text = attack.text
    for place, value in listeners.items():
        text = text.replace(place, value)
    started = time.monotonic()
    notebook = solved(**{attack.exercise: text})
    result = graded(notebook, shared_by_group, timeout=attack.timeout)
    assert time.monotonic() - started < CELLS_IN_ALL * attack.timeout + SLACK_SECONDS

    points = result.entry.exercises
    assert points.pop(attack.exercise) == attack.earned
    due = {name: FULL[name] for name in points}
    order = list(FULL)
    before = order[: order.index(attack.exercise)]
    assert {name: points[name] for name in before} == {name: due[name] for name in before}
    if not attack.may_end_the_run:
        assert points == due
    assert explained(result)
    shown = printed(result, attack.exercise)
    assert "REACHED" not in shown
    if "attempt(" in attack.own_text and not attack.may_end_the_run:
        assert "refused" in shown or "nothing" in shown, "the attack was not tried"
    if attack.group == "next_submission":
        assert_untouched(shared_by_group)


def test_script_that_an_answer_shows_or_returns_is_not_kept(sandbox):
    for attack in ATTACKS:
        if "<script>" in attack.text:
            result = graded(solved(**{attack.exercise: attack.text}), sandbox)
            for cell in result.notebook["cells"]:
                for output in cell.get("outputs", []):
                    shown = output.get("data", {})
                    assert "<script" not in shown.get("text/html", "")
                    assert "<script" not in shown.get("image/png", "")


HELPER = """def check(name, ok=True):
    print(name, "passed" if ok else "FAILED")
# <answer>
check("sums", np.isclose(softmax(np.ones(3)).sum(), 1))
"""


def test_helper_of_the_name_of_check_costs_nothing(sandbox):
    assert graded(solved(softmax=HELPER), sandbox).entry.exercises == FULL


@pytest.mark.parametrize("answer", in_turns(MISCOUNTS, TURNS))
def test_answer_that_forges_a_count_loses_what_it_decides(answer: Attack, sandbox):
    assignment = EXERCISES[answer.exercise].assignment
    notebook = solved(assignment, **{answer.exercise: answer.text})
    result = graded(notebook, sandbox, assignment=assignment)
    (verdict,) = (v for v in result.entry.verdicts if v.exercise == answer.exercise)
    assert lost_parts(verdict) == verdict.reasons.keys() == answer.lost
    assert all(other.passed for other in result.entry.verdicts if other is not verdict)


def test_older_drafts_split_halves_and_new_cells_cost_nothing_and_are_told_of(sandbox):
    notebook = solved()
    cells = notebook["cells"]
    place = {name: cells.index(cell_of(notebook, f"{name}-answer")) for name in FULL}
    draft = copy.deepcopy(cells[place["softmax"]])
    draft["source"] = "def softmax(scores):\n    return scores"
    first, second = (copy.deepcopy(cells[place["regularization"]]) for _ in range(2))
    lines = first["source"].split("\n")
    first["source"], second["source"] = "\n".join(lines[:-1]), lines[-1]
    stub = copy.deepcopy(cells[place["svm_loss_naive"]])
    stub["source"] = cell_of(settings_of(ASSIGNMENT).released, "svm_loss_naive-answer")["source"]
    cells[place["svm_loss_naive"]]["metadata"] = {}
    for name, added in (
        ("regularization", [first, second]),
        ("softmax", [draft, cells[place["softmax"]]]),
        ("svm_loss_naive", [cells[place["svm_loss_naive"]], stub]),
    ):
        cells[place[name] : place[name] + 1] = added
    result = graded(notebook, sandbox)
    assert result.entry.exercises == FULL
    told = {"regularization-answer", "softmax-answer", "svm_loss_naive-answer"}
    assert result.entry.notes.keys() == told


SMALL = [broken for broken in BROKEN if not broken.large]
LARGE = {broken.name: broken for broken in BROKEN if broken.large}


def on_disk():
    """The solved notebook as a file holds it, its sources in lines."""
    return json.loads(nbformat.writes(solved()))


@pytest.mark.parametrize("broken", in_turns(SMALL, TURNS))
def test_broken_submission_is_graded_or_reported(broken: Broken, sandbox, tmp_path):
    broken.make(tmp_path, on_disk())
    (task,) = find_submissions(tmp_path, ASSIGNMENT)
    assert task.student.isprintable() and "/" not in task.student
    assert len(task.student.encode()) <= 200
    result = grade(task.student, fetch(task), settings_of(ASSIGNMENT), sandbox)
    nbformat.validate(nbformat.from_dict(result.notebook))
    lost = {name for name, points in result.entry.exercises.items() if points < FULL[name]}
    assert lost == (set(FULL) if broken.loses == "all" else set(broken.loses))
    assert result.entry.status == ("ungradable" if broken.loses == "all" else "graded")
    assert explained(result)
    messages = result.entry.reason + "".join(v.message for v in result.entry.verdicts)
    assert broken.reason in messages


GREEDY = {
    "large arrays": "def softmax(scores):\n    return [np.zeros(900_000) for _ in range(1)]",
    "large arguments": (
        "import cs231n_utils.checking.client as c\n_observe = c.observe\n"
        "def observe(*a, **k):\n"
        "    return {**_observe(*a, **k), 'after': [np.zeros(1_000_000)]}\n"
        "c.observe = observe"
    ),
    "large control messages": next(
        attack.text for attack in ATTACKS if attack.name == "sends_one_long_line"
    ),
    "a thousand answers of a thousand items": (
        "def softmax(scores):\n    return [[set() for _ in range(1000)] for _ in range(15)]"
    ),
}
GRADE_ALL = """
import json, sys
from pathlib import Path
from grading.classroom.autograde import settings_for
from grading.classroom.submissions import find_submissions
from grading.sandbox.outside import Sandbox
from grading.submission.grade import grade
from grading.submission.read import fetch

folder, assignment = Path(sys.argv[1]), sys.argv[2]
settings = settings_for(assignment, timeout=4.0)
with Sandbox() as sandbox:
    for task in find_submissions(folder, assignment):
        entry = grade(task.student, fetch(task), settings, sandbox).entry
        peak = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
        told = {"student": entry.student, "exercises": entry.exercises, "reason": entry.reason}
        print(json.dumps({**told, "grader_mb": int(peak) >> 10}))
"""


@pytest.mark.slow
def test_grader_stays_small_whatever_is_submitted(tmp_path):
    folder = tmp_path / "submitted"
    for name, text in GREEDY.items():
        path = folder / name / f"{ASSIGNMENT}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(nbformat.writes(solved(softmax=text)), encoding="utf-8")
    for name, broken in LARGE.items():
        broken.make(tmp_path, on_disk())
        (tmp_path / "ada").rename(folder / name)
    done = subprocess.run(
        [sys.executable, "-c", GRADE_ALL, str(folder), ASSIGNMENT],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    results = {r["student"]: r for r in map(json.loads, done.stdout.splitlines())}
    assert results.keys() == GREEDY.keys() | LARGE.keys()
    peaks = {name: result["grader_mb"] for name, result in results.items()}
    assert max(peaks.values()) < GRADER_MB, peaks
    for name, broken in LARGE.items():
        lost = {name for name, got in results[name]["exercises"].items() if got < FULL[name]}
        assert lost == (set(FULL) if broken.loses == "all" else set(broken.loses)), name
        assert broken.reason in results[name]["reason"]
