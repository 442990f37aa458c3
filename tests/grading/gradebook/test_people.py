"""The people of a roster in nbgrader's student table."""

from nbgrader.api import Gradebook

from grading.gradebook.people import Person, enter_people, people_in
from tests.support.graded_course import add_gradebook


def test_names_are_entered_and_what_a_roster_does_not_say_stays(tmp_path):
    url = add_gradebook(tmp_path, {"amy": {"first_name": "Amelia", "email": "amy@example.org"}})
    people = [Person("amy", last_name="Lee", lms_id="11"), Person("bo", "小明", "王" * 200)]
    with Gradebook(url, "a-course") as gradebook:
        enter_people(gradebook, people)
        amy, bo = people_in(gradebook)
    assert amy == Person("amy", "Amelia", "Lee", "amy@example.org", "11")
    assert bo == Person("bo", "小明", "王" * 128)


def test_id_that_is_a_name_is_no_login_and_one_that_is_an_address_is_one():
    assert Person("Amy Lee").login == "" and Person("amy").login == "amy"
    assert Person("amy@example.org").address == "amy@example.org"
    assert Person("amy", email="a@example.org").address == "a@example.org"


def test_one_entry_completes_another():
    roster, gradebook = Person("amy", "Amy", sis_id="S1"), Person("amy", "A", "Lee")
    assert roster.completed_by(gradebook) == Person("amy", "Amy", "Lee", sis_id="S1")
