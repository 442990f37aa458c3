"""What a feedback page says, and what it never holds."""

import dataclasses
import json
import re

import pytest
from nbformat import read
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from cs231n_utils.checking.verdict import Verdict
from grading.exercises import EXERCISES
from grading.gradebook.grades import Grades
from grading.handout.release import NOTEBOOKS
from grading.ledger import VERDICT_TYPE
from grading.pages.feedback import write_feedback
from grading.pages.markdown import MAX_MARKDOWN
from grading.pages.rendering import TEMPLATES
from grading.pages.student_page import render_page
from grading.rules.count import Counted, Given, Score
from tests.support.graded_course import (
    ASSIGNMENT,
    IDS,
    WRITTEN,
    Elements,
    add_gradebook,
    add_student,
    solved,
)
from tests.support.pages import EVIL, HOSTILE_MARKDOWN, PIXEL, assert_harmless
from tests.support.pages import feedback_page as page_of


def row_of(page, name):
    """The row of the summary about one exercise, as text."""
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    row = next(row for row in table.split("<tr>") if f"<code>{name}</code>" in row)
    return Elements(row).text


def test_summary_names_parts_mistake_hint_and_what_to_read(tmp_path):
    add_student(tmp_path, "amy", {"softmax": "no shift"})
    write_feedback(tmp_path, ASSIGNMENT)
    page = page_of(tmp_path, "amy")
    row = row_of(page, "softmax")
    hint = next(m.hint for m in EXERCISES["softmax"].mistakes if m.name == "no shift")
    assert "2 of 3" in row and "✓ value" in row and "✗ stable" in row
    assert "No shift." in row and hint in row
    assert "Read again: 9 Numeric stability › Exercise: softmax" in row
    assert "All right." in row_of(page, "regularization")
    total = sum(EXERCISES[name].points for name in IDS)
    assert f"{total - 1:g} of {total + 4:g} points so far" in Elements(page).text


def test_links_of_the_summary_lead_to_sections(tmp_path):
    add_student(tmp_path, "amy", {"softmax": "no shift"})
    write_feedback(tmp_path, ASSIGNMENT)
    elements = Elements(page_of(tmp_path, "amy")).elements
    targets = {attributes["id"] for _, attributes in elements if "id" in attributes}
    links = {a["href"][1:] for tag, a in elements if tag == "a" and a["href"].startswith("#")}
    assert len(links) == len(IDS) + 2 and links <= targets


def test_answer_that_could_not_be_judged_says_why(tmp_path):
    why = "Its answer cell is missing from the notebook handed in."
    add_student(tmp_path, "amy", unjudged=("softmax",), unusable={"softmax-answer": why})
    write_feedback(tmp_path, ASSIGNMENT)
    row = row_of(page_of(tmp_path, "amy"), "softmax")
    assert "0 of 3" in row and row.count(why) == 1


def test_which_of_several_cells_was_graded_is_said(tmp_path):
    note = "2 different cells are marked as this answer: they were joined."
    add_student(tmp_path, "amy", notes={"softmax-answer": note})
    write_feedback(tmp_path, ASSIGNMENT)
    assert page_of(tmp_path, "amy").count(note) == 1


def test_part_that_was_not_judged_is_not_called_failed(tmp_path):
    add_student(tmp_path, "amy", unjudged=("softmax",))
    write_feedback(tmp_path, ASSIGNMENT)
    row = row_of(page_of(tmp_path, "amy"), "softmax")
    assert "– value" in row and "not judged" in row and "✗" not in row


