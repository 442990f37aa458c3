"""The probe finds the mutants that cases accept, and outlives those that run wild."""

import json
import os
import resource
import signal
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from cs231n_utils.system.processes import worker_processes
from grading.command_line import app
from grading.exercises import EXERCISES
from grading.exercises.describe import Case, Exercise
from grading.judge import probe
from grading.judge.mutants import Mutant, Reference
from grading.judge.probe import EXAMINATIONS, Finding, Tally, examine, unused_reasons

SAMPLE = 25
"""``make test`` examines one mutant of so many, ``python -m grading probe`` all of them."""


def running_gains(x, scale):
    gains = x[x > 0]
    return scale * np.cumsum(gains, axis=0)


EQUAL = "gains = x[x >= 0]"
LAST_AXIS = "return scale * np.cumsum(gains, axis=-1)"
NO_AXIS = "return scale * np.cumsum(gains)"
WRONG = "gains = x[x < 0]"
RAISES = "return scale * np.cumsum(gains, axis=1)"


@pytest.fixture
def exercise(monkeypatch):
    """An exercise that accepts three mutants: there is one axis, and no case has a 0."""
    exercise = Exercise("running_gains", assignment="test", parts={"value": 1})
    exercise.solved_by(running_gains)
    exercise.examined_by(lambda rng: [Case("value", [(rng.standard_normal(9), 3.0)])])
    monkeypatch.setitem(EXERCISES, exercise.id, exercise)
    return exercise


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


def mutant_with(body):
    """A mutant that does something else altogether."""
    source = f"import itertools\ndef running_gains(x, scale):\n    {body}"
    return Mutant(("test",), 1, "", "", source, ())


@pytest.mark.parametrize(
    ("after", "passed", "fails_at_once"),
    [
        (WRONG, 0, False),
        (RAISES, 0, True),
        (EQUAL, EXAMINATIONS, False),
        (LAST_AXIS, EXAMINATIONS, False),
        (NO_AXIS, EXAMINATIONS, False),
    ],
)
def test_mutant_is_rejected_or_fails_at_once_or_is_accepted(exercise, after, passed, fails_at_once):
    finding = examine(exercise, mutant_of(exercise, after))
    assert (finding.passed, finding.fails_at_once) == (passed, fails_at_once)
    assert finding.survived == bool(passed)


@pytest.mark.parametrize(
    ("statement", "covers"),
    [
        (LAST_AXIS, True),
        ("return scale * np.cumsum(gains, ...)", True),
        ("...cumsum...-1)", True),
        ("return scale * np.cumsum(gains", False),
        ("return scale * np.cumsum(gains, ...1", False),
        ("return scale . np.cumsum(gains, axis=-1)", False),
    ],
)
def test_reason_covers_a_statement_in_which_three_dots_stand_for_anything(
    exercise, statement, covers
):
    exercise.as_right("There is one axis.", statement)
    finding = examine(exercise, mutant_of(exercise, LAST_AXIS))
    assert finding.equivalent == ("There is one axis." if covers else "")
    assert finding.survived != covers
    assert unused_reasons(exercise, [finding]) == ([] if covers else [statement])


def test_reason_covers_nothing_that_luck_accepts(exercise):
    exercise.as_right("Any.", "...")
    wrong = examine(exercise, mutant_of(exercise, WRONG))
    assert not wrong.equivalent
    lucky = Finding(exercise.id, wrong.mutant, 2, False)
    assert lucky.survived and unused_reasons(exercise, [wrong, lucky]) == ["..."]


def test_tally_leaves_out_what_fails_at_once_or_is_as_right():
    mutant = mutant_with("pass")
    findings = [Finding("e", mutant, 0, False)] * 97
    findings += [Finding("e", mutant, 0, True), Finding("e", mutant, EXAMINATIONS, False, "why")]
    findings += [Finding("e", mutant, passed, False) for passed in (1, 2, EXAMINATIONS)]
    tally = Tally.of(findings)
    assert (tally.mutants, tally.failed_at_once, tally.equivalent) == (102, 1, 1)
    assert (tally.wrong, tally.survived, tally.may_survive) == (100, 3, 2)
    assert tally.rejected == 0.97
    assert Tally.of([]).rejected == 1


