"""A class from hand-in to gradebook: what is found, kept, recorded, and what survives a fault."""

import errno
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from nbgrader.api import Gradebook
from sqlalchemy.exc import OperationalError

from cs231n_utils.system import files
from grading import commands
from grading.classroom.course import Course
from grading.classroom.submissions import _time_stamp, find_submissions
from grading.commands import Options
from grading.exercises import EXERCISES
from grading.gradebook.database import COURSE_ID
from grading.gradebook.record import Recorder
from grading.handout.answers import fill_answers
from grading.handout.release import PROJECT, read_source, student_version

ASSIGNMENT = "00-start-here"
TOTAL = sum(e.points for e in EXERCISES.values() if e.assignment == ASSIGNMENT)
CONFINED = shutil.which("bwrap") is not None
SLEEPER = "import time\ntime.sleep(4)\ndef accuracy(scores, y):\n    return 1.0\n"


@pytest.fixture(scope="module")
def solved():
    return nbformat.writes(fill_answers(read_source(ASSIGNMENT)))


@pytest.fixture(scope="module")
def released():
    return nbformat.writes(student_version(read_source(ASSIGNMENT)))


def hand_in(folder, student, text, name=f"{ASSIGNMENT}.ipynb"):
    place = folder / student
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_text(text, encoding="utf-8")
    return place / name


def sleeping(solved):
    """A submission that takes four seconds."""
    notebook = nbformat.reads(solved, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "accuracy-answer":
            cell.source = SLEEPER
    return nbformat.writes(notebook)


def options(**others):
    return Options(assignment=ASSIGNMENT, jobs=2, confined=CONFINED, as_json=True, **others)


def run(course, submissions, capsys, **others):
    """Grade in this process; the exit code and the JSON objects by student."""
    code = commands.autograde(course, submissions, options(**others))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return code, {line["student"]: line for line in lines}


def command(course, submissions, *others):
    """The command line that grades, for a process of its own."""
    arguments = ["--submissions", str(submissions), "--out", str(course.root), "--json"]
    if not CONFINED:
        arguments.append("--no-sandbox")
    return [sys.executable, "-m", "grading", "autograde", ASSIGNMENT, *arguments, *others]


def gradebook_scores(course):
    with Gradebook(course.db_url, COURSE_ID) as gradebook:
        return {
            submission.student.id: sum(
                grade.auto_score or 0.0
                for notebook in submission.notebooks
                for grade in notebook.grades
            )
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
        }


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path / "course")


def test_class_is_graded_recorded_and_told_as_json(tmp_path, course, capsys, solved, released):
    folder = tmp_path / "handed-in"
    hand_in(folder, "ada", solved)
    hand_in(folder / "bo", ASSIGNMENT, solved)
    hand_in(folder, "cy", released)
    code, lines = run(course, folder, capsys)
    assert code == commands.OK
    assert {name: line["score"] for name, line in lines.items()} == gradebook_scores(course)
    assert [lines[name]["score"] for name in ("ada", "bo", "cy")] == [TOTAL, TOTAL, 0.0]
    assert tuple(lines["ada"]) == commands.JSON_FIELDS
    assert sum(lines["ada"]["exercises"].values()) == lines["ada"]["max_score"] == TOTAL
    graded = nbformat.read(course.autograded(ASSIGNMENT, "ada"), as_version=4)
    nbformat.validate(graded)


