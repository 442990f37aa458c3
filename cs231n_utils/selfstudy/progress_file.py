"""What a student has done in self-study, kept outside the repository in one JSON file.

Several kernels may change it at once: each change reads the file, changes what it read, and
replaces the file, under a lock. A file that cannot be read is set aside, never thrown away.
"""

import json
import os
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

import platformdirs

from cs231n_utils.system.files import locked, write_whole

PROGRESS_FILE = "CS231N_PROGRESS"
"""Environment variable: where the file is kept instead of the user's data folder."""

HONEST_ATTEMPTS = 3
"""Number of different answers that ran after which self-study shows the solution."""

VERSION = 1
LOCK_SECONDS = 5.0


class Listed(NamedTuple):
    """An exercise of the course; `id` is the name of its function."""

    id: str
    assignment: str
    points: float


@dataclass
class Work:
    """What was done on one exercise.

    Attributes
    ----------
    points : float
        The best so far.
    answers : list of str
        The code digest of each different answer that ran and was judged, up to the first pass.
    passed_on : str
        The date of the first pass, such as "2026-11-21"; empty before.
    hints : int
        How many hints were given.
    """

    points: float = 0.0
    answers: list[str] = field(default_factory=list)
    passed_on: str = ""
    hints: int = 0

    @property
    def attempts(self) -> int:
        """Different answers that ran and were judged, up to the first pass."""
        return len(self.answers)

    @property
    def opens_solution(self) -> bool:
        """Whether self-study shows the solution."""
        return bool(self.passed_on) or self.attempts >= HONEST_ATTEMPTS


@dataclass
class Predicted:
    """The first answer to a question of `predict_first`, and whether it was right."""

    said: str | float | list[float]
    right: bool


@dataclass
class Progress:
    """Everything that is kept.

    Attributes
    ----------
    exercises : dict of str to Work
    ladder : dict of str to dict of str to float
        By data set, "CIFAR-10" or "stand-in": the best accuracy reached on each rung.
    predictions : dict of str to Predicted
    """

    exercises: dict[str, Work] = field(default_factory=dict)
    ladder: dict[str, dict[str, float]] = field(default_factory=dict)
    predictions: dict[str, Predicted] = field(default_factory=dict)

    def work(self, exercise: str) -> Work:
        """What was done on an exercise; kept if it is changed."""
        return self.exercises.setdefault(exercise, Work())

    def add_verdict(self, exercise: str, points: float, passed: bool, answer: str | None) -> None:
        """Add what a check found; `answer` is its code digest, None if nothing was written yet."""
        work = self.work(exercise)
        work.points = max(work.points, points)
        if answer is not None and not work.passed_on and answer not in work.answers:
            work.answers.append(answer)
        if passed and not work.passed_on:
            work.passed_on = date.today().isoformat()

    def add_rungs(self, data_set: str, reached: dict[str, float]) -> None:
        """Add accuracies on the ladder; of several for one rung the best is kept.

        Of several for chance the first is kept: the best of them would no longer be chance.
        """
        best = self.ladder.setdefault(data_set, {})
        for rung, accuracy in reached.items():
            if rung != "chance" or rung not in best:
                best[rung] = max(best.get(rung, 0.0), float(accuracy))

    def add_prediction(self, name: str, said: str | float | list[float], right: bool) -> None:
        """Add the first answer to a question, or the first since the question has changed."""
        self.predictions[name] = Predicted(said, right)


def location() -> Path:
    """Where the progress is kept."""
    named = os.environ.get(PROGRESS_FILE)
    return Path(named) if named else Path(platformdirs.user_data_dir("cs231n")) / "progress.json"


def read() -> Progress:
    """The progress so far; a damaged file is set aside, and a warning says where."""
    try:
        return _parsed(location())
    except ValueError:
        return change(lambda progress: None)
    except OSError as error:
        _warn_not_kept(error)
        return Progress()


def change(how: Callable[[Progress], None]) -> Progress:
    """Change the progress, one process at a time.

    Where it cannot be kept (a full disk, a read-only home) a warning says so and the work goes on.

    Parameters
    ----------
    how : callable
        Changes the `Progress` that it is given.

    Returns
    -------
    Progress
        After the change.
    """
    path = location()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path.with_suffix(".lock"), LOCK_SECONDS):
            try:
                progress = _parsed(path)
            except ValueError:
                _set_aside(path)
                progress = Progress()
            how(progress)
            write_whole(path, json.dumps({"version": VERSION, **asdict(progress)}, indent=1))
    except OSError as error:
        _warn_not_kept(error)
        progress = Progress()
        how(progress)
    return progress


def code_digest(function: Callable[..., Any]) -> str:
    """A text that stays the same until the code of an answer, or of its helpers, changes.

    Comments, blank lines and the place in the notebook do not change it.
    """
    described = sorted(repr(_plain(code)) for code in _codes(function, set()))
    return sha256("\n".join(described or [repr(type(function))]).encode()).hexdigest()[:16]


def _codes(function: Any, seen: set[CodeType]) -> set[CodeType]:
    """The code of a function and of the functions beside it that it calls by name."""
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType) or code in seen:
        return seen
    seen.add(code)
    for name in code.co_names:
        helper = getattr(function, "__globals__", {}).get(name)
        if getattr(helper, "__module__", None) == function.__module__:
            _codes(helper, seen)
    return seen


def _plain(value: Any) -> Any:
    """What a code object does, without its file and lines."""
    if isinstance(value, CodeType):
        return value.co_code, value.co_names, value.co_varnames, _plain(value.co_consts)
    if isinstance(value, tuple):
        return tuple(_plain(item) for item in value)
    return sorted(map(repr, value)) if isinstance(value, frozenset) else value


def _parsed(path: Path) -> Progress:
    """Read the file; there is none at first.

    Raises
    ------
    ValueError
        If it is damaged, or of another version.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Progress()
    try:
        kept = json.loads(text)
        if kept["version"] != VERSION:
            raise ValueError(f"version {kept['version']}")
        return Progress(
            {name: _checked_work(work) for name, work in kept["exercises"].items()},
            {
                data_set: {rung: float(accuracy) for rung, accuracy in rungs.items()}
                for data_set, rungs in kept["ladder"].items()
            },
            {
                name: Predicted(predicted["said"], bool(predicted["right"]))
                for name, predicted in kept.get("predictions", {}).items()  # files before them
            },
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not a progress file") from error


def _checked_work(kept: dict[str, Any]) -> Work:
    return Work(
        float(kept["points"]),
        [str(answer) for answer in kept["answers"]],
        str(kept["passed_on"]),
        int(kept["hints"]),
    )


def _set_aside(path: Path) -> None:
    aside = path.with_name(f"{path.stem}-damaged-{datetime.now():%Y%m%d-%H%M%S-%f}.json")
    path.replace(aside)
    warnings.warn(
        f"Your progress in {path} could not be read, so a new file begins; the old one is kept "
        f"as {aside.name}.",
        stacklevel=2,
    )


def _warn_not_kept(error: OSError) -> None:
    reason = error.strerror or str(error)
    warnings.warn(
        f"Your progress is not kept in {location()} ({reason}): mend that, or name another file "
        f"in {PROGRESS_FILE}.",
        stacklevel=2,
    )
