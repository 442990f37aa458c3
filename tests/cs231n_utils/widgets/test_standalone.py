"""The demo's own page: what is committed, and how it is written."""

from cs231n_utils.widgets.standalone import main
from grading.handout.release import PROJECT


def test_committed_page_is_up_to_date(tmp_path):
    written = tmp_path / "page.html"
    assert main([str(written)]) == 0
    committed = (PROJECT / "docs" / "svm-demo.html").read_text(encoding="utf-8")
    assert committed == written.read_text(encoding="utf-8"), (
        "run python -m cs231n_utils.widgets.standalone docs/svm-demo.html"
    )


def test_page_writer_says_what_is_wrong(tmp_path, capsys):
    assert main([]) == 2
    assert "expected the file to write" in capsys.readouterr().err
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert main([str(blocked / "page.html")]) == 1
    assert "cannot be written" in capsys.readouterr().err
