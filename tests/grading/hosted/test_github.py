"""The repository for GitHub Classroom: its workflow, and what that tells of a push."""

import base64
import json
import shutil
import subprocess

import pytest
import yaml

from grading import hosted_commands
from grading.classroom.autograde import settings_for
from grading.errors import Refused
from grading.handout.release import assignments
from grading.hosted.github import WORKFLOW, tell_github, write_template
from grading.hosted.single import grade_folder
from tests.support.small_class import ASSIGNMENT, CONFINED, TOTAL


@pytest.fixture(scope="module")
def settings():
    return settings_for(ASSIGNMENT, confined=CONFINED)


@pytest.fixture(scope="module")
def template(settings, tmp_path_factory):
    return write_template(tmp_path_factory.mktemp("template"), settings, "school/course")


@pytest.fixture(scope="module")
def workflow(template):
    return yaml.load((template / WORKFLOW).read_text(encoding="utf-8"), yaml.BaseLoader)


def test_template_holds_what_students_get(template, settings):
    notebook = json.loads((template / f"{ASSIGNMENT}.ipynb").read_text(encoding="utf-8"))
    assert notebook == settings.released


def test_workflow_gets_what_was_pushed_grades_it_and_reports(workflow):
    assert "push" in workflow["on"]
    assert workflow["permissions"] == {"contents": "read"}
    steps = workflow["jobs"]["grade"]["steps"]
    pushed, grades, *_, graded, reported = steps
    assert "repository" not in pushed["with"]
    assert grades["with"]["repository"] == "school/course"
    # What a push runs must not find a key that opens anything.
    assert {step["with"]["persist-credentials"] for step in (pushed, grades)} == {"false"}
    assert graded["run"] == f"python -m grading grade {ASSIGNMENT} ../{pushed['with']['path']}"
    assert graded["working-directory"] == grades["with"]["path"]
    runner = reported["with"]["runners"]
    said = reported["env"][f"{runner.upper()}_RESULTS"]
    assert said == f"${{{{ steps.{graded['id']}.outputs.result }}}}"


def test_scripts_of_the_workflow_are_bash(workflow):
    for step in workflow["jobs"]["grade"]["steps"]:
        done = subprocess.run(["bash", "-n"], input=step.get("run", ""), text=True)
        assert done.returncode == 0, step


@pytest.mark.skipif(
    shutil.which("actionlint") is None,
    reason="needs actionlint, a program that checks workflows of GitHub",
)
def test_workflow_passes_actionlint(template):
    done = subprocess.run(["actionlint", template / WORKFLOW], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["course", "a/b/c", "a b/c", ""])
def test_name_that_is_no_repository_is_refused(course, name):
    with pytest.raises(Refused, match="expected OWNER/NAME"):
        hosted_commands.github(course, assignments()[0], name)


def test_push_gets_a_summary_and_its_points(tmp_path, settings, template, solved, sandbox):
    def told(folder):
        entry = grade_folder(folder, settings, sandbox)
        variables = {
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
            "GITHUB_OUTPUT": str(tmp_path / "output"),
        }
        for path in variables.values():
            open(path, "w").close()
        assert tell_github(entry, settings, variables)
        name, _, value = (tmp_path / "output").read_text().partition("=")
        assert name == "result"
        return (tmp_path / "summary").read_text(), json.loads(base64.b64decode(value))

    (tmp_path / "in").mkdir()
    (tmp_path / "in" / f"{ASSIGNMENT}.ipynb").write_text(solved, encoding="utf-8")
    text, result = told(tmp_path / "in")
    assert f"{TOTAL:g} of {TOTAL:g} points" in text
    assert (result["status"], result["max_score"]) == ("pass", TOTAL)
    assert sum(test["score"] for test in result["tests"]) == TOTAL

    text, result = told(template)
    assert f"0 of {TOTAL:g} points" in text
    assert "    double_in_place is not written yet" in text
    assert result["status"] == "fail"
    assert {test["status"] for test in result["tests"]} == {"fail"}

    (tmp_path / "empty").mkdir()
    text, result = told(tmp_path / "empty")
    assert f"    Expected a notebook named {ASSIGNMENT}.ipynb, found none." in text
    assert result["status"] == "error"
