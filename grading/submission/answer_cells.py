"""Which of a submission's cells hold an answer, where more than one may.

A copied or split cell keeps its grade id, and some editors drop all of them. As in the notebook
itself, the last definition counts; a cell left as released never hides one.
"""

import re
import symtable
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..handout.marks import exercise_of

MAX_CELLS = 20
MAX_CHARACTERS = 100_000
"""Of several cells that claim to be one answer, at most this many are read, with at most this many
characters in all, the last ones first."""

MAX_NAMES, MAX_NAME = 5, 60
"""At most this many names are told, of at most this many characters."""

_COMMAND = re.compile(r"^([ \t]*)[%!].*$", re.MULTILINE)
_IMPORTS_ALL = re.compile(r"^from[ \t]+[\w.]+[ \t]+import[ \t]*\*", re.MULTILINE)


@dataclass(frozen=True)
class Written:
    """A cell of a submission: the grade id that it claims, if any, its text, whether it is code."""

    name: str
    text: str
    is_code: bool = True


@dataclass(frozen=True)
class Answer:
    """The text of an answer, None if there is none, and what the student is told of the choice."""

    text: str | None
    note: str = ""


def find_answer(cells: Sequence[Written], name: str, released: Iterable[str], stub: str) -> Answer:
    """The answer to an exercise or a written question.

    Parameters
    ----------
    cells : sequence of Written
        All cells of the submission, in order.
    name : str
        The grade id of the answer.
    released : iterable of str
        The texts of all cells as students received them.
    stub : str
        The text of this answer cell as students received it.
    """
    claimed = [cell.text for cell in cells if cell.name == name]
    changed = [text for text in dict.fromkeys(claimed) if text.strip() != stub.strip()]
    given = {text.strip() for text in released}
    function = exercise_of(name)
    if not function:
        return _words(cells, name, claimed, changed, given)
    if len(claimed) == len(changed) == 1 and f"def {function}(" in changed[0]:
        return Answer(changed[0])
    found = _last_definition(changed, function)
    if found:
        return found
    definition = re.compile(rf"^(?:async )?def {re.escape(function)}\(", re.MULTILINE)
    unmarked = [cell.text for cell in cells if not cell.name and cell.is_code]
    unmarked = [text for text in unmarked if definition.search(text)]
    new = [text for text in unmarked if text.strip() not in given]
    if unmarked and not claimed:
        # An editor has dropped the marks.
        return Answer((new or unmarked)[-1])
    if new:
        seen = f"defines no {function}" if changed else "is as released"
        return Answer(
            new[-1],
            f"The answer cell {seen}: a new cell that defines {function} was graded instead.",
        )
    return Answer("\n\n".join(changed) or next(iter(claimed), None))


def definitions(text: str) -> list[str]:
    """The functions and classes that a cell defines; none where it is not Python."""
    table = _Piece(text).table
    symbols = table.get_symbols() if table else []
    return [symbol.get_name()[:MAX_NAME] for symbol in symbols if symbol.is_namespace()][:MAX_NAMES]


def _words(
    cells: Sequence[Written], name: str, claimed: list[str], changed: list[str], given: set[str]
) -> Answer:
    """All that was written in cells of that grade id, or else in new cells right below it."""
    changed = [text for text in changed if text.strip()]
    if changed:
        several = f"{len(changed)} cells are marked as this answer: their texts were joined."
        return Answer("\n\n".join(changed), several if len(changed) > 1 else "")
    if not claimed:
        return Answer(None)
    below = max(place for place, cell in enumerate(cells) if cell.name == name) + 1
    new: list[str] = []
    for cell in cells[below:]:
        if cell.name or cell.is_code or cell.text.strip() in given:
            break
        new.append(cell.text)
    if not "".join(new).strip():
        return Answer(claimed[0])
    return Answer(
        "\n\n".join(new), "The answer cell was left as it was: the new text below it was taken."
    )


def _last_definition(texts: list[str], function: str) -> Answer | None:
    """The last text that defines a function, with what it uses of the others; None if none does."""
    pieces = _mended(_bounded(texts))
    places = [place for place, piece in enumerate(pieces) if piece.defines(function)]
    places = [place for place in places if pieces[place].parses] or places
    if not places:
        return None
    chosen = [places[-1]]
    for place in chosen:
        missing = pieces[place].uses - set().union(*(pieces[one].binds for one in chosen))
        for other in reversed(range(len(pieces))):
            piece = pieces[other]
            if other not in chosen and (piece.binds & missing or piece.binds_any):
                chosen.append(other)
                missing -= piece.binds
    text = "\n\n".join(pieces[place].text for place in sorted(chosen))
    if len(texts) == 1:
        return Answer(text)
    many = f"{len(texts)} different cells are marked as this answer: "
    if len(chosen) == len(pieces):
        return Answer(text, many + "they were joined.")
    used = ", with what it uses of the others" if len(chosen) > 1 else ""
    return Answer(text, f"{many}the last that defines {function} was graded{used}.")


def _bounded(texts: list[str]) -> list[str]:
    room, kept = MAX_CHARACTERS, []
    for text in reversed(texts):
        if len(text) <= room and len(kept) < MAX_CELLS:
            kept.append(text)
            room -= len(text)
    return kept[::-1]


def _mended(texts: list[str]) -> "list[_Piece]":
    """Texts as pieces; two halves that are Python only together become one piece again."""
    pieces: list[_Piece] = []
    for piece in map(_Piece, texts):
        if pieces and not (piece.parses and pieces[-1].parses):
            whole = _Piece(f"{pieces[-1].text}\n{piece.text}")
            if whole.parses:
                pieces[-1] = whole
                continue
        pieces.append(piece)
    return pieces


@dataclass(frozen=True)
class _Piece:
    """A text of code, and the names that it binds and uses at its top level."""

    text: str
    uses: set[str] = field(init=False, default_factory=set)
    binds: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        tables = [self.table] if self.table else []
        for table in tables:
            tables += table.get_children()
            for symbol in table.get_symbols():
                top = table is self.table
                if symbol.is_referenced() and (top or symbol.is_global()):
                    self.uses.add(symbol.get_name())
                if (symbol.is_assigned() or symbol.is_imported()) and (top or symbol.is_global()):
                    self.binds.add(symbol.get_name())

    @cached_property
    def table(self) -> symtable.SymbolTable | None:
        code = _COMMAND.sub(r"\1pass", self.text)
        try:
            return symtable.symtable(code, "answer", "exec")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    @property
    def parses(self) -> bool:
        """Whether it is Python, but for magics and shell commands."""
        return self.table is not None

    @property
    def binds_any(self) -> bool:
        """Whether it may bind names that it does not say."""
        return _IMPORTS_ALL.search(self.text) is not None

    def defines(self, function: str) -> bool:
        """Whether it defines a function, by its look alone where it is not Python."""
        if self.parses:
            return function in self.binds
        look = rf"^(?:(?:async )?def {re.escape(function)}\(|{re.escape(function)}[ \t]*=)"
        return re.search(look, self.text, re.MULTILINE) is not None
