"""A student's folder when the course has changed: their work stays, new versions lie beside it."""

import nbformat
import pytest

from grading.handout.renewal import lay_out_notebook, lay_out_picture


def notebook(**sources):
    """A small course notebook; names with `answer` are answer cells, with `text` headings."""
    cells = []
    for name, source in sources.items():
        new = nbformat.v4.new_markdown_cell if "text" in name else nbformat.v4.new_code_cell
        cells.append(new(source, id=name))
        if "answer" in name:
            mark = {"grade_id": name, "solution": True, "grade": False, "locked": False}
            cells[-1].metadata.nbgrader = {**mark, "schema_version": 3, "task": False}
    return nbformat.v4.new_notebook(cells=cells)


OLD = {"text-1": "# Losses", "demo": "1 + 1", "text-2": "## Hinge\nmax", "answer": "def f(): ..."}


NEW = {**OLD, "text-2": "## Hinge\nmax(0, m)", "figure": "plot()"}


def saved(path):
    return nbformat.read(path, as_version=4)


def work_on(path, **answers):
    """What a student does: write answers, run a cell, save."""
    mine = saved(path)
    for cell in mine.cells:
        cell.source = answers.get(cell.id, cell.source)
    mine.cells[1].execution_count = 1
    nbformat.write(mine, path)


@pytest.fixture
def folder(tmp_path):
    """A student's folder with one notebook."""
    assert lay_out_notebook(tmp_path / "work", "losses", notebook(**OLD)) == ""
    return tmp_path / "work"


def names(folder):
    return sorted(path.name for path in (folder / "losses").iterdir())


def test_nothing_happens_when_the_course_has_not_changed(folder):
    mine = folder / "losses" / "losses.ipynb"
    work_on(mine, answer="def f(): return 1")
    before = mine.read_bytes()
    assert lay_out_notebook(folder, "losses", notebook(**OLD)) == ""
    assert names(folder) == ["losses.ipynb"] and mine.read_bytes() == before


def test_new_version_is_put_beside_work_once_with_a_note_of_what_changed(folder):
    mine = folder / "losses" / "losses.ipynb"
    work_on(mine, answer="def f(): return 1")
    before = mine.read_bytes()
    said = lay_out_notebook(folder, "losses", notebook(**NEW))
    assert "losses-version-2.ipynb" in said and "losses-version-2-changes.md" in said
    assert mine.read_bytes() == before
    beside = saved(folder / "losses" / "losses-version-2.ipynb")
    assert [cell.source for cell in beside.cells] == list(NEW.values())
    note = (folder / "losses" / "losses-version-2-changes.md").read_text(encoding="utf-8")
    assert "- Hinge: 1 text cell changed, 1 code cell added\n" in note and "- Losses" not in note
    assert lay_out_notebook(folder, "losses", notebook(**NEW)) == ""
    assert len(names(folder)) == 3


def test_each_further_version_gets_a_number_of_its_own(folder):
    work_on(folder / "losses" / "losses.ipynb", answer="def f(): return 1")
    lay_out_notebook(folder, "losses", notebook(**NEW))
    beside = folder / "losses" / "losses-version-2.ipynb"
    work_on(beside, answer="def f(): return 2")
    before = beside.read_bytes()
    said = lay_out_notebook(folder, "losses", notebook(**{**NEW, "demo": "2 + 2"}))
    assert "losses-version-3.ipynb" in said and beside.read_bytes() == before
    note = (folder / "losses" / "losses-version-3-changes.md").read_text(encoding="utf-8")
    assert "- Losses: 1 code cell changed\n" in note and "Hinge" not in note


def test_notebook_that_was_never_touched_is_replaced(folder):
    said = lay_out_notebook(folder, "losses", notebook(**NEW))
    assert "you had not begun it" in said and names(folder) == ["losses.ipynb"]
    mine = saved(folder / "losses" / "losses.ipynb")
    assert [cell.source for cell in mine.cells] == list(NEW.values())


@pytest.mark.parametrize("answer", ["def f(): ...", "def f(): return 1"])
def test_folder_of_an_earlier_course_is_compared_without_its_answers(folder, answer):
    (folder / ".laid-out" / "losses" / "losses.ipynb").unlink()
    mine = folder / "losses" / "losses.ipynb"
    work_on(mine, answer=answer)
    assert lay_out_notebook(folder, "losses", notebook(**OLD)) == ""
    (folder / ".laid-out" / "losses" / "losses.ipynb").unlink()
    before = mine.read_bytes()
    assert "losses-version-2" in lay_out_notebook(folder, "losses", notebook(**NEW))
    assert mine.read_bytes() == before


def test_work_that_cannot_be_read_is_left_as_it_is(folder):
    mine = folder / "losses" / "losses.ipynb"
    mine.write_text("{ half a noteb", encoding="utf-8")
    assert "losses-version-2" in lay_out_notebook(folder, "losses", notebook(**NEW))
    assert mine.read_text(encoding="utf-8") == "{ half a noteb"


def test_removed_and_reordered_cells_are_noted(folder):
    work_on(folder / "losses" / "losses.ipynb", answer="def f(): return 1")
    lay_out_notebook(folder, "losses", notebook(**dict(list(OLD.items())[::-1])))
    note = folder / "losses" / "losses-version-2-changes.md"
    assert "another order" in note.read_text(encoding="utf-8")
    shorter = {name: OLD[name] for name in ("answer", "text-2", "text-1")}
    lay_out_notebook(folder, "losses", notebook(**shorter))
    note = folder / "losses" / "losses-version-3-changes.md"
    assert "- Hinge: 1 code cell removed" in note.read_text(encoding="utf-8")


def test_pictures_follow_the_course_unless_the_student_has_changed_them(tmp_path):
    picture, mine = tmp_path / "race.png", tmp_path / "work" / "losses" / "race.png"
    for content in (b"one", b"two"):
        picture.write_bytes(content)
        lay_out_picture(tmp_path / "work", "losses", picture)
        assert mine.read_bytes() == content
    mine.write_bytes(b"my own")
    picture.write_bytes(b"three")
    for _ in range(2):
        lay_out_picture(tmp_path / "work", "losses", picture)
        assert mine.read_bytes() == b"my own"
