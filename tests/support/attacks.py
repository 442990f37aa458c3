"""The corpus in ``tests/attacks``: one answer cell per file, and what it deserves.

A file opens with comments: what it tries, in a sentence, and then what a test needs::

    # Swaps the code of `check`.
    # exercise: softmax
    # deserves: nothing
    # may end the run: yes
    # timeout: 3 s

It deserves ``all points``, ``nothing``, or ``all but`` a list of parts. The last two lines are
optional: the run may end before later exercises are judged; a cell may take that long instead of
10 s. After an empty line comes the answer. In it the line ``# <answer>`` stands for the right
answer, and ``# <tools>`` for what follows the comments of ``shared/tools.py``. An answer that is
not Python as it stands has the suffix ``.txt``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from grading.exercises import EXERCISES

CORPUS = Path(__file__).parents[1] / "attacks"
SHARED = "shared"
SUFFIXES = {".py", ".txt"}
ANSWER = "# <answer>"
KEYS = ("exercise", "deserves", "may end the run", "timeout")


class Malformed(ValueError):
    """A file of the corpus does not open as it should."""


@dataclass(frozen=True)
class Attack:
    """One answer cell.

    Attributes
    ----------
    group : str
        What it goes for; the name of its folder.
    name : str
    tries : str
        What it tries, in a sentence.
    exercise : str
    lost : frozenset of str
        The parts of the exercise that it does not deserve.
    text : str
        The answer cell; the line ``# <answer>`` stands for the right answer.
    own_text : str
        The same without what other files share.
    may_end_the_run : bool
        Later exercises may be lost as well.
    timeout : float
        Seconds that a cell may take.
    """

    group: str
    name: str
    tries: str
    exercise: str
    lost: frozenset[str]
    text: str
    own_text: str
    may_end_the_run: bool = False
    timeout: float = 10.0

    def __str__(self) -> str:
        return f"{self.group}/{self.name}"

    @property
    def earned(self) -> float:
        """The points that it deserves."""
        parts = EXERCISES[self.exercise].parts
        return float(sum(points for part, points in parts.items() if part not in self.lost))


def read_group(group: str) -> list[Attack]:
    """All of a folder, in the order of their names."""
    return [read(path) for path in sorted((CORPUS / group).iterdir()) if path.suffix in SUFFIXES]


def read_all() -> Iterator[Attack]:
    """All of the corpus, folder by folder."""
    for folder in sorted(filter(Path.is_dir, CORPUS.iterdir())):
        if folder.name not in (SHARED, "__pycache__"):
            yield from read_group(folder.name)


def read(path: Path) -> Attack:
    """One file of the corpus.

    Raises
    ------
    Malformed
        If its first lines are not as described above.
    """
    comments, text = _split(path)
    about = [line for line in comments if not re.match(rf"({'|'.join(KEYS)}):", line)]
    fields = dict(re.split(r":\s*", line, maxsplit=1) for line in comments[len(about) :])
    tries = " ".join(about)
    exercise = EXERCISES.get(fields.get("exercise", ""))
    timeout = re.fullmatch(r"(\d+) s", fields.get("timeout", "10 s"))
    sound = [
        comments[: len(about)] == about,
        list(fields) == [key for key in KEYS if key in fields],
        len(fields) == len(comments) - len(about),
        re.fullmatch(r"[^:]+\.", tries),
        exercise,
        timeout,
        fields.get("may end the run") in (None, "yes"),
    ]
    if not all(sound):
        raise Malformed(f"{path}: the comments at the top are not as {__name__} describes them")
    return Attack(
        group=path.parent.name,
        name=path.stem,
        tries=tries,
        exercise=exercise.id,
        lost=_lost(fields.get("deserves", ""), set(exercise.parts), path),
        text=_with_shared(text),
        own_text=text,
        may_end_the_run="may end the run" in fields,
        timeout=float(timeout[1]),
    )


@cache
def shared(name: str) -> str:
    """A text that several answers share."""
    return _split(CORPUS / SHARED / f"{name}.py")[1]


def _split(path: Path) -> tuple[list[str], str]:
    """The comments at the top, and what follows the empty line after them."""
    top, gap, text = path.read_text(encoding="utf-8").partition("\n\n")
    lines = top.split("\n")
    if not (gap and text.strip() and all(line.startswith("# ") for line in lines)):
        raise Malformed(f"{path}: expected comments, an empty line and an answer")
    return [line.removeprefix("# ") for line in lines], text


def _with_shared(text: str) -> str:
    return re.sub(
        r"^# <(\w+)>\n",
        lambda mark: mark[0] if mark[0].startswith(ANSWER) else shared(mark[1]),
        text,
        flags=re.MULTILINE,
    )


def _lost(deserves: str, parts: set[str], path: Path) -> frozenset[str]:
    if deserves == "all points":
        return frozenset()
    if deserves == "nothing":
        return frozenset(parts)
    lost = frozenset(deserves.removeprefix("all but ").split(", "))
    if not (deserves.startswith("all but ") and lost < parts):
        raise Malformed(f"{path}: deserves {deserves!r}, expected parts of {sorted(parts)}")
    return lost
