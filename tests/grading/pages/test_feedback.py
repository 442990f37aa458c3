"""Feedback pages: what they say, what they never hold, and that one never stops the others."""

import base64
import html
import json
import struct
import xml.etree.ElementTree
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_output
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from grading.exercises import EXERCISES
from grading.handout.answers import fill_answers
from grading.handout.marks import is_answer
from grading.handout.release import NOTEBOOKS, assignments, read_source
from grading.pages import feedback as module
from grading.pages import student_page as rendering
from grading.pages.feedback import write_feedback
from grading.pages.mathml import mathml
from grading.pages.student_page import markdown, verdict_of_card
from tests.support.graded_course import (
    ASSIGNMENT,
    IDS,
    WRITTEN,
    Elements,
    add_gradebook,
    add_student,
    solved,
    verdict_on,
)

EVIL = "<script>alert(1)</script><img src='http://evil.example/x.png' onerror='alert(2)'>"
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJg"
    "gg=="
)


def page_of(course, student):
    path = course / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html"
    return path.read_text(encoding="utf-8")


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
    assert "2 / 3" in row and "✓ value" in row and "✗ stable" in row
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
    add_student(tmp_path, "amy", unjudged=("softmax",), reasons={"softmax-answer": why})
    write_feedback(tmp_path, ASSIGNMENT)
    row = row_of(page_of(tmp_path, "amy"), "softmax")
    assert "0 / 3" in row and row.count(why) == 1


@pytest.mark.parametrize("name", IDS)
def test_a_card_says_all_of_its_verdict(name):
    for mistake in [None, *(mistake.name for mistake in EXERCISES[name].mistakes)]:
        verdict = verdict_on(name, mistake)
        read = verdict_of_card(verdict._repr_html_(), name)
        assert read._repr_html_() == verdict._repr_html_()
        assert (read.points, read.passed, read.parts) == (
            verdict.points,
            verdict.passed,
            verdict.parts,
        )
        assert (read.mistake, read.hint) == (verdict.mistake, verdict.hint)


def test_page_needs_no_ledger(tmp_path):
    """As `nbgrader autograde` leaves it."""
    add_student(tmp_path, "amy", {"softmax": "no shift", "svm_loss_naive": "no margin"})
    write_feedback(tmp_path, ASSIGNMENT)
    with_ledger = page_of(tmp_path, "amy")
    (tmp_path / "ledger" / ASSIGNMENT / "amy.json").unlink()
    write_feedback(tmp_path, ASSIGNMENT)
    assert page_of(tmp_path, "amy") == with_ledger


