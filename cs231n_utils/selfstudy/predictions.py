"""Questions that a student answers before the result is shown, and what is said of the answer.

`predict_first` poses one. The first answer is kept in the progress file; none is part of a grade.
"""

import math
import re
import zlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from . import progress_file

_NAME = re.compile(r"\d\d-[a-z0-9]+(-[a-z0-9]+)*")


class Outcome(NamedTuple):
    """What a student reads after a prediction.

    Attributes
    ----------
    right : bool
    rows : list of (str, str)
        What was predicted and what is true, each with its name.
    sentences : list of str
        About a typical wrong answer, and why the right one is right.
    """

    right: bool
    rows: list[tuple[str, str]]
    sentences: list[str]


@dataclass(frozen=True)
class Prediction(ABC):
    """A question with its answer; see `predict_first` for what each part means."""

    name: str
    question: str
    right: Any
    wrong: Mapping[Any, str]
    why: str

    kind: ClassVar[str]
    """What the browser has a field for."""

    choices: ClassVar[Sequence[str]] = ()
    """What can be said in words, or by its number from 1."""

    example: ClassVar[int] = 1
    """An answer that ``predict_first.answer`` takes."""

    def __post_init__(self) -> None:
        if not isinstance(self.wrong, Mapping) or not self.wrong:
            self.refuse(f"got wrong={self.wrong!r}", "a sentence for each typical wrong answer")
        texts = {"a question": self.question, "why": self.why}
        texts |= {f"a sentence for {key!r}": text for key, text in self.wrong.items()}
        for what, text in texts.items():
            if not isinstance(text, str) or not text.strip():
                self.refuse(f"got {text!r} as {what}", "a sentence")
        if not _NAME.fullmatch(str(self.name)):
            self.refuse("got this name", "the notebook's number, then one of its own in small "
                        "letters, such as '03-best-of-1000'")  # fmt: skip

    def refuse(self, got: str, expected: str) -> None:
        """Say what an author has to mend."""
        raise ValueError(f"predict_first({self.name!r}): {got}, expected {expected}.")

    @abstractmethod
    def read(self, said: Any) -> Any:
        """An answer as it is kept, from what was typed, chosen or drawn.

        Raises
        ------
        ValueError
            If it is none; the message says what is expected.
        """

    @abstractmethod
    def is_right(self, said: Any) -> bool: ...

    @abstractmethod
    def told(self, said: Any) -> str:
        """An answer in words."""

    @abstractmethod
    def sentence(self, said: Any) -> str | None:
        """What is said to a typical wrong answer."""

    def shown(self) -> dict[str, Any]:
        """What the browser needs to ask the question."""
        return {"name": self.name, "question": self.question, "kind": self.kind}

    def chosen(self, said: Any) -> str | None:
        """The choice that was said, or whose number."""
        if isinstance(said, int) and 1 <= said <= len(self.choices):
            return self.choices[said - 1]
        return said if isinstance(said, str) and said in self.choices else None

    def drawn(self, said: Any) -> dict[str, Any]:
        """What the browser draws of an answer beside the right one."""
        return {}

    def outcome(self, first: Any, now: Any) -> Outcome:
        """What is said of an answer; `first` is the one that is kept."""
        right = self.is_right(now)
        rows = [("Your prediction", self.told(first))]
        if now != first:
            rows = [("Your first prediction, which is kept", self.told(first))]
            rows.append(("This time", self.told(now)))
        rows.append(("The result", self.told(self.right) + (", as you predicted" if right else "")))
        return Outcome(right, rows, [text for text in (self.sentence(now), self.why) if text])

    def kept(self) -> Any:
        """The answer that was given first; None if there is none that fits the question."""
        kept = progress_file.read().predictions.get(self.name)
        try:
            return None if kept is None else self.read(kept.said)
        except ValueError:  # the question has changed since
            return None

    def answer(self, text: Any) -> Outcome:
        """Keep an answer, if it is the first, and say how it is.

        Raises
        ------
        ValueError
            If it is none.
        """
        said = self.read(text)
        first = self.kept()
        if first is None:
            right = self.is_right(first := said)
            progress_file.change(lambda kept: kept.add_prediction(self.name, said, right))
        return self.outcome(first, said)


