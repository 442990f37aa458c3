"""The sandbox seen from outside: what is shown to what runs within."""

import shutil
import sys

import pytest

from grading.handout.release import PROJECT
from grading.sandbox.outside import Sandbox, _cover_course
from tests.support.submissions import graded, printed, solved


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")
def test_course_is_hidden_where_it_lies_in_what_is_shown(monkeypatch):
    assert _cover_course(["/nowhere"]) == []
    monkeypatch.setattr(sys, "base_prefix", str(PROJECT))
    text = (
        "# <answer>\nimport os\n"
        f"for folder in ('tests', 'notebooks', 'grading'):\n"
        f"    print(os.listdir(os.path.join({str(PROJECT)!r}, folder)))"
    )
    with Sandbox() as shown:
        result = graded(solved(softmax=text), shown)
    assert printed(result, "softmax").split("\n")[:3] == ["[]", "[]", "['sandbox']"]
