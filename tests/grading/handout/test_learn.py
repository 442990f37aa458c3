"""``python -m grading learn``: what it lays out, what it says, and that all of it ends with it."""

import sys
from contextlib import contextmanager
from signal import SIGHUP, SIGINT, SIGKILL, SIGTERM

import pytest
import requests
from jupyter_client import BlockingKernelClient
from typer.testing import CliRunner

from cs231n_utils.cifar10.batches import IMAGES_PER_BATCH
from grading.command_line import app
from grading.handout.learn import lay_out
from grading.handout.release import GLOSSARY, PROJECT, assignments
from tests.support.browser import environment_at, wait_for_address
from tests.support.cifar10_files import write_folder
from tests.support.leftovers import PATIENCE, family_with, left, started

ASK_AN_ORACLE = "from cs231n_utils import hint\nhint('softmax')"


def test_damaged_data_is_one_sentence_and_no_server(tmp_path):
    data = tmp_path / "cifar-10-batches-py"
    data.mkdir()
    told = CliRunner().invoke(
        app, ["learn", str(tmp_path / "work")], env={"CS231N_DATASETS": str(data)}
    )
    assert told.exit_code == 1
    assert told.stderr.splitlines()[-1].startswith("Error: ")
    assert str(data) in told.stderr and "Traceback" not in told.stderr


def test_work_is_laid_out_once_and_then_left_alone(tmp_path):
    lay_out(tmp_path)
    notebooks = [tmp_path / name / f"{name}.ipynb" for name in assignments()]
    assert all("NotImplementedError" in path.read_text(encoding="utf-8") for path in notebooks)
    notebooks[1].write_text("my work")
    notebooks[2].unlink()
    lay_out(tmp_path)
    assert notebooks[1].read_text() == "my work"
    assert notebooks[2].exists()
    assert (tmp_path / GLOSSARY.name).read_bytes() == GLOSSARY.read_bytes()


@contextmanager
def kernel_client(home, kernel):
    """A client of one kernel of a server that runs at this home."""
    folder = home / ".local" / "share" / "jupyter" / "runtime"
    client = BlockingKernelClient(connection_file=str(folder / f"kernel-{kernel}.json"))
    client.load_connection_file()
    client.start_channels(hb=False)  # which takes a slow start for the end
    try:
        client.wait_for_ready(timeout=PATIENCE)
        yield client
    finally:
        client.stop_channels()


@pytest.fixture
def learning(tmp_path):
    """``make learn HEADLESS=1`` with a kernel that has asked an oracle; all that was started."""
    home = tmp_path / "home"
    data = write_folder(tmp_path, n_images=IMAGES_PER_BATCH)
    command = [sys.executable, "-m", "grading", "learn", str(tmp_path / "work"), "--headless"]
    variables = environment_at(home, CS231N_DATASETS=str(data))
    with started(command, cwd=PROJECT, env=variables) as process:
        url, token = wait_for_address(process, home)
        start = requests.post(f"{url}api/kernels", params={"token": token}, timeout=PATIENCE)
        with kernel_client(home, start.json()["id"]) as client:
            client.execute_interactive(ASK_AN_ORACLE, timeout=PATIENCE)
        yield process, family_with(process.pid, "grading learn", "ipykernel", "grading oracle")


@pytest.mark.slow
@pytest.mark.parametrize("signal", [SIGINT, SIGTERM, SIGHUP, SIGKILL])
def test_signal_to_the_command_alone_ends_server_kernel_and_oracle(learning, signal):
    process, members = learning
    process.send_signal(signal)
    process.wait(PATIENCE)
    assert left(members) == []