def test_scores_made_without_a_sandbox_are_marked(tmp_path):
    add_student(tmp_path, "amy", confined=False)
    add_student(tmp_path, "bob")
    write_feedback(tmp_path, ASSIGNMENT)
    assert "Graded without a sandbox" in page_of(tmp_path, "amy")
    assert "without a sandbox" not in page_of(tmp_path, "bob")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The page of a student who puts HTML wherever text is taken."""
    course = tmp_path_factory.mktemp("hostile")
    outputs = [
        new_output("stream", name="stdout", text=EVIL + "\x1b[31mred\x1b[0m" + "x" * 10_000),
        new_output("display_data", data={"text/html": EVIL, "text/plain": "plain " + EVIL}),
        new_output("display_data", data={"image/svg+xml": f"<svg>{EVIL}</svg>"}),
        new_output("display_data", data={"text/markdown": EVIL, "application/javascript": "a()"}),
        new_output("display_data", data={"image/png": PIXEL, "text/plain": "' onload='alert(6)"}),
        new_output("display_data", data={"image/png": "' onload='alert(3)"}),
        new_output("error", ename=EVIL, evalue=EVIL, traceback=[EVIL]),
    ]
    words = "\n\n".join(HOSTILE_MARKDOWN)[: MAX_MARKDOWN - 1_000] + (
        f"\n\n{EVIL}\n\n# Heading {EVIL}\n\n[link](javascript:alert(4)) [other](data:text/html,x) "
        "![picture](http://evil.example/y.png) <iframe src='http://evil.example'></iframe> "
        "`code <b>` $x < y \\href{javascript:alert(5)}{z}$ $$\\sum_i x_i$$ &#xe000;0&#xe001;\n\n"
        "<http://evil.example> <style>body{background:url(http://evil.example)}</style>\n\n"
        "| a |\n|---|\n| <form action=x><input name=y></form> |\n"
    )
    add_student(
        course,
        "amy",
        {"svm_loss_naive": "no margin"},
        answers={"softmax-answer": f"# </pre>{EVIL}\n'''{EVIL}", WRITTEN: words},
        outputs={"softmax-answer": outputs},
        unusable={"regularization-answer": EVIL},
        notes={"softmax-answer": EVIL},
        unjudged=("regularization",),
        reason=EVIL,
    )
    # A verdict repeats what an answer raised.
    path = course / "ledger" / ASSIGNMENT / "amy.json"
    entry = json.loads(path.read_text())
    entry["verdicts"][0] |= {
        "message": EVIL + "\x1b[2J\x07",
        "mistakes": {EVIL: EVIL},
        "reasons": {EVIL: EVIL},
    }
    path.write_text(json.dumps(entry))
    comments = {WRITTEN: f"Good {EVIL} **work**", "softmax-answer": EVIL}
    grades = {WRITTEN: {"manual_score": 1.0}}
    add_gradebook(course, {"amy": {"grades": grades, "comments": comments}})
    (page,) = write_feedback(course, ASSIGNMENT)
    assert not page.error
    return page_of(course, "amy")


def test_page_holds_no_element_that_runs_or_fetches(hostile):
    assert_harmless(hostile)
    elements = Elements(hostile).elements
    assert [a["src"] for tag, a in elements if tag == "img"] == [f"data:image/png;base64,{PIXEL}"]
    (policy,) = (a["content"] for tag, a in elements if tag == "meta" and "http-equiv" in a)
    assert policy == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
    style = hostile[hostile.index("<style>") : hostile.index("</style>")]
    assert "url(" not in style and "@import" not in style


def test_what_a_student_wrote_is_shown_as_text(hostile):
    text = Elements(hostile).text
    assert text.count("<script>alert(1)</script>") >= 8
    assert "more characters" in text and "\x1b" not in text
    assert "Good <script>" in text and "<strong>work</strong>" in hostile


@pytest.mark.parametrize(
    "text", [EVIL, "'\"><b onclick=x>&lt;", "{{ 7 * 7 }}{% raw %}", "a\x00\x1bb"]
)
def test_any_text_is_shown_as_it_is(text, tmp_path):
    """Whatever is not ours, in the places where no rule of another module forbids it."""
    verdict = Verdict(text, False, 1.0, 2.0, {text: False}, {text: 1.0}, {text: text},
                      measured=text, message=text, reasons={text: text})  # fmt: skip
    cells = [
        new_markdown_cell("# Title"),
        new_code_cell(text, metadata={"nbgrader": {"grade_id": f"{text}-answer",
                                                   "solution": True, "grade": False}}),
        new_code_cell("check()", metadata={"nbgrader": {"grade_id": text, "points": 2,
                                                        "solution": False, "grade": True}}),
    ]  # fmt: skip
    cells[2].outputs = [
        new_output("execute_result", data={VERDICT_TYPE: dataclasses.asdict(verdict)})
    ]
    notebook = new_notebook(cells=cells)
    entry = add_student(
        tmp_path,
        "amy",
        notebook=False,
        verdicts=(),
        status="ungradable",
        reason=text,
        unusable={f"{text}-answer": text},
    )
    page = render_page(text, text, notebook, entry, Grades(Score({}, 1.0, text), {text: text}))
    assert_harmless(page)
    shown = text.replace("\x00", "�").replace("\x1b", "�")
    body = Elements(page[page.index("<body>") :]).text
    assert body.count(shown) >= 12
    assert "\x00" not in page and "\x1b" not in page and "49" not in body


RULED = {
    "softmax": Counted(Given(3.0), 3.0, "full points to all"),
    "svm_loss_naive": Counted(Given(0.0), 0.0, "not counted"),
    "regularization": Counted(Given(3.0), 0.0, "extra credit"),
    WRITTEN: Counted(Given(None, 2.0, 1.5), 2.0),
}


def test_page_says_which_rule_made_a_difference_and_why_points_are_off(tmp_path):
    entry = add_student(tmp_path, "amy", answers={WRITTEN: "Because."})
    path = tmp_path / "autograded" / "amy" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    grades = Grades(Score(RULED, 4.8, "2 days late: -20 %"))
    page = render_page(ASSIGNMENT, "amy", read(path, 4), entry, grades)
    assert "3.5 of 2 (extra credit)" in row_of(page, WRITTEN)
    assert "3 (extra credit)" in row_of(page, "regularization")
    assert "3 of 3" in row_of(page, "softmax") and "full points to all" in row_of(page, "softmax")
    row = row_of(page, "svm_loss_naive")
    assert "not counted" in row and "3 of 3" not in row
    text = Elements(page).text
    assert "4.8 points off for handing in late (2 days late: -20 %)" in text
    # svm_loss_vectorized, softmax_loss_naive and softmax_loss_vectorized give 4, 3 and 4.
    got = 3 + 3 + 3.5 + 11 - 4.8
    assert f"{got:g} of {3 + 2 + 11 + 2:g} points so far" in text


def test_mistake_is_explained_though_a_rule_or_a_mark_gives_all_points(tmp_path):
    entry = add_student(tmp_path, "amy", {"softmax": "no shift"})
    path = tmp_path / "autograded" / "amy" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    for given in (Counted(Given(3.0), 3.0, "full points to all"), Counted(Given(1.0, 3.0), 3.0)):
        grades = Grades(Score(RULED | {"softmax": given}))
        row = row_of(render_page(ASSIGNMENT, "amy", read(path, 4), entry, grades), "softmax")
        assert "3 of 3" in row and "No shift." in row and "All right" not in row


def test_figure_is_described_as_the_student_described_it(tmp_path):
    texts = ("The loss falls < 1", "<Figure size 640x480 with 1 Axes>")
    outputs = [
        new_output("display_data", data={"image/png": PIXEL, "text/plain": text}) for text in texts
    ]
    add_student(tmp_path, "amy", outputs={"softmax-answer": outputs})
    write_feedback(tmp_path, ASSIGNMENT)
    elements = Elements(page_of(tmp_path, "amy")).elements
    alts = [attributes["alt"] for tag, attributes in elements if tag == "img"]
    assert alts == ["The loss falls < 1", "A figure that this cell drew"]


def test_page_holds_no_answer_but_the_students(tmp_path):
    answers = dict.fromkeys((f"{name}-answer" for name in IDS), "pass")
    add_student(tmp_path, "amy", answers=answers, unjudged=tuple(IDS))
    write_feedback(tmp_path, ASSIGNMENT)
    text = Elements(page_of(tmp_path, "amy")).text
    released = (NOTEBOOKS / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text(encoding="utf-8")
    for name in IDS:
        for line in solved()[f"{name}-answer"].splitlines():
            if json.dumps(line)[1:-1] not in released:
                assert line.strip() not in text
    assert "YOUR ANSWER" not in text and "Nothing was written here." in text


def test_math_is_readable_without_a_script(tmp_path):
    add_student(tmp_path, "amy", {"svm_loss_naive": "no margin"})
    write_feedback(tmp_path, ASSIGNMENT)
    page = page_of(tmp_path, "amy")
    assert "<math" in page and "<mfrac><mn>1</mn><mi>N</mi></mfrac>" in page
    assert "$" not in Elements(page[page.index("<main>") :]).text
    assert 'class="latex"' not in page


def test_marks_and_comments_of_a_grader_are_shown(tmp_path):
    add_student(tmp_path, "amy", {"softmax": "no shift"}, answers={WRITTEN: "Because."})
    grades = {name: {"auto_score": float(EXERCISES[name].points)} for name in IDS}
    grades["softmax"] = {"auto_score": 2.0, "manual_score": 3.0}
    grades[WRITTEN] = {"manual_score": 1.5}
    comments = {WRITTEN: "Say it with $C - 1$."}
    add_gradebook(
        tmp_path, {"amy": {"grades": grades, "comments": comments, "penalty": 2.0}}
    )  # fmt: skip
    write_feedback(tmp_path, ASSIGNMENT)
    page = page_of(tmp_path, "amy")
    assert "1.5 of 2" in row_of(page, WRITTEN)
    assert "3 of 3" in row_of(page, "softmax") and "automatic 2" in row_of(page, "softmax")
    total = sum(EXERCISES[name].points for name in IDS) + 1.5 - 2
    text = Elements(page).text
    assert f"{total:g} of" in text and "2 points off for handing in late" in text
    assert "Say it with" in text


def test_text_stands_out_from_what_is_behind_it():
    """Contrast of at least 4.5 to 1, as WCAG 2.2 asks, on light and on dark screens."""

    def luminance(color):
        channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    for scheme in (light, dark):
        colors = dict(re.findall(r"--([\w-]+): (#\w{6});", scheme))
        texts = ("ink", "quiet", "link", "passed", "failed")
        pairs = [(text, "paper") for text in texts] + [(text, "page") for text in texts]
        pairs += [("label", state) for state in ("passed", "failed", "waiting")]
        pairs += [("ink", behind) for behind in ("code", "notice", "comment")]
        for text, behind in pairs:
            darker, lighter = sorted(luminance(colors[name]) for name in (text, behind))
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (text, behind)