@pytest.mark.parametrize(
    "body", ["while True: pass", "return [0 for _ in itertools.count() if scale is None]"]
)
def test_mutant_that_loops_for_ever_is_rejected_and_no_alarm_is_left(exercise, body, monkeypatch):
    monkeypatch.setattr(probe, "SECONDS", 0.05)
    monkeypatch.setattr(probe, "AGAIN", 0.02)
    before = signal.getsignal(signal.SIGPROF)
    finding = examine(exercise, mutant_with(body))
    assert (finding.passed, finding.fails_at_once) == (0, False)
    assert signal.getsignal(signal.SIGPROF) == before
    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0


@pytest.mark.parametrize(
    "body",
    [
        "return bytes(1 << 62)",
        "return [bytes(1 << 24) for _ in itertools.count()]",
    ],
)
def test_mutant_that_takes_all_memory_is_rejected_and_the_limit_goes(exercise, body, monkeypatch):
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    monkeypatch.setattr(probe, "BYTES", taken + (1 << 27))
    before = resource.getrlimit(resource.RLIMIT_AS)
    assert examine(exercise, mutant_with(body)).passed == 0
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_killed_worker_ends_in_one_sentence(monkeypatch):
    @contextmanager
    def killed(n_workers):
        with worker_processes(1) as pool:
            pool.submit(os._exit, 1)
            yield pool

    monkeypatch.setattr(probe, "worker_processes", killed)
    told = run("linear_scores")
    assert told.exit_code == 1
    (sentence,) = told.stderr.splitlines()
    assert "was killed" in sentence and sentence.endswith("name fewer exercises.")


@pytest.mark.usefixtures("at_once")
def test_command_shows_below_a_statement_what_is_accepted_instead(exercise):
    told = run(exercise.id)
    assert told.exit_code == 1
    lines = [line.rstrip() for line in told.stdout.splitlines()]
    line = running_gains.__code__.co_firstlineno
    assert lines[:6] == [
        "tests/grading/judge/test_probe.py",
        f"  line {line + 1:<17}gains = x[x > 0]",
        f"    comparison          {EQUAL}",
        f"  line {line + 2:<17}return scale * np.cumsum(gains, axis=0)",
        f"    dropped argument    {NO_AXIS}",
        f"    number              {LAST_AXIS}",
    ]
    assert "3 of 12 wrong mutants were accepted, expected at most 0 (2 %): " in lines[-1]


@pytest.mark.usefixtures("at_once")
def test_command_is_content_once_each_has_a_reason_and_each_reason_a_mutant(exercise):
    exercise.as_right("There is one axis.", NO_AXIS, LAST_AXIS)
    exercise.as_right("No entry is 0.", EQUAL)
    assert run(exercise.id).exit_code == 0
    exercise.as_right("Nothing.", WRONG)
    told = run(exercise.id)
    assert told.exit_code == 1
    assert f"{WRONG!r} of {exercise.id}: take it out" in told.stdout


@pytest.mark.usefixtures("at_once")
def test_json_has_one_object_per_exercise(exercise):
    exercise.as_right("There is one axis.", NO_AXIS, LAST_AXIS, WRONG)
    told = run(exercise.id, "linear_scores", "--json")
    assert told.exit_code == 1 and told.stderr == ""
    first, second = map(json.loads, told.stdout.splitlines())
    assert first == {
        "exercise": exercise.id,
        "mutants": 13,
        "failed_at_once": 1,
        "equivalent": 2,
        "survived": 1,
        "rejected": pytest.approx(9 / 10),
        "accepted": [
            {
                "line": running_gains.__code__.co_firstlineno + 1,
                "kind": "comparison",
                "before": "gains = x[x > 0]",
                "after": EQUAL,
                "passed": EXAMINATIONS,
            }
        ],
        "unused_reasons": [WRONG],
    }
    assert (second["exercise"], second["accepted"]) == ("linear_scores", [])


@pytest.mark.usefixtures("at_once")
def test_several_exercises_have_a_row_each_and_one_for_all(exercise):
    told = run("linear_scores", exercise.id, "linear_scores")
    rows = [line.split() for line in told.stdout.splitlines() if line.endswith(" %")]
    assert [row[0] for row in rows] == ["linear_scores", exercise.id, "all"]
    one, other, both = (np.array(row[1:5], dtype=int) for row in rows)
    assert (one + other == both).all()


def test_sample_of_mutants_of_all_exercises_is_rejected():
    findings = [
        examine(exercise, mutant, 1)
        for exercise in EXERCISES.values()
        for mutant in Reference(exercise).mutants(every=SAMPLE)
    ]
    tally = Tally.of(findings)
    assert tally.wrong > 100
    accepted = [(f.exercise, f.mutant.line, f.mutant.after) for f in findings if f.survived]
    assert tally.survived <= tally.may_survive, accepted
