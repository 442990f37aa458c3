"""The probe finds the mutants that cases accept, and outlives those that run wild."""

import json
import os
import resource
import signal
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cs231n_utils.system.processes import worker_processes
from grading.__main__ import app
from grading.exercises import EXERCISES
from grading.judge import probe
from grading.judge.mutants import Mutant, Reference
from grading.judge.probe import EXAMINATIONS, Finding, Tally, examine, unused_reasons
from tests.support import small_exercise

SAMPLE = 25
"""`make test` examines one mutant of so many, `python -m grading probe` all of them."""
ALWAYS = "if y[i] >= 0 and i < 3:"
"""A mutant that no case of the small exercise can tell from its reference: y is positive."""


@pytest.fixture
def exercise(monkeypatch):
    """The small exercise, known by its name."""
    small = replace(small_exercise.exercise, equivalents={})
    small.reference = small_exercise.exercise.reference
    small.cases = small_exercise.exercise.cases
    monkeypatch.setitem(EXERCISES, small.id, small)
    return small


class AtOnce:
    """Does in this process, at once, what worker processes would do."""

    map = staticmethod(map)

    def submit(self, function, *arguments):
        future = Future()
        future.set_result(function(*arguments))
        return future


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr(probe, "worker_processes", lambda n: nullcontext(AtOnce()))


def run(*arguments):
    return CliRunner().invoke(app, ["probe", *arguments])


def mutant_of(exercise, after):
    (mutant,) = [m for m in Reference(exercise).mutants() if m.after == after]
    return mutant


def one(body):
    """A mutant with a body of its own."""
    return Mutant(("test",), 1, "", "", f"def standardized(x, y):\n    {body}", ())


@pytest.mark.parametrize(
    ("after", "passed", "fails_at_once"),
    [
        ("x = x + x.mean(axis=0)", 0, False),
        ("counts = 2", 0, True),
        (ALWAYS, EXAMINATIONS, False),
    ],
)
def test_mutant_is_rejected_or_fails_at_once_or_is_accepted(exercise, after, passed, fails_at_once):
    finding = examine(exercise, mutant_of(exercise, after))
    assert (finding.passed, finding.fails_at_once) == (passed, fails_at_once)
    assert finding.survived == bool(passed)


@pytest.mark.parametrize(
    ("statement", "covers"),
    [
        (ALWAYS, True),
        ("if y[i] ... 0 and ...", True),
        ("...", True),
        ("if y[i] >= 0 ...:", True),
        ("if y[i] >= 0", False),
        ("if y[i] ... 0 or ...", False),
        ("if y.i. >= 0 and i < 3:", False),
    ],
)
def test_reason_covers_a_statement_in_which_three_dots_stand_for_anything(
    exercise, statement, covers
):
    exercise.as_right("Labels are positive.", statement)
    finding = examine(exercise, mutant_of(exercise, ALWAYS))
    assert finding.equivalent == ("Labels are positive." if covers else "")
    assert finding.survived != covers
    assert unused_reasons(exercise, [finding]) == ([] if covers else [statement])


def test_reason_does_not_cover_what_only_luck_accepts(exercise):
    exercise.as_right("Luck.", "...")
    wrong = examine(exercise, mutant_of(exercise, "x = x + x.mean(axis=0)"))
    assert not wrong.equivalent
    lucky = Finding(exercise.id, wrong.mutant, 2, False)
    assert lucky.survived and unused_reasons(exercise, [lucky]) == ["..."]


def test_tally_counts_what_runs_and_is_not_as_right():
    mutant = one("pass")
    findings = [Finding("e", mutant, 0, False)] * 97
    findings += [Finding("e", mutant, 0, True), Finding("e", mutant, EXAMINATIONS, False, "why")]
    findings += [Finding("e", mutant, n, False) for n in (EXAMINATIONS, 1, 2)]
    tally = Tally.of(findings)
    assert (tally.mutants, tally.failed_at_once, tally.equivalent) == (102, 1, 1)
    assert (tally.wrong, tally.survived, tally.may_survive) == (100, 3, 2)
    assert tally.rejected == 0.97
    assert Tally.of([]).rejected == 1


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "for _ in iter(int, 1): sorted(range(1000))",
        "while True:\n        try:\n            len(y)\n        except ValueError:\n            pass",
    ],
)
def test_mutant_that_loops_for_ever_is_rejected(exercise, body, monkeypatch):
    monkeypatch.setattr(probe, "SECONDS", 0.05)
    monkeypatch.setattr(probe, "_AGAIN", 0.02)
    before = signal.getsignal(signal.SIGPROF)
    finding = examine(exercise, one(body))
    assert (finding.passed, finding.fails_at_once) == (0, False)
    assert signal.getsignal(signal.SIGPROF) == before
    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0


@pytest.mark.parametrize(
    "body",
    [
        "return np.ones(1 << 40)",
        "kept = []\n    while True: kept.append(np.ones(1 << 22))",
    ],
)
def test_mutant_that_takes_all_memory_is_rejected(exercise, body, monkeypatch):
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    monkeypatch.setattr(probe, "BYTES", taken + (1 << 28))
    before = resource.getrlimit(resource.RLIMIT_AS)
    assert examine(exercise, one(body)).passed == 0
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_killed_worker_ends_in_one_sentence(monkeypatch):
    @contextmanager
    def killed(n):
        with worker_processes(1) as pool:
            pool.submit(os._exit, 1)
            yield pool

    monkeypatch.setattr(probe, "worker_processes", killed)
    told = run("linear_scores")
    assert told.exit_code == 1
    (sentence,) = told.stderr.splitlines()
    assert "was killed" in sentence and sentence.endswith("name fewer exercises.")


@pytest.mark.usefixtures("at_once")
def test_command_shows_what_is_accepted_below_the_statement_it_changes(exercise):
    told = run(exercise.id)
    assert told.exit_code == 1
    lines = [line.rstrip() for line in told.stdout.splitlines()]
    assert lines[0] == "tests/support/small_exercise.py"
    at = lines.index("  line 22               if y[i] > 0 and i < 3:")
    assert "    comparison          if y[i] >= 0 and i < 3:" in lines[at:]
    assert any("wrong mutants were accepted, expected at most 2 (2 %)" in line for line in lines)
    assert all(line.isascii() or set(line) == {"─"} for line in lines)
    assert max(map(len, lines[:at])) <= 80


@pytest.mark.usefixtures("at_once")
def test_command_is_content_with_reasons_and_says_which_of_them_nothing_needs(exercise):
    survivors = [json.loads(line) for line in run(exercise.id, "--json").stdout.splitlines()]
    ...
    

@pytest.mark.usefixtures("at_once")
def test_two_exercises_have_a_row_each_and_one_for_all():
    told = run("linear_scores", "double_in_place", "linear_scores")
    assert told.exit_code == 0
    rows = [line.split() for line in told.stdout.splitlines() if "%" in line]
    assert [row[0] for row in rows[:-1]] == ["linear_scores", "double_in_place", "all"]
    assert [int(n) for n in rows[2][1:5]] == [int(a) + int(b) for a, b in zip(*rows[:2])][1:5]


def test_sample_of_mutants_of_all_exercises_is_rejected():
    findings = [
        examine(exercise, mutant, 1)
        for exercise in EXERCISES.values()
        for mutant in Reference(exercise).mutants(every=SAMPLE)
    ]
    tally = Tally.of(findings)
    accepted = [(f.exercise, f.mutant.line, f.mutant.after) for f in findings if f.survived]
    assert tally.wrong > 140
    assert tally.survived <= tally.may_survive, accepted
