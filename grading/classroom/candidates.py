"""Sorts the files of a source by student: which notebooks of each could be the hand-in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from .collected import Collected
from .gradescope import Submission
from .hand_in import SECRET
from .layouts import (
    EXCHANGE,
    GOOGLE,
    MOODLE,
    NESTED,
    PLAIN,
    Claim,
    Layout,
    attempt_in,
    by_roster,
    claim_of,
)
from .moments import seconds_of, time_stamp
from .roster import Roster
from .sources import Found, Unusable
from .whose import Stranger, Whose


@dataclass(frozen=True)
class Candidate:
    """A notebook, and what its name says.

    Attributes
    ----------
    moment : float or None
        When it was handed in, or if the platform does not say, downloaded: the higher, the newer.
    handed_in : float or None
        When it was handed in.
    attempt : int
        0 for a notebook that is not named as the assignment.
    secret : Found or None
        What nbgrader's exchange put beside it.
    """

    file: Found
    claim: Claim
    attempt: int
    moment: float | None
    handed_in: float | None
    secret: Found | None = None

    @property
    def order(self) -> tuple[float, bool, int, int, float, str]:
        """The highest is used; what the platform says counts more than what the file says."""
        number = int(self.claim.file) if self.claim.file.isdigit() else 0
        said, own = self.claim.moment or 0.0, self.moment or 0.0
        return said, self.attempt > 0, self.attempt, number, own, self.file.name


def sorted_out(
    files: Sequence[tuple[str, Found]],
    layout: Layout,
    assignment: str,
    whose: Whose,
    roster: Roster | None,
    described: Mapping[str, Submission],
    found: Collected,
) -> dict[str, list[Candidate]]:
    """The notebooks of each student, of which one is to be used."""
    chosen: dict[str, list[Candidate]] = {}
    others: dict[str, list[str]] = {}
    beside: list[tuple[str, Found]] = []
    secrets = {path: file for path, file in files if PurePosixPath(path).name == SECRET}
    for path, file in files:
        if path in secrets:
            continue
        is_notebook = path.endswith(".ipynb")
        own_folder = by_roster(path, roster.ids) if roster and layout in PLAIN else None
        claim = Claim(own_folder) if own_folder else claim_of(layout, assignment, path)
        if claim is None:
            beside.append((path, file))
            continue
        try:
            students = whose.students(claim)
        except (Stranger, Unusable) as why:
            if not is_notebook:
                found.ignored += 1
            elif isinstance(why, Stranger):
                found.unknown.append(file.name)
            else:
                found.refused[file.name] = str(why)
            continue
        if claim.name in described:
            claim = replace(claim, moment=described[claim.name].moment)
        for student in students:
            if is_notebook:
                secret = secrets.get(str(PurePosixPath(path).with_name(SECRET)))
                attempt = attempt_in(assignment, path)
                candidate = _candidate(file, claim, layout, attempt, secret)
                chosen.setdefault(student, []).append(candidate)
            else:
                others.setdefault(student, []).append(file.name)
    for path, file in beside:
        if not path.endswith(".ipynb") or PurePosixPath(path).parts[0] in chosen:
            # What lies in the folder of a student who handed in the right notebook is no hand-in.
            found.ignored += 1
        else:
            found.unmatched.append(file.name)
    for student, names in others.items():
        if student in chosen:
            found.ignored += len(names)
        else:
            found.without[student] = tuple(names)
    return chosen


def refuse_namesakes(
    chosen: dict[str, list[Candidate]], layout: Layout, roster: Roster | None, found: Collected
) -> None:
    """Take out the files of students whose name several people have."""
    if layout is GOOGLE and roster:
        # The roster has one person of the name, so the copies are of one person.
        return
    for student in list(chosen):
        numbers = {one.claim.person for one in chosen[student]}
        if len(numbers) > 1:
            how = "--worksheet" if layout is MOODLE and roster else "a roster, or with --pattern"
            why = f"{len(numbers)} people are named {student}: tell them apart with {how}"
            found.refused |= {one.file.name: why for one in chosen.pop(student)}


def _candidate(
    file: Found, claim: Claim, layout: Layout, attempt: int, secret: Found | None
) -> Candidate:
    own = file.moment
    if layout.stamped and file.path is not None:
        own = seconds_of(time_stamp(str(file.path))) or own
    moment = own if claim.moment is None else claim.moment
    handed_in = moment if layout.dated or claim.moment is not None else None
    secret = secret if layout in (EXCHANGE, NESTED) else None
    return Candidate(file, claim, attempt, moment, handed_in, secret)
