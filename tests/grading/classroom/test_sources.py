"""Names in zips, however programs write them; test_collect has what is refused, and bounds."""

import unicodedata
import zipfile

import pytest

from grading.classroom.sources import opened
from tests.support.handed_in import archive, class_of

A = "01-loss-functions"
PUPILS = class_of(12)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("flag", [True, False])
def test_names_are_read_in_every_alphabet(tmp_path, form, flag):
    path = archive(tmp_path / "a.zip", "google", PUPILS, A, form=form, flag=flag)
    with opened(path) as contents:
        names = {file.name for file in contents.files}
    assert names == {
        unicodedata.normalize("NFC", f"Homework/{one.first} {one.last} - {A}.ipynb")
        for one in PUPILS
    }


def test_names_of_old_programs_are_in_their_code_page(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as written:
        written.writestr("Zo$ - x.ipynb", "{}")
    path.write_bytes(path.read_bytes().replace(b"Zo$", "Zoë".encode("cp437")))
    with opened(path) as contents:
        assert [file.name for file in contents.files] == ["Zoë - x.ipynb"]


def test_folder_and_its_clutter(tmp_path):
    for name in ("b_x.ipynb", "a_x.ipynb", ".DS_Store", "__MACOSX/._x", "timestamp.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    with opened(tmp_path) as contents:
        assert [file.name for file in contents.files] == ["a_x.ipynb", "b_x.ipynb"]
        assert contents.files[0].open().read() == b"a_x.ipynb"
    assert ".DS_Store" in contents.hidden and not contents.refused