def test_what_cannot_be_graded_is_reported_and_the_rest_is_graded(tmp_path, course, capsys, solved):
    folder = tmp_path / "handed-in"
    hand_in(folder, "right", solved)
    hand_in(folder, "renamed", solved, "my-answers (1).ipynb")
    hand_in(folder, "torn", solved[:2000])
    for name in ("one.ipynb", "two.ipynb"):
        hand_in(folder, "several", solved, name)
    (folder / "empty").mkdir()
    (folder / "linked").mkdir()
    (folder / "linked" / f"{ASSIGNMENT}.ipynb").symlink_to("/etc/passwd")
    (folder / "folder" / f"{ASSIGNMENT}.ipynb").mkdir(parents=True)
    hand_in(folder, "other", solved, "01-loss-functions.ipynb")
    (folder / "stray.txt").write_text("not a student")
    code, lines = run(course, folder, capsys)
    assert code == commands.SOME_UNGRADABLE
    assert {name for name, line in lines.items() if line["status"] == "graded"} == {
        "right",
        "renamed",
    }
    said = {
        "torn": "is not a notebook",
        "several": "found one.ipynb, two.ipynb",
        "empty": "found none",
        "linked": "symbolic link",
        "folder": "is not a file",
    }
    for student, reason in said.items():
        assert reason in lines[student]["reason"]
    assert set(lines) == {"right", "renamed", *said}
    assert gradebook_scores(course)["torn"] == 0.0


def test_only_the_students_named_are_graded_and_a_stranger_is_refused(
    tmp_path, course, capsys, solved
):
    for student in ("ada", "bo"):
        hand_in(tmp_path / "in", student, solved)
    _, lines = run(course, tmp_path / "in", capsys, students=("bo",))
    assert set(lines) == {"bo"}
    code, lines = run(course, tmp_path / "in", capsys, students=("nobody",))
    assert code == commands.REFUSED and not lines


def test_resume_grades_what_is_new_or_changed_only(tmp_path, course, capsys, solved, released):
    folder = tmp_path / "in"
    for student in ("ada", "bo", "cy"):
        hand_in(folder, student, solved)
    run(course, folder, capsys, students=("ada", "bo"))
    hand_in(folder, "bo", released)
    code, lines = run(course, folder, capsys, resume=True)
    assert code == commands.OK and set(lines) == {"bo", "cy"}
    assert gradebook_scores(course) == {"ada": TOTAL, "bo": 0.0, "cy": TOTAL}


def test_marks_and_comments_given_by_hand_survive_regrading(tmp_path, course, capsys, solved):
    hand_in(tmp_path / "in", "ada", solved)
    run(course, tmp_path / "in", capsys)
    with Gradebook(course.db_url, COURSE_ID) as gradebook:
        grade = gradebook.find_grade("accuracy", ASSIGNMENT, ASSIGNMENT, "ada")
        grade.manual_score = 0.5
        comment = gradebook.find_comment("accuracy-answer", ASSIGNMENT, ASSIGNMENT, "ada")
        comment.manual_comment = "see me"
        gradebook.db.commit()
    run(course, tmp_path / "in", capsys)
    with Gradebook(course.db_url, COURSE_ID) as gradebook:
        grade = gradebook.find_grade("accuracy", ASSIGNMENT, ASSIGNMENT, "ada")
        assert (grade.manual_score, grade.score) == (0.5, 0.5)
        comment = gradebook.find_comment("accuracy-answer", ASSIGNMENT, ASSIGNMENT, "ada")
        assert comment.comment == "see me"


def test_second_grader_of_a_course_is_refused(tmp_path, course, capsys, solved):
    hand_in(tmp_path / "in", "ada", solved)
    with course.locked():
        code = commands.autograde(Course(course.root), tmp_path / "in", options())
    assert code == commands.REFUSED
    assert f"another grader (process {os.getpid()})" in capsys.readouterr().err


def test_unknown_assignment_and_missing_folder_are_refused(tmp_path, course, capsys):
    (tmp_path / "in").mkdir()
    assert commands.autograde(course, tmp_path / "nowhere", options()) == commands.REFUSED
    assert commands.autograde(course, tmp_path / "in", options()) == commands.REFUSED
    unknown = Options(assignment="99-nothing", confined=CONFINED)
    assert commands.autograde(course, tmp_path / "in", unknown) == commands.REFUSED
    assert "expected one of 00-start-here" in capsys.readouterr().out.replace("\n", " ")


