"""What became of every file that was collected, as a report."""

from dataclasses import dataclass, field

from ..gradebook.tables import listed
from ..printing import printable


@dataclass(frozen=True)
class Duplicate:
    """A student with several files: the one used and those that were not."""

    student: str
    used: str
    ignored: tuple[str, ...]


@dataclass
class Collected:
    """What became of every file.

    Attributes
    ----------
    layout : str
        Whose names the files have.
    collected : dict of str to str
        By student, the file whose content is now in ``submitted/``.
    kept : dict of str to str
        By student, the file that was left out because the one collected earlier is as new.
    late : list of str
        Whose hand-in the platform marks as late.
    duplicates : list of Duplicate
    ignored : int
        Files that are not notebooks, and notebooks beside the one named as the assignment.
    without : dict of str to tuple of str
        By student, what was handed in instead of a notebook.
    unknown : list of str
        Files whose student is not on the roster.
    unmatched : list of str
        Notebooks that the layout does not fit.
    refused : dict of str to str
        By file, why it was not taken.
    missing : list of str
        Students of the roster without a file here or earlier.
    """

    layout: str = ""
    collected: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    ignored: int = 0
    without: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether every file found its student."""
        return not (self.unknown or self.unmatched or self.refused or self.without)

    def lines(self) -> list[str]:
        """The report, one line per finding."""
        found = [
            f"{len(self.collected)} collected, {len(self.kept)} as new already "
            f"(layout: {self.layout})"
        ]
        if self.ignored:
            found.append(f"{self.ignored} files beside the notebooks are ignored")
        if self.late:
            found.append(f"marked late by the platform: {', '.join(self.late)}")
        for duplicate in self.duplicates:
            others = ", ".join(duplicate.ignored)
            found.append(f"{duplicate.student}: used {duplicate.used}; not {others}")
        for student, files in self.without.items():
            found.append(f"no notebook from {student}: {listed(files)}")
        found += [f"unknown student: {name}" for name in self.unknown]
        found += [f"not a submission: {name}" for name in self.unmatched]
        found += [f"refused: {name}: {why}" for name, why in self.refused.items()]
        found += [f"nothing from {student}" for student in self.missing]
        return [printable(line) for line in found]
