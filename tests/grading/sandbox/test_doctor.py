"""``python -m grading doctor``: what it tries, and what it says when something works."""

import io
import shutil

import pytest
from rich.console import Console

from grading.sandbox import doctor
from grading.sandbox.inside.probes import PROBES, unfiltered_calls

pytestmark = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")


def test_doctor_finds_that_nothing_works():
    said = Console(file=io.StringIO(), width=200)
    assert doctor.examine(said) == doctor.NOTHING_WORKED
    shown = said.file.getvalue()
    assert shown.count("cannot") == len(PROBES) and "No filter" not in shown


@pytest.mark.parametrize(
    ("machine", "reason"), [("x86_64", "kernel has no seccomp"), ("riscv64", "this is riscv64")]
)
def test_doctor_reports_that_no_calls_are_refused(machine, reason, monkeypatch):
    found = {probe.__doc__: (probe is unfiltered_calls, "") for probe in PROBES}
    monkeypatch.setattr(doctor, "_run", lambda sandbox: found)
    monkeypatch.setattr(doctor.platform, "machine", lambda: machine)
    said = Console(file=io.StringIO(), width=200)
    assert doctor.examine(said) == doctor.A_HOLE
    assert "No filter of system calls is in force" in said.file.getvalue()
    assert reason in said.file.getvalue()
