"""Files that are whole or as they were, and locks between processes."""

import errno
import subprocess
import sys

import filelock
import pytest

from cs231n_utils.system.files import locked, write_whole, written_whole
from grading.handout.release import PROJECT


def test_text_is_written_byte_for_byte_and_folders_are_made(tmp_path):
    path = tmp_path / "a" / "b.txt"
    write_whole(path, "Grüße\r\n한국\n")
    write_whole(path, text := "Grüße\r\n한국어\n")
    assert path.read_bytes() == text.encode("utf-8")
    assert [file.name for file in path.parent.iterdir()] == ["b.txt"]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "disk full"), KeyboardInterrupt()])
def test_error_while_writing_leaves_what_was_there_and_nothing_beside(tmp_path, error):
    path = tmp_path / "kept"
    path.write_text("before")
    with pytest.raises(type(error)), written_whole(path) as file:
        file.write(b"half")
        raise error
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_full_disk_names_the_path(tmp_path):
    path = tmp_path / "new"
    with pytest.raises(OSError) as full, written_whole(path):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert full.value.filename == str(path)


def test_file_takes_its_place_only_at_the_end(tmp_path):
    path = tmp_path / "new"
    with written_whole(path) as file:
        file.write(b"all")
        assert not path.exists()
    assert path.read_bytes() == b"all"


HOLDER = """
import sys
from pathlib import Path
from cs231n_utils.system.files import locked
with locked(Path(sys.argv[1]), 1):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_lock_of_another_process_is_waited_for_and_free_when_that_process_is_killed(tmp_path):
    path = tmp_path / "a.lock"
    command = [sys.executable, "-c", HOLDER, str(path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=PROJECT, **pipes) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(TimeoutError, match=r"locked by another program for 0\.05 s"):
            locked(path, 0.05)
        holder.kill()
        with locked(path, 10):
            pass


def test_lock_is_given_back_at_the_end_of_the_block(tmp_path):
    for _ in range(2):
        with locked(tmp_path / "a.lock", 0):
            pass


@pytest.mark.parametrize("reason", ["ENOLCK", "ENOTSUP", "EOPNOTSUPP"])
def test_drive_without_locks_is_used_without(tmp_path, monkeypatch, reason):
    def refuse(self, **_):
        raise OSError(getattr(errno, reason), "no locks here")

    monkeypatch.setattr(filelock.FileLock, "acquire", refuse)
    with locked(tmp_path / "a.lock", 0):
        pass


def test_lock_in_a_folder_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        locked(tmp_path / "file" / "a.lock", 0)