@dataclass(frozen=True)
class Choice(Prediction):
    """A question with a few answers to choose from."""

    kind = "choice"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not all(isinstance(key, str) for key in self.wrong):
            self.refuse(f"got wrong={list(self.wrong)!r}", "other choices, as texts")
        if self.right in self.wrong:
            self.refuse(f"got {self.right!r} as right and as wrong", "different answers")

    @property
    def choices(self) -> list[str]:
        """All of them, in an order that is the same each time and says nothing."""
        choices = [self.right, *self.wrong]
        rng = np.random.default_rng(zlib.crc32(self.name.encode()))
        return [choices[i] for i in rng.permutation(len(choices))]

    def shown(self) -> dict[str, Any]:
        return {**super().shown(), "choices": self.choices}

    def read(self, said: Any) -> str:
        chosen = self.chosen(said)
        if chosen is None:
            n_choices = len(self.choices)
            raise ValueError(f"Got {said!r}, expected one of the choices, or 1 to {n_choices}.")
        return chosen

    def is_right(self, said: str) -> bool:
        return said == self.right

    def told(self, said: str) -> str:
        return said

    def sentence(self, said: str) -> str | None:
        return self.wrong.get(said)


@dataclass(frozen=True)
class Number(Prediction):
    """A question for a number; right is what lies within a distance of the right one."""

    within: float
    unit: str

    kind = "number"
    example = 7

    def __post_init__(self) -> None:
        super().__post_init__()
        if not is_number(self.within) or self.within < 0:
            self.refuse(f"got within={self.within!r}", "a distance, 0 or larger")
        if not isinstance(self.unit, str):
            self.refuse(f"got unit={self.unit!r}", "a text")
        for key in (self.right, *self.wrong):
            if not is_number(key):
                self.refuse(f"got {key!r} beside the number {self.right!r}", "numbers")
            if key is not self.right and self.is_right(key):
                self.refuse(f"got {key!r} as wrong, which counts as right", "different answers")

    def shown(self) -> dict[str, Any]:
        return {**super().shown(), "unit": self.unit}

    def read(self, said: Any) -> float:
        text = str(said).strip().removesuffix(self.unit).strip().replace("\N{MINUS SIGN}", "-")
        if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", text):
            text = text.replace(",", "")
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise ValueError(f"Got {text[:40]!r}, expected a number, such as 7, 0.5 or 1e-3.")
        return value

    def is_right(self, said: float) -> bool:
        return self._near(said, self.right)

    def told(self, said: float) -> str:
        return f"{in_words(said, 6)} {self.unit}".strip()

    def sentence(self, said: float) -> str | None:
        if self.is_right(said):
            return None
        near = [key for key in self.wrong if self._near(said, key)]
        return self.wrong[min(near, key=lambda key: abs(said - key))] if near else None

    def _near(self, said: float, other: float) -> bool:
        return math.isclose(said, other, rel_tol=1e-9, abs_tol=self.within * (1 + 1e-9))


def is_number(value: Any) -> bool:
    """Whether this is a finite real number, and no truth value."""
    real = isinstance(value, int | float | np.integer | np.floating)
    return real and not isinstance(value, bool) and math.isfinite(value)


def in_words(value: float, digits: int) -> str:
    """A number to read, with so many digits that count."""
    rounded = float(f"{value:.{digits}g}")
    small_or_huge = rounded and not 1e-4 <= abs(rounded) < 1e6
    text = f"{rounded:.{digits}g}" if small_or_huge else f"{rounded:,.6g}"
    return re.sub(r"e\+?(-?)0*", r"e\1", text).replace("-", "\N{MINUS SIGN}")


def as_text(outcome: Outcome) -> str:
    """An outcome as lines of plain text."""
    return "\n".join([*(f"{name}: {told}" for name, told in outcome.rows), *outcome.sentences])


def made(predictions: Mapping[str, progress_file.Predicted]) -> dict[str, Sequence[int]]:
    """By number of the notebook, how many predictions were made, and how many came true."""
    counts: dict[str, list[int]] = {}
    for name, predicted in sorted(predictions.items()):
        count = counts.setdefault(name[:2], [0, 0])
        count[0] += 1
        count[1] += predicted.right
    return counts
