"""Broken, odd and foreign files instead of a notebook, as data for `test_grade.py`."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ASSIGNMENT = "01-loss-functions"
NAME = f"{ASSIGNMENT}.ipynb"


@dataclass(frozen=True)
class Broken:
    """A folder as a student hands it in.

    Attributes
    ----------
    name : str
    make : callable
        Takes the folder of submissions and the solved notebook as a dict, which it may change.
    loses : tuple of str
        The exercises that cannot get their points; "all" where there is nothing to be graded.
    reason : str
        What the student must read.
    large : bool
        Whether it tests the grader's memory.
    """

    name: str
    make: Callable[[Path, dict], None]
    loses: tuple[str, ...] | str = ()
    reason: str = ""
    large: bool = False

    def __str__(self) -> str:
        return self.name


def _bytes(content: Callable[[dict], bytes], name: str = NAME) -> Callable[[Path, dict], None]:
    def make(root: Path, notebook: dict) -> None:
        (root / "ada").mkdir()
        (root / "ada" / name).write_bytes(content(notebook))

    return make


def _text(content: Callable[[str], str], encoding: str = "utf-8") -> Callable[[Path, dict], None]:
    return _bytes(lambda notebook: content(json.dumps(notebook)).encode(encoding, "surrogatepass"))


def _edited(edit: Callable[[dict], object]) -> Callable[[Path, dict], None]:
    """Edit the notebook in place, or return another value."""

    def content(notebook: dict) -> bytes:
        other = edit(notebook)
        return json.dumps(notebook if other is None else other).encode()

    return _bytes(content)


def _edited_text(comment: str, encoding: str) -> Callable[[Path, dict], None]:
    """Write a comment into a cell, and the notebook in another encoding than UTF-8."""

    def content(notebook: dict) -> bytes:
        notebook["cells"][0]["source"] = comment
        for cell in notebook["cells"]:
            cell["source"] = _source(cell).encode(encoding, "ignore").decode(encoding)
        return json.dumps(notebook, ensure_ascii=False).encode(encoding, "ignore")

    return _bytes(content)


def _answer(notebook: dict, exercise: str) -> dict:
    return next(
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == f"{exercise}-answer"
    )


def _source(cell: dict) -> str:
    return "".join(cell["source"])


def _format_3(notebook: dict) -> dict:
    cells = []
    for cell in notebook["cells"]:
        old = {key: value for key, value in cell.items() if key not in ("source", "id")}
        cells.append(old | {"input" if cell["cell_type"] == "code" else "source": cell["source"]})
    sheets = [{"cells": cells, "metadata": {}}]
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": sheets}


def _without_line_ends(notebook: dict) -> dict:
    for cell in notebook["cells"]:
        cell["source"] = _source(cell).splitlines()
    return _format_3(notebook)


def _format_5(notebook: dict) -> None:
    notebook.update(nbformat=5, nbformat_minor=9, new_key={"a": 1})
    for cell in notebook["cells"]:
        cell["kind"] = cell["cell_type"]


def _outputs(megabytes: int) -> Callable[[Path, dict], None]:
    def edit(notebook: dict) -> None:
        output = {"output_type": "stream", "name": "stdout", "text": "x" * (1 << 20)}
        _answer(notebook, "softmax")["outputs"] = [output] * megabytes

    return _edited(edit)


def _of_cells(change: Callable[[list[dict]], object]) -> Callable[[Path, dict], None]:
    return _edited(lambda notebook: change(notebook["cells"]) and None)


def _strip_marks(notebook: dict) -> None:
    """Change a notebook as Colab saves it: other metadata and ids, and some cells without marks."""
    notebook["metadata"] = {
        "colab": {"provenance": [], "toc_visible": True},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
        "accelerator": "GPU",
    }
    notebook["nbformat_minor"] = 0
    for number, cell in enumerate(notebook["cells"]):
        cell.pop("id", None)
        cell["metadata"] = {"id": f"Xy{number}", "colab": {"base_uri": "https://localhost:8080/"}}
        if cell["cell_type"] == "code":
            cell["execution_count"] = number


def _saved_by_colab(notebook: dict) -> None:
    marks = [cell["metadata"].get("nbgrader") for cell in notebook["cells"]]
    _strip_marks(notebook)
    for cell, mark in zip(notebook["cells"], marks, strict=True):
        if mark:
            cell["metadata"]["nbgrader"] = mark
            cell["metadata"]["outputId"] = "d0c1"


def _saved_by_vs_code(notebook: dict) -> None:
    notebook["metadata"] = {
        "kernelspec": {"display_name": ".venv", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "version": "3.12.1"},
        "orig_nbformat": 4,
        "vscode": {"interpreter": {"hash": "0" * 64}},
    }
    for cell in notebook["cells"]:
        cell["metadata"]["vscode"] = {"languageId": "python"}
        cell["metadata"]["editable"] = True
        cell["source"] = _source(cell).splitlines(keepends=True)


def _duplicate_with_other_text(cells: list[dict]) -> None:
    copies = [dict(cell, source="raise SystemExit") for cell in cells]
    cells.extend(copies)


def _retype(cells: list[dict]) -> None:
    for cell in cells:
        cell["cell_type"] = "raw" if cell["cell_type"] == "code" else "code"


def _drop(*exercises: str) -> Callable[[Path, dict], None]:
    def edit(notebook: dict) -> None:
        for exercise in exercises:
            notebook["cells"].remove(_answer(notebook, exercise))

    return _edited(edit)


def _rename(notebook: dict) -> None:
    marks = _answer(notebook, "softmax")["metadata"]["nbgrader"]
    marks.update(grade_id="regularization-answer", points=100, grade=True)


def _lie_about_points(notebook: dict) -> None:
    for cell in notebook["cells"]:
        marks = cell["metadata"].get("nbgrader")
        if marks:
            marks.update(points=1000, locked=False, solution=True)
        cell["metadata"]["tags"] = ["experiment", "skip-execution", "raises-exception"]


def _duplicate_keys(notebook: dict) -> bytes:
    text = json.dumps(notebook)
    return ('{"cells": [], "metadata": {"a": 1, "a": 2}, ' + text[1:]).encode()


def _folder(make: Callable[[Path, str], None]) -> Callable[[Path, dict], None]:
    """Lay out the student's folder by hand, given it and the notebook's text."""

    def lay_out(root: Path, notebook: dict) -> None:
        (root / "ada").mkdir()
        make(root / "ada", json.dumps(notebook))

    return lay_out


def _link_to_file(folder: Path, text: str) -> None:
    (folder / "other").write_text(text)
    (folder / NAME).symlink_to("other")


def _inner_link(folder: Path, text: str) -> None:
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / NAME).write_text(text)
    (folder / ASSIGNMENT).symlink_to("elsewhere")


def _linked_student(root: Path, notebook: dict) -> None:
    outside = root.parent / f"outside-{root.name}"
    outside.mkdir()
    (outside / NAME).write_text(json.dumps(notebook))
    (root / "ada").symlink_to(outside)


def _several(folder: Path, text: str) -> None:
    for name in ("final.ipynb", "final (2).ipynb"):
        (folder / name).write_text(text)


def _named(name: bytes) -> Callable[[Path, dict], None]:
    def make(root: Path, notebook: dict) -> None:
        folder = os.path.join(os.fsencode(root), name)
        os.mkdir(folder)
        with open(os.path.join(folder, os.fsencode(NAME)), "w") as file:
            json.dump(notebook, file)

    return make


def _unreadable_time(folder: Path, text: str) -> None:
    (folder / NAME).write_text(text)
    os.mkfifo(folder / "timestamp.txt")


def _deep(depth: int) -> bytes:
    return b'{"cells": ' + b"[" * depth + b"]" * depth + b"}"


def _without_end(folder: Path, text: str) -> None:
    with open(folder / NAME, "wb") as file:
        file.write(b'{"cells": [{"source": "')
        file.truncate(200 << 20)


SOFTMAX = ("softmax",)
BROKEN = [
    Broken("not JSON", _bytes(lambda n: b"# my homework\n"), "all", "not a notebook"),
    Broken("truncated", _text(lambda t: t[: len(t) // 2]), "all", "not a notebook"),
    Broken("empty", _bytes(lambda n: b""), "all", "is empty"),
    Broken("white space", _bytes(lambda n: b" \r\n\t"), "all", "is empty"),
    Broken("a picture", _bytes(lambda n: b"\x89PNG\r\n\x1a\n" + bytes(1000)), "all", "not a note"),
    Broken("an archive", _bytes(lambda n: b"PK\x03\x04" + bytes(1000)), "all", "not a notebook"),
    Broken("zeros", _bytes(lambda n: bytes(10_000)), "all", "not a notebook"),
    Broken("a number", _bytes(lambda n: b"3"), "all", "No answer cell"),
    Broken("a list", _bytes(lambda n: b"[[]]"), "all", "No answer cell"),
    Broken("null", _bytes(lambda n: b"null"), "all", "No answer cell"),
    Broken("NaN", _bytes(lambda n: b'{"cells": NaN}'), "all", "No answer cell"),
    Broken("no cells", _of_cells(list.clear), "all", "No answer cell"),
    Broken("cells of another kind", _edited(lambda n: {"cells": [None, 3, "x", []]}), "all", "No"),
    Broken("nbformat 3", _edited(_format_3)),
    Broken("nbformat 3, lines without ends", _edited(_without_line_ends)),
    Broken("nbformat 5, to come", _edited(_format_5)),
    Broken("200 MB of outputs", _outputs(200), large=True),
    Broken("200 MB without end", _folder(_without_end), "all", "notebook that can be read"),
    Broken("a missing answer", _drop("softmax"), SOFTMAX, "missing from the notebook"),
    Broken("renamed", _edited(_rename), SOFTMAX, "missing from the notebook"),
    Broken("duplicated cells", _of_cells(_duplicate_with_other_text)),
    Broken("retyped cells", _of_cells(_retype)),
    Broken("reordered cells", _of_cells(list.reverse)),
    Broken(
        "extra cells",
        _of_cells(lambda cells: cells.insert(0, {"cell_type": "code", "source": "1/0"})),
    ),
    Broken("tags and points", _edited(_lie_about_points)),
    Broken(
        "foreign kernel",
        _edited(lambda n: n["metadata"].update(kernelspec={"name": "ir", "display_name": "R"})),
    ),
    Broken("metadata of another kind", _edited(lambda n: n.update(metadata=[1]))),
    Broken(
        "source of another kind",
        _edited(lambda n: _answer(n, "softmax").update(source={"text": "x"})),
        SOFTMAX,
        "missing from the notebook",
    ),
    Broken(
        "an answer that is too long",
        _edited(lambda n: _answer(n, "softmax").update(source="#" * 100_001)),
        SOFTMAX,
        "expected at most",
    ),
    Broken("wrong file name", _bytes(lambda n: json.dumps(n).encode(), "Untitled1.ipynb")),
    Broken("several notebooks", _folder(_several), "all", "Expected one notebook named"),
    Broken("no notebook", _folder(lambda f, t: None), "all", "found none"),
    Broken("symbolic link", _folder(_link_to_file), "all", "symbolic link"),
    Broken(
        "symbolic link to itself",
        _folder(lambda f, t: (f / NAME).symlink_to(NAME)),
        "all",
        "symbolic link",
    ),
    Broken(
        "symbolic link to a device",
        _folder(lambda f, t: (f / NAME).symlink_to("/dev/zero")),
        "all",
        "symbolic link",
    ),
    Broken("linked folder", _folder(_inner_link), "all", "symbolic link"),
    Broken("linked student", _linked_student, "all", "symbolic link"),
    Broken("FIFO", _folder(lambda f, t: os.mkfifo(f / NAME)), "all", "is not a file"),
    Broken("folder", _folder(lambda f, t: (f / NAME).mkdir()), "all", "is not a file"),
    Broken("FIFO for a time stamp", _folder(_unreadable_time)),
    Broken("student named like an option", _named(b"-rf ~")),
    Broken("student with a path", _named(b"a\\..\\..\\etc")),
    Broken("student with markup", _named(b"<script>'\"&;$(id)")),
    Broken("student with line ends", _named(b"ada\r\n\x1b[31m")),
    Broken("student not in UTF-8", _named(b"ada\xff\xfe")),
    Broken("student of 255 bytes", _named(b"a" * 255)),
    Broken("student in Korean", _named("김민준".encode())),
    Broken("UTF-16", _text(str, "utf-16")),
    Broken("byte order mark", _text(str, "utf-8-sig")),
    Broken("Windows' code page", _edited_text("\u00e9\u2019\u20ac", "cp1252")),
    Broken(
        "Windows line ends", _text(lambda t: t.replace("\\n", "\\r\\n").replace("{", "\r\n{", 1))
    ),
    Broken("old Mac line ends", _text(lambda t: t.replace("\\n", "\\r"))),
    Broken("saved by Colab", _edited(_saved_by_colab)),
    Broken("saved by Colab without marks", _edited(_strip_marks)),
    Broken("saved by VS Code", _edited(_saved_by_vs_code)),
    Broken("JSON nested deeply", _bytes(lambda n: _deep(100_000)), "all", "nested too deeply"),
    Broken(
        "a huge integer",
        _text(lambda t: '{"nbformat": ' + "9" * 5000 + ", " + t[1:]),
        "all",
        "not a notebook",
    ),
    Broken("duplicate keys", _bytes(_duplicate_keys)),
    Broken(
        "lone surrogates",
        _edited(lambda n: n["cells"].insert(0, {"cell_type": "code", "source": "\ud800"})),
    ),
    Broken(
        "3 MB of brackets",
        _text(lambda t: '{"x": [' + "{}," * 1_000_000 + "{}], " + t[1:]),
        large=True,
    ),
    Broken(
        "30 MB of brackets",
        _text(lambda t: '{"x": [' + "{}," * 10_000_000 + "{}], " + t[1:]),
        "all",
        "notebook that can be read",
        large=True,
    ),
    Broken(
        "a million cells",
        _text(lambda t: t.replace('"cells": [', '"cells": [' + '{"source": ""}, ' * 10**6, 1)),
        "all",
        "No answer cell",
        large=True,
    ),
]
