"""Whose a file is: from what its name says to a student's id."""

import unicodedata
from collections.abc import Mapping

from ..gradebook.people import Person
from .gradescope import Submission, Submitter
from .layouts import (
    BLACKBOARD,
    CANVAS,
    CANVAS_ANONYMOUS,
    GRADESCOPE,
    MOODLE,
    Claim,
    Layout,
    letters,
)
from .roster import Roster, can_be_id
from .sources import Unusable

HIDDEN = "participant"
"""What Moodle calls everybody where names are hidden."""


class Stranger(Exception):
    """Nobody on the roster is meant."""


class Whose:
    """Finds the students of a file.

    Parameters
    ----------
    layout : Layout
    assignment : str
    roster : Roster or None
        Without one, a student's id is what the platform calls the person.
    participants : mapping of str to Person
        By Moodle's number of a participant, who it is.
    submissions : mapping of str to Submission
        By folder, what Gradescope says of it.
    """

    def __init__(
        self,
        layout: Layout,
        assignment: str,
        roster: Roster | None,
        participants: Mapping[str, Person],
        submissions: Mapping[str, Submission],
    ):
        self._layout, self._assignment, self._roster = layout, assignment, roster
        self._participants, self._submissions = participants, submissions

    def students(self, claim: Claim) -> list[str]:
        """Ids of those who handed a file in; several if it is of a group.

        Raises
        ------
        Stranger
            If nobody on the roster is meant.
        Unusable
            If it cannot be said who is meant.
        """
        if self._layout is GRADESCOPE:
            return self._of_gradescope(claim)
        if letters(claim.name) == letters(self._assignment):
            raise Unusable("its student would be named like the assignment: give a --pattern")
        if self._roster is None or self._layout is CANVAS_ANONYMOUS:
            hidden = self._layout is MOODLE and letters(claim.name) == HIDDEN
            return [_as_id(f"{claim.name} {claim.user}" if hidden else claim.name)]
        if self._layout is CANVAS:
            return self._of_canvas(claim, self._roster)
        if self._layout is MOODLE and (person := self._participant(claim, self._roster)):
            return [person.id]
        if self._layout is BLACKBOARD:
            return self._of_blackboard(claim, self._roster)
        return self._named(claim.name, self._roster)

    def _participant(self, claim: Claim, roster: Roster) -> Person | None:
        """Who has Moodle's number; a group can have the same one."""
        person = self._participants.get(claim.user)
        is_group = letters(claim.name) in roster.groups and person not in roster.named(claim.name)
        return None if is_group else person

    def _of_canvas(self, claim: Claim, roster: Roster) -> list[str]:
        person = roster.by_lms_id.get(claim.user)
        group = roster.groups.get(letters(claim.name), [])
        if group and (person is None or person in group):
            # The number is that of the one who handed in for the group, the name the group's.
            return [one.id for one in group]
        if person is not None:
            return [person.id]
        return self._one([one for one in roster.named(claim.name) if not one.lms_id], claim.name)

    def _of_blackboard(self, claim: Claim, roster: Roster) -> list[str]:
        # Both titles and accounts can have an underscore in them.
        words = f"{claim.person}_{claim.name}".split("_")
        for start in range(1, len(words)):
            if (account := "_".join(words[start:])) in roster.ids:
                return [account]
        return self._named(claim.name, roster)

    def _of_gradescope(self, claim: Claim) -> list[str]:
        submission = self._submissions.get(claim.name)
        if submission is None or not submission.submitters:
            raise Unusable("Gradescope does not say whose it is")
        return [student for one in submission.submitters for student in self._submitter(one)]

    def _submitter(self, one: Submitter) -> list[str]:
        if self._roster is None:
            return [_as_id(one.sid or one.email or one.name)]
        for name in filter(None, (one.sid, one.email)):
            if found := self._roster.named(name):
                return self._one(found, name)
        return self._named(one.name, self._roster)

    def _named(self, name: str, roster: Roster) -> list[str]:
        people, group = roster.named(name), roster.groups.get(letters(name), [])
        if people and group:
            raise Unusable(f"both a person and a group are named {name}: rename the group")
        return [one.id for one in group] or self._one(people, name)

    def _one(self, people: list[Person], name: str) -> list[str]:
        if not people:
            raise Stranger
        if len(people) > 1:
            raise Unusable(f"{len(people)} people of the roster are named {name}: {self._how()}")
        return [people[0].id]

    def _how(self) -> str:
        """What to do about namesakes."""
        if self._layout is not MOODLE:
            return "rename their files, with the id where the name is"
        if not self._participants:
            return "give Moodle's --worksheet"
        return "put what the worksheet says of each, address or ID number, into the roster"


def _as_id(name: str) -> str:
    """A student's id from what a platform calls the person."""
    shown = "".join(letter for letter in name if unicodedata.category(letter) != "Cf").strip()
    if not can_be_id(shown):
        raise Unusable(f"{name!r} cannot be a student's id")
    return shown
