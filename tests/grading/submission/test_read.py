"""Reading what was handed in."""

from grading.submission.read import Task, fetch


def test_large_file_gets_room_on_disk_only(tmp_path):
    path = tmp_path / "01-loss-functions.ipynb"
    with open(path, "wb") as file:
        file.truncate((512 << 20) + 1)
    assert "expected at most 512" in str(fetch(Task("ada", str(path))))
