"""What looks odd in an answer, for a person to look at. It costs nothing.

Work is measured where an answer cannot reach it, so none of this decides a point.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..ledger import Entry

ODD = {
    "touches what counts its lines": "settrace setprofile monitoring tracemalloc",
    "reaches the variables of other functions": "_getframe _current_frames f_back f_locals"
    " f_globals tb_frame gi_frame get_objects get_referrers __closure__ __globals__ __subclasses__",
    "touches the client of the oracle": "OracleClient ORACLE_FD CS231N_ORACLE_FD checking",
    "runs a text as code": "exec eval compile",
    "works in another thread or process": "_thread threading fork multiprocessing subprocess"
    " concurrent",
    "changes what NumPy does": "__array_ufunc__ __array_function__ __array_finalize__ ctypes",
}
"""By what it may mean, the words."""

_MEANING = {word: meaning for meaning, words in ODD.items() for word in words.split()}
_WORD = re.compile(rf"\b(?:{'|'.join(map(re.escape, _MEANING))})\b")
MOST_OF_ONE_ANSWER = 3
MOST_SHOWN = 120


@dataclass(frozen=True)
class Remark:
    """Something odd about an answer.

    Attributes
    ----------
    student : str
    place : str
        The exercise or grade id, with the line if there is one.
    what : str
        What it may mean.
    line : str
        The line of code; empty if it was measured.
    """

    student: str
    place: str
    what: str
    line: str = ""


def remarks(entry: Entry) -> list[Remark]:
    """What a person should look at in a submission: what was measured, then what is written."""
    measured = [
        Remark(entry.student, verdict.exercise, verdict.remark)
        for verdict in entry.verdicts
        if verdict.remark
    ]
    for name, text in entry.answers.items():
        odd = list(_odd_lines(text))[:MOST_OF_ONE_ANSWER]
        measured += [
            Remark(entry.student, f"{name}, line {number}", what, line[:MOST_SHOWN])
            for number, what, line in odd
        ]
    return measured


def _odd_lines(text: str) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        found = _WORD.search(line)
        if found:
            yield number, _MEANING[found[0]], line.strip()
