"""``python -m grading learn``: what it lays out, and what it says when it cannot serve."""

from typer.testing import CliRunner

from grading.__main__ import app
from grading.handout.learn import lay_out
from grading.handout.release import assignments


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
