"""The corpus of hostile, broken and unusual submissions: what each of them gets, and may not."""

import copy
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import replace

import nbformat
import pytest

from grading.classroom.autograde import settings_for
from grading.classroom.submissions import _time_stamp, find_submissions
from grading.exercises import EXERCISES
from grading.handout.answers import fill_answers
from grading.handout.release import PROJECT, read_source
from grading.sandbox.outside import Sandbox
from grading.submission.evasion import evasion
from grading.submission.execute import CELLS_IN_ALL
from grading.submission.grade import Task, fetch, grade
from grading.submission.scores import guarded_parts
from tests.support.broken import BROKEN, Broken
from tests.support.hostile import ATTACKS, FULL, LOOK, MISCOUNTS, PRELUDE, UNUSUAL, Attack

ASSIGNMENT = "01-loss-functions"
ABSTRACT = f"grader-{os.getpid()}"
SLACK_SECONDS = 30.0
GRADER_MB = 300

pytestmark = pytest.mark.skipif(
    shutil.which("bwrap") is None, reason="bubblewrap is not installed: nothing confines attacks"
)
SETTINGS = settings_for(ASSIGNMENT, timeout=10.0, confined=True)


def solved(assignment):
    """An assignment with the right answers."""
    return json.loads(nbformat.writes(fill_answers(read_source(assignment))))


SOLVED = solved(ASSIGNMENT)


@pytest.fixture(scope="module")
def sandbox():
    """One warm sandbox for all of the corpus, so that each could harm those after it."""
    with Sandbox() as warm:
        yield warm


@pytest.fixture(scope="module")
def listeners():
    """A TCP port and an abstract socket of the grader's, which no submission may reach."""
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as unix:
        unix.bind("\0" + ABSTRACT)
        unix.listen()
        yield {"{port}": str(tcp.getsockname()[1]), "{abstract}": ABSTRACT}
        for listener in (tcp, unix):
            listener.setblocking(False)
            with pytest.raises(BlockingIOError):
                listener.accept()


