"""What Gradescope says of an export."""

import pytest

from grading.classroom.gradescope import Submission, Submitter, submissions

TEXT = """
submission_7:
  :submitters:
  - :name: Ann B
    :sid: '0012'
    :email: ann@example.org
  - :name: Bo
    :sid:
    :email: bo@example.org
  :created_at: {time}
  :results: {{tests: [{{output: "!ruby/object:Kernel"}}]}}
"""


@pytest.mark.parametrize(
    "time",
    [
        "1970-01-02 00:00:00.500000000 Z",
        "1970-01-02 02:00:00.5 +02:00",
        "'1970-01-02T00:00:00.5Z'",
        "!ruby/object:ActiveSupport::TimeWithZone {utc: 1970-01-02 00:00:00.5 Z, zone: x}",
    ],
)
def test_people_and_time_of_a_folder(time):
    people = (Submitter("Ann B", "0012", "ann@example.org"), Submitter("Bo", "", "bo@example.org"))
    assert submissions(TEXT.format(time=time)) == {"submission_7": Submission(people, 86_400.5)}


def test_no_time_is_none_and_a_date_is_its_first_moment():
    assert submissions(TEXT.format(time=""))["submission_7"].moment is None
    assert submissions(TEXT.format(time="1970-01-02"))["submission_7"].moment == 86_400


@pytest.mark.parametrize(
    "text", ["", "- 1", "a: 1", "a: {", "a: !!python/object/apply:os.system [ls]", "{}: {}: ["]
)
def test_what_is_not_of_gradescope_is_refused(text):
    with pytest.raises(ValueError, match="not what Gradescope writes"):
        submissions(text)
