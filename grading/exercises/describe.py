"""The classes that describe an exercise: parts, hints, reference, cases and known mistakes.

Everything else (release, oracle, tests, feedback) reads this description.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from .observation import Observation, returned


@dataclass(frozen=True)
class Case:
    """One question put to an answer.

    Parameters
    ----------
    part : str
        The part of the exercise that it decides.
    calls : list of tuple
        The positional arguments of each call.
    answer : callable
        From the list of observations to the value that must equal the reference's; None if
        only ``verify`` decides.
    verify : callable, optional
        From the observations to None, or to the reason why they are wrong.
    measures : str
        What ``answer`` compares, in words, where that is not what the function returned.
    raises : str, optional
        The exception that the last call must end in.
    asks_how : bool
        The part is about how the values are computed: each call's must be right before it is
        judged, and the reason says so. What becomes of the arguments is not looked at.
    keeps_arguments : bool
        The calls must leave their array arguments as they were.
    count_work : bool
        Count the lines of Python run and the memory taken.
    clocked : str
        Processor time and memory of each call are read from outside the process that answers.
        The time must not be far more than the reference needs, and the memory at most
        ``most_bytes``: what it shows if it is, in a sentence. Where nobody reads them the case is
        not asked.
    most_bytes : int
    gist : callable, optional
        From one observation to all that a known mistake is told by; without it that is the outcome,
        what was returned and what the arguments were afterwards, and the parts that fail.
    rtol, atol : float
        Tolerances that float32 answers keep and known mistakes do not.
    """

    part: str
    calls: list[tuple[Any, ...]]
    answer: Callable[[list[Observation]], Any] | None = returned
    verify: Callable[[list[Observation]], str | None] | None = None
    measures: str = ""
    raises: str | None = None
    asks_how: bool = False
    keeps_arguments: bool = True
    count_work: bool = False
    clocked: str = ""
    most_bytes: int = 1 << 30
    gist: Callable[[Observation], Any] | None = None
    rtol: float = 1e-4
    atol: float = 1e-6


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that students give, with the sentence they should read.

    ``shows`` recognizes it where answers draw random numbers: it takes a list with one list
    of observations per case, and returns whether they show this mistake.
    """

    name: str
    hint: str
    function: Callable[..., Any]
    shows: Callable[[list[list[Observation]]], bool] | None = None

    def __call__(self, *arguments: Any) -> Any:
        return self.function(*arguments)

    def seen_in(self, observations: list[list[Observation]]) -> bool:
        """Whether observations show this mistake; not if they are not of the expected form."""
        try:
            return bool(self.shows(observations))
        except Exception:
            return False


@dataclass(frozen=True)
class Twisted:
    """A reference with switches: an answer that makes one slip, or several.

    Attributes
    ----------
    function : callable
        Takes ``is_``, which says of each slip whether it is made, ``is_("no mean")``, then the
        arguments of the exercise.
    slips : mapping of str to str
        The sentence for each slip, the more basic slip first.
    shows : mapping of str to callable
        What recognizes a slip where answers draw random numbers, as in :class:`Mistake`.
    """

    function: Callable[..., Any]
    slips: Mapping[str, str]
    shows: Mapping[str, Callable[[list[list[Observation]]], bool]] = field(default_factory=dict)

    def making(self, *names: str) -> Callable[..., Any]:
        """The answer with these slips; without any it is right."""
        return partial(self.function, names.__contains__)

    def mistake(self, *names: str) -> Mistake:
        """The answer with these slips as a known mistake."""
        hint = " ".join(self.slips[name] for name in names)
        name = " and ".join(names)
        return Mistake(name, hint, self.making(*names), self.shows.get(name))


@dataclass(frozen=True)
class Written:
    """A question that is answered in words and marked by hand.

    Parameters
    ----------
    id : str
        The grade id of its cell.
    assignment : str
    points : float
    rubric : str
        What earns the points.
    model : str
        A good answer.
    """

    id: str
    assignment: str
    points: float
    rubric: str
    model: str


Draw = Callable[[np.random.Generator], Iterable[Case]]


@dataclass
class Exercise:
    """One exercise of an assignment.

    Parameters
    ----------
    id : str
        The name of the function to write.
    assignment : str
    parts : mapping of str to float
        Name of each part and its points.
    hints : tuple of str
        From a first pointer to nearly the answer; self-study gives them one at a time.
    mistakes : list of Mistake
        Added by :meth:`mistake`, and one for each slip by :meth:`twisted_by`.
    twisted : list of Twisted
        Added by :meth:`twisted_by`.
    equivalents : dict of str to str
        Statements that mutants of the reference have instead of its own and that make them no
        worse, with the reason; added by :meth:`as_right`.
    reference : callable
        The solution, set by :meth:`solved_by`.
    cases : callable
        From an rng to the cases of one examination, set by :meth:`examined_by`.

    Examples
    --------
    >>> exercise = Exercise("double", assignment="demo", parts={"value": 1})
    >>> @exercise.solved_by
    ... def double(a):
    ...     return 2 * a
    >>> @exercise.examined_by
    ... def draw(rng):
    ...     yield Case("value", [(rng.standard_normal(3),)])
    """

    id: str
    assignment: str
    parts: Mapping[str, float]
    hints: tuple[str, ...] = ()
    mistakes: list[Mistake] = field(default_factory=list)
    twisted: list[Twisted] = field(default_factory=list)
    equivalents: dict[str, str] = field(default_factory=dict)
    reference: Callable[..., Any] = field(init=False)
    cases: Draw = field(init=False)

    @property
    def points(self) -> float:
        """The sum over the parts."""
        return sum(self.parts.values())

    def solved_by(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Decorate the reference solution, which becomes ``exercise.reference``."""
        self.reference = function
        return function

    def examined_by(self, draw: Draw) -> Draw:
        """Decorate the generator of cases, which becomes ``exercise.cases``."""
        self.cases = draw
        return draw

    def mistake(
        self,
        name: str,
        hint: str,
        shows: Callable[[list[list[Observation]]], bool] | None = None,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Decorate a mistake that is a method of its own, and combines with no other."""

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            self.mistakes.append(Mistake(name, hint, function, shows))
            return function

        return register

    def twisted_by(
        self,
        slips: Mapping[str, str],
        shows: Mapping[str, Callable[[list[list[Observation]]], bool]] | None = None,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Decorate a reference with switches, whose slips can be made together.

        Parameters
        ----------
        slips : mapping of str to str
            The sentence for each slip, the more basic slip first.
        shows : mapping of str to callable, optional
            What recognizes a slip where answers draw random numbers, as in :class:`Mistake`.

        Examples
        --------
        >>> exercise = Exercise("mean_square", assignment="demo", parts={"value": 1})
        >>> @exercise.twisted_by({"no mean": "Divide by n.", "no square": "Square each number."})
        ... def twisted(is_, a):
        ...     total = np.sum(a if is_("no square") else a**2)
        ...     return total if is_("no mean") else total / len(a)
        >>> [float(mistake(np.array([1.0, 3.0]))) for mistake in exercise.mistakes]
        [10.0, 2.0]
        """

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            twisted = Twisted(function, slips, shows or {})
            self.twisted.append(twisted)
            self.mistakes += map(twisted.mistake, slips)
            return function

        return register

    def as_right(self, why: str, *statements: str) -> None:
        """Say why mutants of the reference that have these statements are as right as it is.

        Parameters
        ----------
        why : str
        *statements : str
            As ``python -m grading probe`` prints them; ``...`` stands for anything.
        """
        self.equivalents |= dict.fromkeys(statements, why)