def test_notebook_that_could_not_be_graded_gets_a_page_from_the_ledger(tmp_path):
    add_student(
        tmp_path,
        "amy",
        notebook=False,
        status="ungradable",
        reason=f"The file is not JSON {EVIL}.",
        verdicts=[],
        score=0.0,
    )
    (page,) = write_feedback(tmp_path, ASSIGNMENT)
    assert not page.error
    text = Elements(page_of(tmp_path, "amy")).text
    assert "could not be graded" in text and "The file is not JSON <script>" in text


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
    words = (
        f"{EVIL}\n\n# Heading {EVIL}\n\n[link](javascript:alert(4)) [other](data:text/html,x) "
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
        reasons={"regularization-answer": EVIL},
        unjudged=("regularization",),
        reason=EVIL,
    )
    # A verdict repeats what an answer raised.
    path = course / "ledger" / ASSIGNMENT / "amy.json"
    entry = json.loads(path.read_text())
    entry["verdicts"][0] |= {
        "message": EVIL + "\x1b[2J\x07",
        "mistake": EVIL,
        "hint": EVIL,
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
    elements = Elements(hostile).elements
    tags = {tag for tag, _ in elements}
    forbidden = {"script", "iframe", "object", "embed", "link", "form", "input", "svg", "base"}
    assert not tags & forbidden
    for tag, attributes in elements:
        assert not [name for name in attributes if name.startswith("on")]
        assert not set(attributes) & {"action", "formaction", "srcset", "background", "xlink:href"}
        source, target = attributes.get("src"), attributes.get("href") or "#"
        assert source is None or source == f"data:image/png;base64,{PIXEL}"
        assert target.startswith(("#", "http://", "https://")) and (tag == "a" or target == "#")
        assert "url(" not in attributes.get("style", "")
    assert [tag for tag, _ in elements].count("img") == 1
    assert [a for tag, a in elements if tag == "meta" and "http-equiv" in a] == [
        {
            "http-equiv": "Content-Security-Policy",
            "content": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
        }
    ]
    style = hostile[hostile.index("<style>") : hostile.index("</style>")]
    assert "url(" not in style and "@import" not in style


def test_what_a_student_wrote_is_shown_as_text(hostile):
    text = Elements(hostile).text
    assert text.count("<script>alert(1)</script>") >= 8
    assert "more characters" in text and "\x1b" not in text
    assert "Good <script>" in text and "<strong>work</strong>" in hostile


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


@pytest.mark.parametrize(
    "junk", ["x = '%" + "0" * 29_000 + "'", "match" + " " * 29_000, "x = '%" + "0" * 600 + "'"]
)
def test_code_that_is_slow_to_color_is_shown_plain(tmp_path, monkeypatch, junk):
    colored = []
    monkeypatch.setattr(rendering, "highlight", lambda text, *_: colored.append(text) or "")
    add_student(tmp_path, "amy", answers={"softmax-answer": f"def softmax(): pass\n{junk}"})
    write_feedback(tmp_path, ASSIGNMENT)
    assert "def softmax(): pass" in Elements(page_of(tmp_path, "amy")).text
    assert len(colored) == len(IDS) - 1 and not [text for text in colored if junk in text]


def test_every_answer_of_the_course_is_colored():
    for name in assignments():
        for cell in fill_answers(read_source(name)).cells:
            if is_answer(cell) and cell.cell_type == "code":
                assert "<span class=" in rendering._code(cell.source), (name, cell.source)


@pytest.mark.parametrize(("side", "shown"), [(4_000, True), (40_000, False), (2**31, False)])
def test_picture_that_is_larger_than_a_browser_bears_is_left_out(side, shown):
    content = bytearray(base64.b64decode(PIXEL))
    content[16:24] = struct.pack(">II", side, side)
    assert bool(rendering._picture(base64.b64encode(content).decode())) == shown


@pytest.mark.parametrize("length", [8, 15, 23])
def test_picture_that_is_cut_off_is_left_out(length):
    assert not rendering._picture(base64.b64encode(base64.b64decode(PIXEL)[:length]).decode())


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
    assert "class='latex'" not in page


def test_bad_records_do_not_stop_the_others(tmp_path):
    for student in ("amy", "bob", "cy", "di"):
        add_student(tmp_path, student)
    write_feedback(tmp_path, ASSIGNMENT)
    (tmp_path / "ledger" / ASSIGNMENT / "amy.json").write_text("{half")
    (tmp_path / "ledger" / ASSIGNMENT / "bob.json").write_text("[]")
    graded = tmp_path / "autograded" / "cy" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    graded.write_text("no notebook")
    pages = {page.student: page for page in write_feedback(tmp_path, ASSIGNMENT)}
    assert "grade this submission again" in pages["amy"].error
    assert "not an entry of the ledger" in pages["bob"].error
    assert pages["cy"].error and not pages["di"].error
    assert not pages["amy"].path.exists(), "an earlier page would be taken for this one"
    assert pages["di"].path.is_file()


def test_student_who_was_not_graded_is_told(tmp_path):
    add_student(tmp_path, "amy")
    (page,) = write_feedback(tmp_path, ASSIGNMENT, ["nobody"])
    assert "run autograde first" in page.error
    with pytest.raises(FileNotFoundError, match="run autograde first"):
        write_feedback(tmp_path, "02-loss-landscapes")


def test_ledger_is_enough_and_no_gradebook_is_made(tmp_path):
    add_student(tmp_path, "amy")
    write_feedback(tmp_path, ASSIGNMENT)
    assert not (tmp_path / "gradebook.db").exists()


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
    assert "1.5 / 2" in row_of(page, WRITTEN)
    assert "3 / 3" in row_of(page, "softmax") and "automatic 2" in row_of(page, "softmax")
    total = sum(EXERCISES[name].points for name in IDS) + 1.5 - 2
    text = Elements(page).text
    assert f"{total:g} of" in text and "2 off for handing in late" in text
    assert "Say it with" in text


def test_nbgrader_writes_the_same_page(tmp_path):
    add_student(tmp_path, "amy", {"softmax": "no shift"})
    add_gradebook(tmp_path, {"amy": {"grades": {"softmax": {"auto_score": 2.0}}}})
    write_feedback(tmp_path, ASSIGNMENT)
    ours = page_of(tmp_path, "amy")
    config = Config(
        CourseDirectory={"root": str(tmp_path)},
        GenerateFeedback={
            "exporter_class": "grading.pages.feedback.FeedbackPage",
            "preprocessors": [module.ExplainGrades],
        },
    )
    nbgrader = NbGraderAPI(CourseDirectory(config=config), config=config, log_level="ERROR")
    result = nbgrader.generate_feedback(ASSIGNMENT)
    assert result["success"], result
    assert page_of(tmp_path, "amy") == ours


def test_failure_while_writing_leaves_no_half_page(tmp_path, monkeypatch):
    add_student(tmp_path, "amy")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    (page,) = write_feedback(tmp_path, ASSIGNMENT)
    assert "No space left" in page.error
    assert not list((tmp_path / "feedback" / "amy" / ASSIGNMENT).iterdir())


@pytest.mark.slow
def test_processes_write_the_same_pages(tmp_path, monkeypatch):
    for student in ("amy", "bob"):
        add_student(tmp_path, student, {"softmax": "no shift"})
    write_feedback(tmp_path, ASSIGNMENT, jobs=1)
    alone = [page_of(tmp_path, student) for student in ("amy", "bob")]
    monkeypatch.setattr(module, "CHUNK", 1)
    pages = write_feedback(tmp_path, ASSIGNMENT, jobs=2)
    assert [page.student for page in pages] == ["amy", "bob"]
    assert [Path(page.path).read_text(encoding="utf-8") for page in pages] == alone


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"\frac1N", "<mfrac><mn>1</mn><mi>N</mi></mfrac>"),
        (r"x^{10}_i", "<msubsup><mi>x</mi><mi>i</mi><mn>10</mn></msubsup>"),
        (r"x^10", "<mrow><msup><mi>x</mi><mn>1</mn></msup><mn>0</mn></mrow>"),
        (r"3.5", "<mn>3.5</mn>"),
        (r"\text{a < b}", "<mtext>a\N{NO-BREAK SPACE}&lt;\N{NO-BREAK SPACE}b</mtext>"),
        (r"\lambda", "<mi>λ</mi>"),
    ],
)
def test_latex_as_mathml(latex, expected):
    assert mathml(latex) == f'<math alttext="{html.escape(latex)}">{expected}</math>'


def test_all_math_of_the_course_is_known():
    for path in NOTEBOOKS.glob("*/*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                page = markdown(cell.source, trusted=True)
                assert "class='latex'" not in page, path
                for piece in page.split("<math")[1:]:
                    formula = "<math" + piece[: piece.index("</math>") + len("</math>")]
                    xml.etree.ElementTree.fromstring(formula)


@pytest.mark.parametrize(
    "latex",
    ["x^", "{", "}", r"\frac{1}", r"\href{a}{b}", r"\begin{array}x\end{array}", "{" * 100,
     r"\frac" * 500, "x" * 3000, r"\begin{matrix} x", "a^b^c"],
)  # fmt: skip
def test_latex_that_is_not_known_is_refused(latex):
    with pytest.raises(ValueError):
        mathml(latex)
