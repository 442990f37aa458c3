"""How long a person waits: to begin, for a first check, for a command, for a notebook.

    python benchmarks/waits.py [--quick] [--keep] [FOLDER]

FOLDER is a clone of the course, by default this one. What is committed there is cloned into an
empty folder and set up as a newcomer does, and measured there: packages come from the installer's
cache, CIFAR-10 from CS231N_DATASETS. The table shows beside it what `waits.json` keeps: the same,
measured by the same script at an older commit, which ``--keep`` writes. ``--quick`` leaves out the
notebooks, whose processor time is measured, with the answers filled in. Some minutes for the rest.
"""

import argparse
import json
import os
import platform
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

HERE = Path(__file__).parent
KEPT = HERE / "waits.json"
REPEATS = 5
PATIENCE = 120.0

TARGETS = {
    "first make learn, until all is installed": "45 s",
    "second make learn, until the page answers": "4 s",
    "import cs231n_utils and the first check of a kernel": "0.4 s",
    "python -m grading status": "1 s",
    "python -m grading --help": "1 s",
    "an epoch of minibatches / the bare products, one BLAS thread": "1.25",
    **{f"notebook 0{number}, processor time": "45 s" for number in range(8)},
    "notebook 08, processor time": "75 s",
    "notebook 09, processor time": "120 s",
    "all notebooks, two at once: most of make docs": "480 s",
}

FIRST_CHECK = """
import time
start = time.perf_counter()
from cs231n_utils import check
import numpy as np
def accuracy(scores, y):
    return float(np.mean(np.argmax(scores, axis=1) == y))
verdict = check(accuracy)
print("\\ntook", time.perf_counter() - start)
"""

IN_A_KERNEL = """
import sys
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="python3")
try:
    client.execute_interactive(sys.argv[1], timeout=120)
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
"""

NOTEBOOK = """
import resource, sys
import nbformat
from nbclient import NotebookClient
from grading.handout.answers import fill_answers
from grading.handout.release import read_source
notebook = fill_answers(read_source(sys.argv[1]))
NotebookClient(notebook, timeout=1800, kernel_name="python3", store_widget_state=False).execute()
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print("took", used.ru_utime + used.ru_stime)
"""


def main() -> None:
    """Print the table; with ``--keep``, write the figures down."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="leave out the notebooks")
    parser.add_argument("--keep", action="store_true", help=f"write the figures to {KEPT.name}")
    parser.add_argument("folder", nargs="?", default=HERE.parent, type=Path)
    arguments = parser.parse_args()
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {"commit": "none", "seconds": {}}
    now: dict[str, float] = {}
    print(f"before: {kept['commit']}\n\n| wait | before | now | target |\n|---|---|---|---|")
    with TemporaryDirectory() as place:
        clone = Path(place) / "course"
        subprocess.run(["git", "clone", "--quiet", arguments.folder, clone], check=True)
        for wait, seconds in measured(clone, quick=arguments.quick):
            now[wait] = round(seconds, 2)
            before = kept["seconds"].get(wait, "")
            print(f"| {wait} | {before} | {now[wait]} | {TARGETS[wait]} |", flush=True)
        if arguments.keep:
            commit = _output(["git", "log", "-1", "--format=%h, %cs"], clone).strip()
            machine = f"{platform.machine()}, {os.cpu_count()} processors"
            about = {"commit": commit, "machine": machine, "measured": str(date.today())}
            KEPT.write_text(json.dumps({**about, "seconds": now}, indent=1) + "\n")


def measured(clone: Path, *, quick: bool) -> Iterator[tuple[str, float]]:
    """Each wait in a fresh clone, in seconds or as a ratio."""
    waits = iter(TARGETS)
    makefile = (clone / "Makefile").read_text()
    has_parts = ".venv/learning" in makefile
    yield next(waits), _seconds(["make", ".venv/learning" if has_parts else "setup"], clone)
    _until_the_page_answers(clone)
    yield next(waits), _until_the_page_answers(clone)
    python = str(clone / ".venv" / "bin" / "python")
    checks = [_took([python, "-c", IN_A_KERNEL, FIRST_CHECK], clone) for _ in range(REPEATS)]
    yield next(waits), statistics.median(checks)
    if has_parts:
        _seconds(["make", ".venv/grading"], clone)
    for command in ("status", "--help"):
        run = [python, "-m", "grading", command]
        yield next(waits), statistics.median(_seconds(run, clone) for _ in range(REPEATS))
    # It exits with 1 where the ratio is out of its band, which is shown here all the same.
    stream = [python, "benchmarks/minibatches.py", "--no-accuracy"]
    one_thread = {**_environment(clone), "OPENBLAS_NUM_THREADS": "1"}
    told = subprocess.run(stream, cwd=clone, env=one_thread, stdout=subprocess.PIPE, text=True)
    ratio = re.search(r"minibatches \+ products.* ([\d.]+) x bare", told.stdout)[1]
    yield next(waits), float(ratio)
    if quick:
        return
    walls = []
    for folder in sorted((clone / "notebooks").glob("0*/")):
        start = time.perf_counter()
        yield next(waits), _took([python, "-c", NOTEBOOK, folder.name], clone)
        walls.append(time.perf_counter() - start)
    yield next(waits), sum(walls) / 2


def _until_the_page_answers(clone: Path) -> float:
    """From ``make learn`` to the first page of JupyterLab."""
    start = time.perf_counter()
    server = subprocess.Popen(
        ["make", "learn", "HEADLESS=1"],
        cwd=clone,
        env=_environment(clone),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        for line in server.stdout:
            if found := re.search(r"http://(?:localhost|127\.0\.0\.1):\S+", line):
                _wait_for(found[0])
                return time.perf_counter() - start
        raise RuntimeError("make learn printed no address")
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.communicate()


def _wait_for(address: str) -> None:
    """Ask until the server listens: it prints its address a moment before."""
    end = time.perf_counter() + PATIENCE
    while True:
        try:
            return requests.get(address, timeout=PATIENCE).raise_for_status()
        except requests.ConnectionError:
            if time.perf_counter() > end:
                raise
            time.sleep(0.02)


def _seconds(command: list[str], clone: Path) -> float:
    start = time.perf_counter()
    _output(command, clone)
    return time.perf_counter() - start


def _took(command: list[str], clone: Path) -> float:
    return float(re.findall(r"^took ([\d.]+)", _output(command, clone), re.MULTILINE)[-1])


def _output(command: list[str], clone: Path) -> str:
    done = subprocess.run(
        command, cwd=clone, env=_environment(clone), stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)[:80]} failed with exit code {done.returncode}.")
    return done.stdout


def _environment(clone: Path) -> dict[str, str]:
    """As a newcomer's, where Python keeps what it has compiled."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "CS231N_PROGRESS": str(clone.parent / "progress.json")}


if __name__ == "__main__":
    main()
