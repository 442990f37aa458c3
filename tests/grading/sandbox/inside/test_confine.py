"""The filter of system calls, against the numbers that the kernel publishes."""

import errno
import re
import signal
from pathlib import Path

import pytest

from grading.sandbox.inside.confine import REFUSED_CALLS, SET_HANDLER_CALLS, call_filter

INCLUDE = Path("/usr/include")
HEADERS = {
    "x86_64": INCLUDE / "x86_64-linux-gnu" / "asm" / "unistd_64.h",
    "aarch64": INCLUDE / "asm-generic" / "unistd.h",
}
"""The numbers as the kernel publishes them; aarch64 has the generic ones."""
ARCHITECTURES = {"x86_64": 62 | 0xC0000000, "aarch64": 183 | 0xC0000000, "i386": 3 | 0x40000000}
"""<linux/audit.h>: the number of the ELF machine, 64 bits, little-endian."""
READ = {"x86_64": 0, "aarch64": 63}
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM


def answer(program, architecture, call, first=0, second=0):
    """What the kernel would make of a filter, by the rules of classic BPF."""
    loaded, at = None, 0
    while True:
        code, if_true, if_false, operand = program[at]
        at += 1
        if code == 0x20:
            words = {0: call, 4: architecture, 16: first, 24: second & 0xFFFFFFFF, 28: second >> 32}
            loaded = words[operand]
        elif code in (0x15, 0x35):
            at += (
                if_true if (loaded == operand if code == 0x15 else loaded >= operand) else if_false
            )
        else:
            assert code == 0x06
            return operand


@pytest.mark.parametrize("machine", HEADERS)
def test_numbers_of_refused_calls_are_the_kernels(machine):
    if not HEADERS[machine].exists():
        pytest.skip(f"{HEADERS[machine]} is not installed (linux-libc-dev)")
    text = HEADERS[machine].read_text(encoding="utf-8")
    known = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text))
    column = list(HEADERS).index(machine)
    for name, numbers in {**REFUSED_CALLS, "rt_sigaction": SET_HANDLER_CALLS}.items():
        assert numbers[column] == int(known[name]), name


@pytest.mark.parametrize("machine", HEADERS)
def test_filter_refuses_these_calls_and_no_other(machine):
    program = call_filter(machine)
    column = list(HEADERS).index(machine)
    refused = {numbers[column] for numbers in REFUSED_CALLS.values()}
    assert READ[machine] not in refused
    for call in range(600):
        wanted = REFUSE if call in refused else ALLOW
        assert answer(program, ARCHITECTURES[machine], call) == wanted, call
    assert answer(program, ARCHITECTURES[machine], 0x40000000 + READ[machine]) == REFUSE
    for other in set(ARCHITECTURES) - {machine}:
        assert answer(program, ARCHITECTURES[other], READ[machine]) == REFUSE


@pytest.mark.parametrize(("column", "machine"), list(enumerate(HEADERS)))
def test_filter_lets_nobody_ignore_the_end_of_children(column, machine):
    def asked(number, handler):
        call = SET_HANDLER_CALLS[column]
        return answer(call_filter(machine), ARCHITECTURES[machine], call, number, handler)

    for handler in (0x7FFC00001000, 0x100000000, 1):
        assert asked(signal.SIGCHLD, handler) == REFUSE
        assert asked(signal.SIGINT, handler) == ALLOW
    assert asked(signal.SIGCHLD, 0) == ALLOW