def test_killed_grader_loses_and_doubles_nothing(tmp_path, course, solved):
    folder = tmp_path / "in"
    students = [f"s{i}" for i in range(8)]
    for student in students:
        hand_in(folder, student, solved)
    grader = subprocess.Popen(
        command(course, folder, "--jobs", "1"), cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    first = [json.loads(grader.stdout.readline()) for _ in range(3)]
    grader.send_signal(signal.SIGKILL)
    grader.wait()
    done = subprocess.run(
        command(course, folder, "--resume"), cwd=PROJECT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    rest = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rest) < len(students)
    assert {line["student"] for line in first + rest} == set(students)
    assert gradebook_scores(course) == dict.fromkeys(students, TOTAL)
    assert len(course.results(ASSIGNMENT)) == len(students)


def runs(process, program):
    """Whether a process was started with this program; one that has just ended was not."""
    try:
        return program in " ".join(process.cmdline())
    except psutil.Error:
        return False


def workers_of(process):
    """The worker processes: those that a sandbox hangs on."""
    return [
        one.pid
        for one in psutil.Process(process).children(recursive=True)
        if runs(one, "forkserver")
        and any(runs(child, "server.py") for child in one.children(recursive=True))
    ]


def test_killed_worker_has_its_submission_graded_by_another(tmp_path, course, solved):
    hand_in(tmp_path / "in", "slow", sleeping(solved))
    hand_in(tmp_path / "in", "quick", solved)
    grader = subprocess.Popen(
        command(course, tmp_path / "in", "--jobs", "1"),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert json.loads(grader.stdout.readline())["student"] == "quick"
    deadline = time.monotonic() + 30
    while not (workers := workers_of(grader.pid)) and time.monotonic() < deadline:
        time.sleep(0.1)
    os.kill(workers[-1], signal.SIGKILL)
    out, _ = grader.communicate(timeout=120)
    (line,) = [json.loads(text) for text in out.splitlines()]
    lost = EXERCISES["accuracy"].points
    assert (line["student"], line["score"]) == ("slow", TOTAL - lost)


def test_full_disk_stops_the_run_with_a_sentence_and_leaves_nothing_torn(
    tmp_path, course, capsys, solved, monkeypatch
):
    for student in ("ada", "bo"):
        hand_in(tmp_path / "in", student, solved)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    code, lines = run(course, tmp_path / "in", capsys)
    assert code == commands.REFUSED and not lines
    assert not [path for path in course.root.rglob("*.json*") if path.is_file()]
    monkeypatch.undo()
    code, lines = run(course, tmp_path / "in", capsys, resume=True)
    assert code == commands.OK and set(lines) == {"ada", "bo"}


def test_database_that_dies_costs_no_result(tmp_path, course, capsys, solved, monkeypatch):
    for student in ("ada", "bo"):
        hand_in(tmp_path / "in", student, solved)

    def dead(*_):
        raise OperationalError("insert", {}, Exception("server closed the connection"))

    with monkeypatch.context() as patched:
        patched.setattr(Recorder, "record", dead)
        code, _ = run(course, tmp_path / "in", capsys)
    assert code == commands.SOME_UNGRADABLE
    assert len(course.results(ASSIGNMENT)) == 2
    code, lines = run(course, tmp_path / "in", capsys, resume=True)
    assert code == commands.OK and not lines
    assert gradebook_scores(course) == {"ada": TOTAL, "bo": TOTAL}


def test_gradebook_that_cannot_be_opened_is_refused_without_its_password(tmp_path, capsys, solved):
    hand_in(tmp_path / "in", "ada", solved)
    url = "postgresql+psycopg://teacher:secret@127.0.0.1:1/gradebook"
    code = commands.autograde(Course(tmp_path / "c", url), tmp_path / "in", options())
    said = capsys.readouterr().err
    assert code == commands.REFUSED
    assert "cannot be opened" in said and "secret" not in said


def test_late_hand_in_keeps_its_time(tmp_path, course, capsys, solved):
    place = hand_in(tmp_path / "in", "ada", solved)
    (place.parent / "timestamp.txt").write_text("2026-03-04 05:06:07 UTC")
    run(course, tmp_path / "in", capsys)
    with Gradebook(course.db_url, COURSE_ID) as gradebook:
        when = gradebook.find_submission(ASSIGNMENT, "ada").timestamp
    assert when.isoformat() == "2026-03-04T05:06:07"


@pytest.mark.parametrize(
    "text", ["01a.m." + "1" * 30 + "h", "m" + "1" * 30, "9999-12-31 23:59:59 UTC", "\0", "nonsense"]
)
def test_hostile_time_stamp_is_none(tmp_path, text):
    place = hand_in(tmp_path, "ada", "{}")
    (place.parent / "timestamp.txt").write_text(text)
    assert _time_stamp(str(place)) is None


def test_hidden_folders_and_files_are_no_students(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "notes.txt").touch()
    assert find_submissions(tmp_path, ASSIGNMENT) == []


def test_hidden_folder_with_the_assignment_is_reported(tmp_path):
    hand_in(tmp_path, ".x", "{}")
    hand_in(tmp_path / "..y", ASSIGNMENT, "{}")
    hand_in(tmp_path, ".git", "{}", "other.ipynb")
    hand_in(tmp_path / ".collect-1", "stage", "{}")
    tasks = find_submissions(tmp_path, ASSIGNMENT)
    assert [task.student for task in tasks] == ["..y", ".x"]
    assert all("hidden" in task.problem and not task.path for task in tasks)


def test_folder_that_cannot_be_read_stops_nobody(tmp_path, monkeypatch):
    hand_in(tmp_path, "ada", "{}")
    hand_in(tmp_path, "bo", "{}")
    intact = Path.exists

    def exists(path):
        if "ada" in path.parts:
            raise PermissionError(errno.EACCES, "Permission denied")
        return intact(path)

    monkeypatch.setattr(Path, "exists", exists)
    ada, bo = find_submissions(tmp_path, ASSIGNMENT)
    assert "Permission denied" in ada.problem and bo.path and not bo.problem


def test_hostile_names_of_folders_stay_apart_and_can_be_printed(tmp_path):
    names = [b"ada", b"ada\xff", rb"ada\udcff", b"ada?", b"ada\x07", b"ada\x1b", b"ada\n"]
    names += [b"a" * 250, b"a" * 249 + b"b", "\u202eada".encode()]
    for name in names:
        hand_in(tmp_path, os.fsdecode(name), "{}")
    # One who knows how a name is marked.
    for student in [task.student for task in find_submissions(tmp_path, ASSIGNMENT)]:
        hand_in(tmp_path, student, "{}")
    tasks = find_submissions(tmp_path, ASSIGNMENT)
    students = {task.student for task in tasks}
    assert len(students) == len(tasks) == 17
    assert {"ada", "ada?", r"ada\udcff"} <= students
    assert all(student.isprintable() and len(student.encode()) <= 200 for student in students)


def test_what_is_said_of_a_submission_cannot_command_the_terminal(tmp_path):
    for name in ("x\x1b]0;pwn\x07.ipynb", "y\u202e.ipynb"):
        hand_in(tmp_path, "ada", "{}", name)
    (task,) = find_submissions(tmp_path, ASSIGNMENT)
    assert task.problem.isprintable() and "found x?]0;pwn?.ipynb, y?.ipynb" in task.problem
    result = {"student": "ada", "status": "graded", "reason": "a\x1b[2Jb\nc", "verdicts": []}
    line = commands._line({**result, "score": 1.0, "max_score": 2.0, "seconds": 0.5})
    assert line.isprintable() and "b c" in line


def test_results_made_without_a_sandbox_say_so(tmp_path, course, capsys, solved):
    hand_in(tmp_path / "in", "ada", solved)
    open_house = Options(assignment=ASSIGNMENT, jobs=1, confined=False, as_json=True)
    commands.autograde(course, tmp_path / "in", open_house)
    assert "Without a sandbox" in capsys.readouterr().err
    (result,) = course.results(ASSIGNMENT)
    assert result["confined"] is False


def test_without_bubblewrap_grading_is_refused_with_the_way_to_install_it(
    tmp_path, course, capsys, solved, monkeypatch
):
    hand_in(tmp_path / "in", "ada", solved)
    monkeypatch.setenv("PATH", "/nonexistent")
    code = commands.autograde(course, tmp_path / "in", Options(assignment=ASSIGNMENT))
    assert code == commands.REFUSED
    assert "apt install bubblewrap" in capsys.readouterr().out.replace("\n", " ")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


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
    settings = f"-p {port} -c listen_addresses=127.0.0.1 -k {data}"
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


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two workers that have the wheel's package and the bundle alone."""
    from grading.classroom.cluster import CONFIG, write_bundle

    site = tmp_path / "worker-site"
    shutil.copytree(PROJECT / "cs231n_utils", site / "cs231n_utils")
    shutil.unpack_archive(write_bundle(tmp_path / "bundle.zip"), site)
    environment = {**os.environ, "PYTHONPATH": str(site), "DASK_CONFIG": str(CONFIG)}
    dask = str(Path(sys.executable).with_name("dask"))
    address = f"tcp://127.0.0.1:{free_port()}"
    quiet = {"env": environment, "cwd": tmp_path, "stderr": subprocess.DEVNULL}
    flags = ("--nthreads", "1", "--no-nanny", "--no-dashboard")
    roles = [
        ("scheduler", "--host", address, "--no-dashboard", "--no-show"),
        *(
            ("worker", address, *flags, "--name", name, "--local-directory", name)
            for name in ("first", "second")
        ),
    ]
    processes = [subprocess.Popen([dask, *arguments], **quiet) for arguments in roles]
    from distributed import Client

    try:
        with Client(address, timeout=30, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield address, processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP], ids=["dies", "falls silent"])
def test_cluster_grades_and_a_lost_worker_costs_nothing(tmp_path, course, cluster, solved, fault):
    address, processes = cluster
    students = [f"s{i}" for i in range(6)]
    for student in students:
        hand_in(tmp_path / "in", student, sleeping(solved))
    grader = subprocess.Popen(
        command(course, tmp_path / "in", "--scheduler", address),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    first = json.loads(grader.stdout.readline())
    processes[-1].send_signal(fault)
    out, said = grader.communicate(timeout=180)
    lines = [first, *(json.loads(line) for line in out.splitlines())]
    assert grader.returncode == 0, said
    assert sorted(line["student"] for line in lines) == students
    lost = EXERCISES["accuracy"].points
    assert gradebook_scores(course) == dict.fromkeys(students, TOTAL - lost)


def test_cluster_without_a_scheduler_is_refused(tmp_path, course, capsys, solved):
    hand_in(tmp_path / "in", "ada", solved)
    code = commands.autograde(course, tmp_path / "in", options(scheduler="tcp://127.0.0.1:1"))
    assert code == commands.REFUSED
    assert "no scheduler answers" in capsys.readouterr().err


def test_gradebook_of_another_version_with_submissions_is_refused(tmp_path, course, capsys, solved):
    hand_in(tmp_path / "in", "ada", solved)
    run(course, tmp_path / "in", capsys)
    with Gradebook(course.db_url, COURSE_ID) as gradebook:
        gradebook.add_grade_cell("dropped", ASSIGNMENT, ASSIGNMENT, max_score=1, cell_type="code")
    code = commands.autograde(course, tmp_path / "in", options())
    assert code == commands.REFUSED
    assert "another version of 00-start-here" in capsys.readouterr().err
