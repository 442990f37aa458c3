"""A teacher's way through nbgrader's formgrader: release, grade, mark by hand, give feedback."""

import shutil
import sys

import nbformat
import pytest

from grading import commands
from grading.classroom.course import Course
from grading.commands import Options
from grading.demo import Slip, Submission
from grading.exercises import EXERCISES
from grading.handout.release import read_source, student_version
from tests.support.browser import Record, jupyter
from tests.support.graded_course import handed_in

sync_api = pytest.importorskip("playwright.sync_api")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("bwrap") is None, reason="needs bubblewrap"),
]

ASSIGNMENT = "00-start-here"
WRITTEN = "written-mean-image"
MISTAKE = next(m for m in EXERCISES["double_in_place"].mistakes if m.name == "squares")
TOTAL = sum(e.points for e in EXERCISES.values() if e.assignment == ASSIGNMENT) + 1
SLIP = Slip("squares", "2 * entry", "entry * entry", ("every entry doubled", "returns None"))
SUBMISSION = Submission("ada", ASSIGNMENT, slips={"double_in_place": SLIP})


@pytest.fixture
def course(tmp_path):
    course = Course(tmp_path / "course")
    course.create()
    return course


@pytest.fixture
def formgrader(course, record, tmp_path):
    """The formgrader inside of JupyterLab, opened by its menu."""
    command = [sys.executable, "-m", "jupyterlab", "-y", "--no-browser", "--allow-root"]
    command.append("--LabApp.expose_app_in_browser=True")
    with jupyter(command, course.root, course.root, tmp_path / "home") as server:
        record.page.goto(server.address("lab"))
        record.page.get_by_role("menuitem", name="Nbgrader").click()
        record.page.get_by_role("menuitem", name="Formgrader", exact=True).click()
        yield Formgrader(record.page)
        # Also where the server has no network, math is shown and nothing is waited for.
        assert record.requests_outside(server.url) == []


class Formgrader:
    """What a teacher does in the formgrader."""

    def __init__(self, page):
        self._page = page
        self.frame = page.frame_locator("#formgrader-iframe iframe")

    def row(self, text):
        return self.frame.get_by_role("row").filter(has_text=text)

    def press(self, row, column):
        """Press the button in a column of the table, and put away the report of success."""
        self.row(row).locator(f".{column} a").click()
        dialog = self.frame.get_by_role("dialog")
        sync_api.expect(dialog.get_by_role("heading")).to_have_text("Success")
        dialog.get_by_role("button", name="OK").click()
        sync_api.expect(dialog).to_have_count(0)

    def follow(self, *names):
        """Go from page to page by links."""
        for name in names:
            self.go(self.frame.get_by_role("link", name=name, exact=True))

    def go(self, link):
        with self._page.expect_event("framenavigated"):
            link.click()

    def enter(self, field, text):
        """Type into a field and leave it; it is saved then."""
        self.frame.locator(field).fill(text)
        with self._page.expect_response(lambda response: response.request.method == "PUT"):
            self.frame.locator(field).press("Tab")


def test_assignment_is_released_graded_marked_and_given_back(course, formgrader, browser):
    formgrader.press(ASSIGNMENT, "assign")
    released = course.root / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    assert sources(nbformat.read(released, 4)) == sources(student_version(read_source(ASSIGNMENT)))

    folder = course.submitted / "ada" / ASSIGNMENT
    folder.mkdir(parents=True)
    nbformat.write(handed_in(SUBMISSION), folder / f"{ASSIGNMENT}.ipynb")
    formgrader.follow("Manage Assignments")
    formgrader.go(formgrader.row(ASSIGNMENT).locator(".num-submissions a"))
    ada = formgrader.row("ada")
    sync_api.expect(ada).to_contain_text("needs autograding")
    formgrader.press("ada", "autograde")
    sync_api.expect(ada).to_contain_text("needs manual grading")
    sync_api.expect(ada.locator(".score")).to_have_text(f"{SUBMISSION.deserved:g} / {TOTAL:g}")

    formgrader.follow("Manual Grading", ASSIGNMENT, ASSIGNMENT, "Submission #1")
    for exercise, points in {"double_in_place": 0, "linear_scores": 1, "accuracy": 1}.items():
        score = formgrader.frame.locator(f"input#{exercise}")
        sync_api.expect(score).to_have_attribute("placeholder", str(points))
    formgrader.enter(f"#{WRITTEN}", "0.5")
    formgrader.enter(f"#{WRITTEN}-comment", "Say what a mean image is.")

    formgrader.follow("Manual Grading", "Manage Assignments")
    formgrader.press(ASSIGNMENT, "generate-feedback")
    feedback = Record(browser.new_page())
    feedback.page.goto(
        (course.root / "feedback" / "ada" / ASSIGNMENT / f"{ASSIGNMENT}.html").as_uri()
    )
    marks = f"{SUBMISSION.deserved + 0.5:g} of {TOTAL:g}"
    for text in (marks, MISTAKE.name, MISTAKE.hint, "Say what a mean image is."):
        sync_api.expect(feedback.page.locator("body")).to_contain_text(text)
    assert feedback.messages == []
    assert feedback.requests_outside("file:") == []


HOSTILE = """<script>top.ran = 1</script> <img src=x onerror="top.ran = 2">
<iframe srcdoc="<script>top.ran = 3</script>"></iframe> <svg onload="top.ran = 4"></svg>
<details open ontoggle="top.ran = 5">x</details> [link](javascript:top.ran=6) so I wrote
"""


@pytest.fixture
def hostile_submission(course):
    """A graded submission whose written answer holds scripts, before any server looks at it."""
    submission = handed_in(SUBMISSION)
    for cell in submission.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == WRITTEN:
            cell.source = HOSTILE
    folder = course.submitted / "ada" / ASSIGNMENT
    folder.mkdir(parents=True)
    nbformat.write(submission, folder / f"{ASSIGNMENT}.ipynb")
    commands.release(course, ASSIGNMENT)
    assert commands.autograde(course, course.submitted, Options(ASSIGNMENT)) == commands.OK


def test_script_in_a_written_answer_never_runs_in_the_origin_of_the_teacher(
    hostile_submission, formgrader, record
):
    page = record.page

    formgrader.follow("Manual Grading", ASSIGNMENT, ASSIGNMENT, "Submission #1")
    sync_api.expect(formgrader.frame.locator("body")).to_contain_text("so I wrote")
    sync_api.expect(formgrader.frame.locator("math").first).to_be_visible()
    for link in formgrader.frame.get_by_role("link", name="link", exact=True).all():
        link.click()
    page.wait_for_timeout(500)
    assert page.evaluate("window.ran") is None

    page.evaluate(
        "path => window.jupyterapp.commands.execute('docmanager:open', {path})",
        f"autograded/ada/{ASSIGNMENT}/{ASSIGNMENT}.ipynb",
    )
    shown = page.locator(".jp-RenderedMarkdown").get_by_text("so I wrote")
    shown.scroll_into_view_if_needed()
    sync_api.expect(shown).to_be_visible()
    page.wait_for_timeout(500)
    assert page.evaluate("window.ran") is None


def sources(notebook):
    return [cell.source for cell in notebook.cells]
