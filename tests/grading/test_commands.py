"""``python -m grading``: who gets a command wrong reads one sentence."""

import pytest
from typer.testing import CliRunner

from grading.__main__ import app


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["solve", "nope", "solved.ipynb"], "no assignment 'nope'"),
        (["solve", "00-start-here", "file/solved.ipynb"], "file"),
        (["bundle", "file/bundle.zip"], "file"),
        (["release", "nope", "--course", "course"], "no assignment 'nope'"),
        (["release", "00-start-here", "--course", "file/course"], "file"),
        (["autograde", "00-start-here", "--submissions", ".", "--out", "file/course"], "--course"),
        (["collect", "nope", ".", "--course", "course"], "no assignment 'nope'"),
        (["collect", "00-start-here", ".", "--course", "course", "--roster", "none"], "none"),
        (["collect", "00-start-here", ".", "--course", "course", "--roster", "file"], "UTF-8"),
        (["export", "grades.csv", "--db", "nonsense"], "correct the URL"),
        (["export", "grades.csv", "--db", "postgresql+psycopg://ann@localhost:1/x"], "server"),
    ],
)
def test_wrong_command_is_answered_in_one_sentence_and_leaves_nothing(
    command, says, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_bytes(b"\xff\xfe\xfd")
    told = CliRunner().invoke(app, command)
    assert told.exit_code in (1, 2)
    assert told.exception is None or isinstance(told.exception, SystemExit)
    (sentence,) = (told.stdout + told.stderr).splitlines()
    assert says in sentence and sentence.endswith(".")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