def with_answer(exercise, text, notebook=SOLVED):
    """A solved notebook with another answer cell."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == f"{exercise}-answer":
            cell["source"] = text.replace("{answer}", "".join(cell["source"]))
    return notebook


def graded(notebook, sandbox, timeout=10.0):
    """What the grader says of a notebook."""
    settings = replace(SETTINGS, timeout=timeout)
    result = grade("student", json.dumps(notebook).encode(), settings, sandbox)
    nbformat.validate(nbformat.from_dict(result["notebook"]))
    json.dumps(result, ensure_ascii=False).encode("utf-8")
    return result


def printed(result, exercise):
    """What an answer cell printed."""
    for cell in result["notebook"]["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == f"{exercise}-answer":
            return "".join(output.get("text", "") for output in cell["outputs"])
    raise LookupError(exercise)


def explained(result):
    """Whether every lost point comes with a reason, in the verdict and in its card."""
    cards = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell["outputs"][0]["data"]["text/html"]
        for cell in result["notebook"]["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") in FULL
    }
    return all(
        verdict["points"] == verdict["max_points"]
        or (verdict["message"] and "<p style" in cards[verdict["exercise"]])
        for verdict in result["verdicts"]
    )


@pytest.fixture(scope="module")
def shared_by_group(request, sandbox):
    """The sandbox; after each group of attacks, what they have left in it is looked for."""
    yield sandbox
    assert_untouched(sandbox)


@pytest.mark.parametrize(
    ("shared_by_group", "attack"),
    [pytest.param(a.group, a, id=f"{a.group}: {a.name}") for a in ATTACKS],
    indirect=["shared_by_group"],
)
def test_attack_gains_nothing_and_is_told_why(attack: Attack, shared_by_group, listeners):
    text = attack.text
    for place, value in listeners.items():
        text = text.replace(place, value)
    started = time.monotonic()
    result = graded(with_answer(attack.exercise, text), shared_by_group, attack.timeout)
    assert time.monotonic() - started < CELLS_IN_ALL * attack.timeout + SLACK_SECONDS

    points = result["exercises"]
    assert points.pop(attack.exercise) == attack.earned
    counted = evasion(text) is not None
    due = {
        name: FULL[name] - (1.0 if counted and guarded_parts(EXERCISES[name]) else 0.0)
        for name in points
    }
    order = list(FULL)
    before = order[: order.index(attack.exercise)]
    assert {name: points[name] for name in before} == {name: due[name] for name in before}
    if not attack.stops:
        assert points == due
    assert explained(result)
    shown = printed(result, attack.exercise)
    assert "REACHED" not in shown
    if "attempt(" in attack.text.replace(PRELUDE, "") and not attack.stops:
        assert "refused" in shown or "nothing" in shown, "the attack was not tried"
    if attack.group == "the next submission":
        assert_untouched(shared_by_group)


def test_script_that_an_answer_shows_or_returns_is_not_kept(sandbox):
    for attack in ATTACKS:
        if "<script>" in attack.text:
            result = graded(with_answer(attack.exercise, attack.text), sandbox)
            for cell in result["notebook"]["cells"]:
                for output in cell.get("outputs", []):
                    shown = output.get("data", {})
                    assert "<script" not in shown.get("text/html", "")
                    assert "<script" not in shown.get("image/png", "")


def assert_untouched(sandbox):
    """A right answer gets its points, and finds nothing of the submissions before it."""
    text = LOOK.replace("{nice}", str(os.getpriority(os.PRIO_PROCESS, 0)))
    text = text.replace("{processors}", str(len(os.sched_getaffinity(0))))
    result = graded(with_answer("softmax", text), sandbox)
    assert printed(result, "softmax").strip() == "LEFT []"
    assert result["exercises"]["softmax"] == FULL["softmax"]
    assert graded(SOLVED, sandbox)["exercises"] == FULL


@pytest.mark.parametrize(("exercise", "text"), UNUSUAL.values(), ids=UNUSUAL)
def test_right_answer_in_unusual_form_gets_all_points(exercise, text, sandbox):
    result = graded(with_answer(exercise, text), sandbox)
    assert result["exercises"] == FULL, [v["message"] for v in result["verdicts"]]


@pytest.mark.parametrize(("exercise", "lost", "text"), MISCOUNTS.values(), ids=MISCOUNTS)
def test_answer_that_forges_a_count_loses_what_it_decides(exercise, lost, text, sandbox):
    assignment = EXERCISES[exercise].assignment
    notebook = with_answer(exercise, text, solved(assignment))
    settings = settings_for(assignment, timeout=10.0, confined=True)
    result = grade("student", json.dumps(notebook).encode(), settings, sandbox)
    (verdict,) = (v for v in result["verdicts"] if v["exercise"] == exercise)
    assert {part for part, passed in verdict["parts"].items() if not passed} == lost
    assert verdict["reasons"].keys() == lost
    for other in result["verdicts"]:
        parts = guarded_parts(EXERCISES[other["exercise"]]) if evasion(text) else set()
        if other is not verdict:
            assert {part for part, passed in other["parts"].items() if not passed} == parts


SMALL = [broken for broken in BROKEN if not broken.large]
LARGE = {broken.name: broken for broken in BROKEN if broken.large}


@pytest.mark.parametrize("broken", SMALL, ids=lambda b: b.name)
def test_broken_submission_is_graded_or_reported(broken: Broken, sandbox, tmp_path):
    broken.make(tmp_path, copy.deepcopy(SOLVED))
    (task,) = find_submissions(tmp_path, ASSIGNMENT)
    assert task.student.isprintable() and "/" not in task.student
    assert len(task.student.encode()) <= 200
    result = grade(task.student, fetch(task), SETTINGS, sandbox)
    nbformat.validate(nbformat.from_dict(result["notebook"]))
    lost = {name for name, points in result["exercises"].items() if points < FULL[name]}
    assert lost == (set(FULL) if broken.loses == "all" else set(broken.loses))
    assert result["status"] == ("ungradable" if broken.loses == "all" else "graded")
    assert explained(result)
    messages = result["reason"] + "".join(verdict["message"] for verdict in result["verdicts"])
    assert broken.reason in messages


def test_names_that_differ_stay_apart(tmp_path):
    for name in (b"ada\xff", b"ada\xfe", b"ada?", b"a" * 250, b"a" * 251, b"x\ny", b"x\ty"):
        os.mkdir(os.path.join(os.fsencode(tmp_path), name))
    names = [task.student for task in find_submissions(tmp_path, ASSIGNMENT)]
    assert len(set(names)) == 7


@pytest.mark.parametrize(
    "text", ["9" * 90, "99999999999999999999999", "0001-01-01", "9999-12-31 +99:00", "\0", "🕰"]
)
def test_time_stamp_that_is_no_time_counts_as_none(text, tmp_path):
    (tmp_path / "timestamp.txt").write_text(text, encoding="utf-8")
    assert _time_stamp(str(tmp_path / "x.ipynb")) is None


def test_time_stamp_that_is_a_link_is_not_followed(tmp_path):
    (tmp_path / "real.txt").write_text("2026-01-01 00:00:00")
    (tmp_path / "timestamp.txt").symlink_to(tmp_path / "real.txt")
    assert _time_stamp(str(tmp_path / "x.ipynb")) is None


GREEDY = {
    "large arrays": "def softmax(scores):\n    return [np.zeros(900_000) for _ in range(1)]",
    "large arguments": (
        "import cs231n_utils.checks as c\n_observe = c.observe\n"
        "def observe(*a, **k):\n"
        "    return {**_observe(*a, **k), 'after': [np.zeros(1_000_000)]}\n"
        "c.observe = observe"
    ),
    "large control messages": next(
        attack.text for attack in ATTACKS if attack.name == "sends one long line"
    ),
    "a thousand answers of a thousand items": (
        "def softmax(scores):\n    return [[set() for _ in range(1000)] for _ in range(15)]"
    ),
}


def test_grader_stays_small_whatever_is_submitted(tmp_path):
    folder = tmp_path / "submitted"
    for name, text in GREEDY.items():
        path = folder / name / f"{ASSIGNMENT}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(with_answer("softmax", text)), encoding="utf-8")
    for name, broken in LARGE.items():
        broken.make(tmp_path, copy.deepcopy(SOLVED))
        (tmp_path / "ada").rename(folder / name)
    program = (
        "import json, sys\nfrom pathlib import Path\n"
        "from grading.autograde import find_submissions, settings_for\n"
        "from grading.sandbox.outside import Sandbox\n"
        "from grading.submission.grade import fetch, grade\n"
        f"settings = settings_for({ASSIGNMENT!r}, timeout=4.0, confined=True)\n"
        "with Sandbox() as sandbox:\n"
        f"    for task in find_submissions(Path(sys.argv[1]), {ASSIGNMENT!r}):\n"
        "        result = grade(task.student, fetch(task), settings, sandbox)\n"
        "        peak = Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0]\n"
        "        result['grader_mb'] = int(peak) >> 10\n"
        "        del result['notebook']\n"
        "        print(json.dumps(result))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)],
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


def test_embargo_covers_every_copy_and_every_compiled_file(tmp_path, monkeypatch):
    from grading.submission import execute

    own = ("losses.py", "__pycache__/losses.cpython-312.opt-1.pyc", "widgets/references.py")
    for name in (*own, "references.py", "plots.py"):
        path = tmp_path / "cs231n_utils" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    monkeypatch.setattr(execute.sysconfig, "get_path", lambda kind: str(tmp_path))
    hidden = execute._embargoed_files(ASSIGNMENT)
    assert str(PROJECT / "cs231n_utils" / "losses.py") in hidden
    assert {path for path in hidden if path.startswith(str(tmp_path))} == {
        str(tmp_path / "cs231n_utils" / name) for name in own
    }


@pytest.mark.parametrize(
    "text",
    [
        "import sys\nsys.settrace(None)",
        "getattr(sys, 'set' + 'trace')(None)",
        "getattr(np, 'sys')",
        "f = getattr",
        "from sys import settrace",
        "import concurrent.futures",
        "import asyncio",
        "import timeit\ntimeit.sys",
        "import timeit as t\nt.repeat('f(x)')",
        "def f(timeit):\n    timeit.timeit('f(x)')",
        "timeit.timeit('f(x)', globals={'f': f})",
        "clock = timeit",
        "from typing import get_type_hints",
        "import numpy.f2py",
        "from cs231n_utils import checks",
        "import cs231n_utils.checks as c",
        "import mymodule",
        "np.core.sys.x",
        "np.stack = f",
        "import math as m\nm.sqrt.x = f",
        "np.load(f, allow_pickle=True)",
        "'{0.__closure__}'.format(f)",
        "def f(vars):\n    return vars\nvars(f)",
        "class A:\n    exec = exec",
        "%run x.py",
        "%matplotlib inline\nexec('x')",
        "%matplotlib inline\nimport cs231n_utils.recipes as r",
        "%matplotlib inline\nx = (1\n%exec('x'))",
        "%time exec('x')",
        "%%time\nexec('x')",
        "%config A.b = exec('x')",
        "await eval('x')",
        ">>> eval('x')",
        "t = sys.\uff47ettrace()",
        "%ls\nt = sys.\uff47ettrace()",
        "get_ipython().run_line_magic(name, 'x')",
        "shell = get_ipython()",
        "x = !python x.py",
        "def f():\n    !python x.py",
        "match sys:\n    case object(settrace=f):\n        pass",
        "os.dup2(3, 4)",
        "from os import *",
        "import os\nhelp = os\nhelp.write(3, b'')",
        "def f(self):\n    self.modules\nf(sys)",
        "import cs231n_utils as c\ndef f(self):\n    self.checks\nf(c)",
        "__loader__.load_module('os')",
        "if 'x' in locals():\n    locals()['__builtins__']",
        "setattr(np, 'dot', f)",
        "vars(np)",
        "random._os",
        "from operator import attrgetter as a",
        "operator.attrgetter('f_' + 'back')(f)",
        "attrgetter('__globals__')(f)",
        "np.testing.runstring('x', {})",
        "from numpy.testing import measure",
        "t = np.testing",
        "np.load(f, None, True)",
        "import logging.config",
        "import logging\nlogging.traceback.TracebackException",
        "A.__annotations__ = {}",
        "typing.List['x'].__args__[0]._evaluate({}, {})",
        "sys.path.insert(0, '.')",
        "%timeit -n1 -r 1 import cs231n_utils.checks as k",
        "!python w.py > log.txt 2>&1 &",
        "!ls; python w.py",
        "%load_ext mine",
        "%time " * 3000 + "x",
        "import " + "a" * 60_000,
        "f('__import__(\"sys\")')",
    ],
)
def test_ways_to_hide_work_are_recognized(text):
    assert evasion(text)


@pytest.mark.parametrize(
    "text",
    [
        *(text.replace("{answer}", "x = 1") for _, text in UNUSUAL.values()),
        "%matplotlib inline\n# a quick test of my code\nx = 1",
        "%%time\nx = 1",
        "%timeit -n 10 f(x)",
        "!pip install tqdm\nx = 1",
        "np.dot?\nx = 1",
        "vars = 3",
        "def f(x):\n    vars = np.var(x)\n    return [vars for _ in x]",
        "class Net:\n    def test(self):\n        self.profile = self.code = self.record(1)",
        "net.test(); net.signal.record()",
        "print('the gradient of f is {:.3f}; see its __dict__.'.format(x))",
        "import os, sys\nlimit = sys.float_info.max",
        "plt.rcParams['figure.dpi'] = 80",
        "x.T, x.shape, x.trace()",
        "timeit.timeit(lambda: f(x), number=10)",
        "from types import SimpleNamespace",
        "from timeit import default_timer as timer\ntimer()",
        "import timeit\ntimeit.default_timer()",
        "import traceback\ntraceback.print_exc()",
        "import gc\ngc.collect()",
        "import logging\nlogging.getLogger().info('x')",
        "class A:\n    def f(self, channel):\n        self.channel, self.record = channel, []",
        "class A:\n    def __init__(self, **k):\n        self.__dict__.update(k)",
        "class A:\n    def f(self, k, v):\n        setattr(self, k, v)\n        return vars(self)",
        "class A:\n    def measure(self):\n        return 1\nA().measure()",
        "if 'RESULTS' not in globals():\n    RESULTS = []",
        "print('step {i}'.format(**locals()))",
        "print('loss {:.3f}.system'.format(x))",
        "def timeit(f):\n    return f\n@timeit\ndef g(x):\n    return x",
        "def f(system, _products=1):\n    PRODUCTS = system\n    return PRODUCTS",
        "%load_ext autoreload\n%autoreload 2",
        "%%capture\nx = 1",
        "%pip install seaborn",
        "try:\n    import torch\nexcept ImportError:\n    torch = None",
        "files = !ls",
        "from IPython import get_ipython\nget_ipython().run_line_magic('matplotlib', 'inline')",
        "from operator import attrgetter\nsorted(runs, key=attrgetter('loss'))",
        "from matplotlib.ticker import Formatter",
        "np.int = int",
        "np.testing.assert_allclose(x, y)",
        "from numpy.testing import assert_allclose",
        "import inspect\ninspect.signature(f)",
        "import csv, glob, hashlib, struct, tempfile",
        "os.makedirs(os.path.join('a', 'b'), exist_ok=True)",
    ],
)
def test_answers_that_hide_nothing(text):
    assert evasion(text) is None


def test_words_of_a_written_answer_cost_nothing(sandbox):
    notebook = solved("05-analytic-gradient")
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = "The test images and my code: exec, sys.settrace and threading."
    settings = settings_for("05-analytic-gradient", timeout=10.0, confined=True)
    result = grade("student", json.dumps(notebook).encode(), settings, sandbox)
    assert all(verdict["passed"] for verdict in result["verdicts"])


@pytest.mark.parametrize("text", ["-" * 90_000 + "1", "(" * 90_000, "1+" * 45_000 + "1", "\0"])
def test_text_that_no_parser_likes_is_survived(text):
    assert evasion(text) in (None, "code nested too deeply", "too much that is not Python")


def test_large_file_gets_room_on_disk_only(tmp_path):
    path = tmp_path / f"{ASSIGNMENT}.ipynb"
    with open(path, "wb") as file:
        file.truncate((512 << 20) + 1)
    assert "expected at most 512" in str(fetch(Task("ada", str(path))))
