"""A gradebook that cannot be opened, and one in PostgreSQL with its one writer."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from grading import commands
from grading.classroom.course import Course
from grading.gradebook.database import COURSE_ID, shown_url
from grading.gradebook.record import Recorder
from tests.support.small_class import (
    ASSIGNMENT,
    TOTAL,
    free_port,
    gradebook_scores,
    hand_in,
    options,
    run,
)

pytestmark = pytest.mark.usefixtures("graders")


def test_gradebook_that_cannot_be_opened_is_refused_without_its_password(tmp_path, capsys, solved):
    hand_in(tmp_path / "in", "ada", solved)
    url = "postgresql+psycopg://teacher:secret@127.0.0.1:1/gradebook"
    code = commands.autograde(Course(tmp_path / "c", url), tmp_path / "in", options())
    said = capsys.readouterr().err
    assert code == commands.REFUSED
    assert "cannot be opened" in said and "secret" not in said


@pytest.fixture
def postgres(tmp_path):
    """A PostgreSQL server of our own, as an unprivileged user; its URL."""
    found = shutil.which("initdb") or next(
        iter(sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))), None
    )
    if found is None:
        pytest.skip("PostgreSQL is not installed")
    programs, data = Path(os.path.realpath(found)).parent, tmp_path / "postgres"
    data.mkdir()
    user = {}
    if os.getuid() == 0:
        user = {"user": 65534, "group": 65534, "extra_groups": []}
        os.chown(data, 65534, 65534)
        for parent in tmp_path.parents:
            if parent.owner() == "root" and parent != Path("/"):
                parent.chmod(parent.stat().st_mode | 0o011)
        tmp_path.chmod(0o755)
    port = free_port()

    def control(program, *arguments):
        subprocess.run(
            [programs / program, *arguments],
            cwd=data,
            check=True,
            stdout=subprocess.DEVNULL,
            **user,
        )

    cluster = data / "cluster"
    control("initdb", "-D", cluster, "-U", "teacher", "-A", "trust")
    # Without a socket in a folder, whose path may be longer than a socket's can be.
    settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
    control("pg_ctl", "-D", cluster, "-w", "-l", data / "log", "-o", settings, "start")
    try:
        yield f"postgresql+psycopg://teacher@127.0.0.1:{port}/postgres"
    finally:
        control("pg_ctl", "-D", cluster, "-m", "immediate", "stop")


def test_postgresql_gradebook_and_its_one_writer(tmp_path, postgres, capsys, solved):
    hand_in(tmp_path / "in", "ada", solved)
    course = Course(tmp_path / "course", postgres)
    code, lines = run(course, tmp_path / "in", capsys)
    assert code == commands.OK and lines["ada"]["score"] == TOTAL
    assert gradebook_scores(course) == {"ada": TOTAL}
    elsewhere = Course(tmp_path / "elsewhere", postgres)
    writer = Recorder(postgres, COURSE_ID, ASSIGNMENT)
    assert commands.autograde(elsewhere, tmp_path / "in", options()) == commands.REFUSED
    assert "another grader writes in this gradebook" in capsys.readouterr().err
    writer.close()
    code, _ = run(course, tmp_path / "in", capsys)
    assert code == commands.OK


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:////tmp/gradebook.db", "sqlite:////tmp/gradebook.db"),
        ("postgresql://ann:secret@host/x", "postgresql://ann:***@host/x"),
        ("nonsense", "whose URL cannot be read"),
    ],
)
def test_url_is_shown_without_its_password(url, shown):
    assert shown_url(url) == shown
