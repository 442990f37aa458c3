"""Who is in the class: the people of a roster, as nbgrader's student table has them."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

MAX_LETTERS = 128
"""The width of the columns of nbgrader's student table."""


@dataclass(frozen=True)
class Person:
    """A student of the course.

    Attributes
    ----------
    id : str
        The name of the student's folders, and the key of the gradebook.
    first_name, last_name, email : str
    lms_id : str
        The number that the learning platform gives to the person; in Canvas, the column ``ID``.
    sis_id : str
        The number in the school's own books; in Moodle, the ``ID number``.
    section, group : str
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_id: str = ""
    sis_id: str = ""
    section: str = ""
    group: str = ""

    @property
    def shown(self) -> str:
        """The last name, the first name and the id, as far as they are known."""
        whole = ", ".join(filter(None, (self.last_name, self.first_name)))
        return f"{whole} ({self.id})" if whole else self.id

    @property
    def login(self) -> str:
        """The id, if it can be the name of an account; an id with a space is a person's name."""
        return "" if " " in self.id else self.id

    @property
    def address(self) -> str:
        """The e-mail address."""
        return self.email or (self.id if "@" in self.id else "")

    def completed_by(self, other: "Person") -> "Person":
        """This person, with what only the other entry of the same person says."""
        known = {name: value for name, value in dataclasses.asdict(self).items() if value}
        return dataclasses.replace(other, **known)


def enter_people(gradebook: "Gradebook", people: Iterable[Person]) -> None:
    """Fill the student table; what a roster does not say stays as it is.

    nbgrader's own method takes a transaction for each student.
    """
    from nbgrader.api import Student  # slow to import, and a roster can be read without it

    entered = {student.id: student for student in gradebook.db.query(Student)}
    for person in people:
        student = entered.get(person.id)
        if student is None:
            student = Student(id=person.id)
            gradebook.db.add(student)
        fields = {"first_name": person.first_name, "last_name": person.last_name}
        fields |= {"email": person.email, "lms_user_id": person.lms_id}
        for name, value in fields.items():
            if value:
                setattr(student, name, value[:MAX_LETTERS])
    gradebook.db.commit()


def people_in(gradebook: "Gradebook") -> list[Person]:
    """The student table, sorted by id."""
    from nbgrader.api import Student

    found = [
        Person(
            student.id,
            student.first_name or "",
            student.last_name or "",
            student.email or "",
            student.lms_user_id or "",
        )
        for student in gradebook.db.query(Student)
    ]
    return sorted(found, key=lambda person: person.id)
