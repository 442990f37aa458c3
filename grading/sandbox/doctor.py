"""A probe of the sandbox: tries from inside what a submission must not be able to do."""

import json
import platform
import socket
import sys
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cs231n_utils.system.processors import n_processors

from ..errors import Refused
from .inside.confine import AUDIT_ARCHITECTURES
from .inside.probes import PROBES, unfiltered_calls
from .outside import Sandbox
from .places import INSIDE, PROJECT

PROBE_SECONDS = 30.0
SYSTEM_PREFIXES = ("/usr", "/usr/local")
NOTHING_WORKED, A_HOLE, NO_SANDBOX = 0, 1, 2


def examine(console: Console | None = None) -> int:
    """Print what each probe came to; the exit code is 0 if nothing worked."""
    console = console or Console()
    try:
        with console.status("trying to get out of the sandbox"), Sandbox() as sandbox:
            sandbox.start()
            found = _run(sandbox)
    except Refused as error:
        console.print(f"[bold red]No sandbox:[/] {escape(str(error))}.", soft_wrap=True)
        return NO_SANDBOX
    table = Table(title="What a submission must not be able to do")
    for heading in ("it tries to", "it", "what it saw"):
        table.add_column(heading)
    for probe in PROBES:
        worked, seen = found.get(probe.__doc__, (True, "no answer"))
        verdict = "[bold red]CAN" if worked else "[green]cannot"
        table.add_row(probe.__doc__, verdict, escape(seen))
    console.print(table)
    way = "forked from a warm process" if sandbox.warm else "each in a bubblewrap of its own"
    console.print(f"Submissions are {way}; {n_processors()} at a time by default.")
    if found.get(unfiltered_calls.__doc__, (False,))[0]:
        console.print(f"[bold red]No filter of system calls is in force:[/] {_no_filter()}.")
    tight = len(found) == len(PROBES) and not any(worked for worked, _ in found.values())
    return NOTHING_WORKED if tight else A_HOLE


def _no_filter() -> str:
    machine = platform.machine()
    if machine in AUDIT_ARCHITECTURES:
        return "this kernel has no seccomp (CONFIG_SECCOMP_FILTER), or something forbids its use"
    return (
        f"the numbers of the calls are known for {' and '.join(AUDIT_ARCHITECTURES)}, this is "
        f"{machine}"
    )


def _run(sandbox: Sandbox) -> dict[str, tuple[bool, str]]:
    """Run all probes as a submission would be run, and collect what they found."""
    folders = {
        "exercises": str(PROJECT / "grading" / "exercises"),
        "home": str(Path.home()),
        "project": str(PROJECT),
        # One of its own, that is: the system's packages lie in the system, which is shown.
        "environment": "" if sys.prefix in SYSTEM_PREFIXES else sys.prefix,
    }
    source = (INSIDE / "probes.py").read_text(encoding="utf-8")
    source += f"\nimport json\n\nFOLDERS.update({folders!r})\nprint(json.dumps(try_all()))\n"
    control, its_control = socket.socketpair()
    channel, its_channel = socket.socketpair()
    with (
        control,
        channel,
        its_control,
        its_channel,
        sandbox.submission(its_control, its_channel, hidden=[]),
    ):
        its_control.close()
        work = {"cells": [[0, source, "this cell"]], "embargo": {}}
        control.sendall((json.dumps(work) + "\n").encode())
        control.settimeout(PROBE_SECONDS)
        try:
            messages = [json.loads(line) for line in control.makefile("r", encoding="utf-8")]
        except OSError:
            return {}
    outputs = messages[-1].get("outputs", []) if messages else []
    text = "".join(output["text"] for output in outputs if "text" in output)
    return json.loads(text) if text.startswith("{") else {}
