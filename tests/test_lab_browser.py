"""The course as a student uses it: JupyterLab from ``make learn``, in a browser."""

import sys
import tempfile
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbgrader.utils import is_grade, is_solution

from cs231n_utils.cifar10.batches import IMAGES_PER_BATCH
from cs231n_utils.widgets import references
from grading.demo import Submission
from grading.exercises import EXERCISES
from grading.handout.release import PROJECT, read_source
from tests.support.browser import RECORD, Notebook, Record, jupyter
from tests.support.cifar10_files import write_folder
from tests.support.graded_course import handed_in, solved
from tests.support.svm_demo import DemoInLab, expect_numbers_of_python

sync_api = pytest.importorskip("playwright.sync_api")

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOSSES = "01-loss-functions/01-loss-functions.ipynb"
MISTAKE = "half the regularization"


@pytest.fixture(scope="module")
def learn(browser):
    """``make learn HEADLESS=1`` at its first start, with random images."""
    with tempfile.TemporaryDirectory() as folder:
        home, work = Path(folder, "home"), Path(folder, "work")
        data = write_folder(Path(folder), n_images=IMAGES_PER_BATCH)
        command = [sys.executable, "-m", "grading", "learn", str(work), "--headless"]
        with jupyter(command, PROJECT, work, home, CS231N_DATASETS=str(data)) as server:
            yield server


@pytest.fixture
def open_notebook(learn, record):
    """Opens a notebook; in the end, nothing has failed and nothing was asked of the outside."""
    yield lambda path: Notebook(record.page, learn, path)
    expect_peace(record, learn)


def expect_peace(record, server):
    assert record.errors() == []
    assert record.requests_outside(server.url) == []


def some_cells(server, name, notebook, wanted):
    """Write a notebook of the wanted cells only, which JupyterLab opens sooner; its path."""
    notebook.cells = [cell for cell in notebook.cells if wanted(cell)]
    nbformat.write(notebook, server.folder / name)
    return name


def answer(notebook, source):
    """Write the answer, run it, and check it; the card."""
    notebook.write("svm_loss_naive-answer", source)
    notebook.run("svm_loss_naive-answer")
    return notebook.run("svm_loss_naive-graded").locator("[role=status]")


def test_first_start_opens_notebook_00_and_shows_no_menu_of_an_instructor(learn, record):
    page = record.page
    page.goto(f"{learn.url}?token={learn.token}")
    page.wait_for_function(
        "path => window.jupyterapp?.shell.currentWidget?.context?.path === path",
        arg="00-start-here/00-start-here.ipynb",
    )
    menus = page.locator(".lm-MenuBar-itemLabel").all_inner_texts()
    assert "Run" in menus and "Nbgrader" not in menus
    sync_api.expect(page.get_by_role("button", name="Validate")).to_be_visible()
    sync_api.expect(page.get_by_text("Create Assignment")).to_have_count(0)
    expect_peace(record, learn)


def test_cell_that_stops_a_run_of_all_is_named_and_shown_on_request(learn, open_notebook):
    course = read_source("00-start-here")  # whose kernel JupyterLab does not ask about
    sources = ["1 / 0", *["'below'\n" * 40] * 3]
    course.cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(course, learn.folder / "failing.ipynb")
    notebook = open_notebook("failing.ipynb")
    sign = notebook.page.get_by_text("A cell failed, and those below it were not run.")
    failed = notebook.page.get_by_text("ZeroDivisionError").first

    notebook.page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    sync_api.expect(sign).to_contain_text("ZeroDivisionError: division by zero")
    notebook.page.get_by_role("button", name="Show the cell").click()
    sync_api.expect(failed).to_be_in_viewport()
    sync_api.expect(sign).to_have_count(0)


def test_wrong_answer_is_named_and_the_right_one_passes_and_is_saved(open_notebook):
    right = solved()["svm_loss_naive-answer"]
    wrong = right.replace("+ reg *", "+ 0.5 * reg *")
    assert wrong != right
    (hint,) = (m.hint for m in EXERCISES["svm_loss_naive"].mistakes if m.name == MISTAKE)
    notebook = open_notebook(LOSSES)
    notebook.run("imports")
    sync_api.expect(notebook.run("load-data")).to_contain_text("source: local")

    card = answer(notebook, wrong)
    sync_api.expect(card).to_contain_text("svm_loss_naive: 2 of 3 points")
    sync_api.expect(card).to_contain_text(f"Likely cause: {MISTAKE}. {hint}")

    card = answer(notebook, right)
    sync_api.expect(card).to_contain_text("svm_loss_naive: 3 of 3 points")
    sync_api.expect(card).not_to_contain_text("Likely cause")

    notebook.save()
    cells = {cell.id: cell for cell in nbformat.read(notebook.file, as_version=4).cells}
    assert cells["svm_loss_naive-answer"].source == right
    assert "3 of 3 points" in cells["svm_loss_naive-graded"].outputs[0].data["text/html"]
    # By now JupyterLab would have asked whether it may fetch news.
    assert notebook.page.locator(".Toastify__toast, .jp-Dialog").count() == 0


@pytest.fixture(scope="module")
def demo_page(browser, learn):
    """The cells of notebook 06 that show its widgets, and the page they are on."""
    path = some_cells(
        learn,
        "demo.ipynb",
        read_source("06-minibatch-sgd"),
        lambda cell: cell.id in ("imports", "demo", "noise"),
    )
    record = Record(browser.new_page())
    notebook = Notebook(record.page, learn, path)
    notebook.run("imports")
    yield notebook, record
    expect_peace(record, learn)
    record.page.close()


@pytest.fixture
def demo(demo_page, request):
    """A new demo: its cell is run again."""
    notebook, request.node.stash[RECORD] = demo_page
    notebook.run("demo")
    demo = DemoInLab(notebook)
    expect_numbers_of_python(demo)
    return demo


def test_kernel_follows_the_mouse_in_the_demo(demo):
    before = demo.state()
    demo.drag(3, -60, 80)
    expect_numbers_of_python(demo)
    moved = demo.state()["points"]
    assert moved[3][0] < before["points"][3][0] - 0.3
    assert moved[:3] + moved[4:] == before["points"][:3] + before["points"][4:]

    _, dW, db = references.loss_and_gradient(
        "weston-watkins", "l2", 0.1, np.array(moved), np.array(before["labels"]),
        np.array(before["W"]), np.array(before["b"]),
    )  # fmt: skip
    demo.press("Step")
    expect_numbers_of_python(demo)
    np.testing.assert_allclose(demo.state()["W"], before["W"] - 0.1 * dW, rtol=1e-9)
    np.testing.assert_allclose(demo.state()["b"], before["b"] - 0.1 * db, rtol=1e-9)

    total = demo.numbers()["sums"][2]
    demo.press("Run")
    demo.page.wait_for_function(
        "() => Number(document.querySelector('[data-sum=steps]').textContent) > 20"
    )
    demo.press("Stop")
    expect_numbers_of_python(demo)
    assert not demo.state()["running"]
    assert demo.numbers()["sums"][2] < total

    for loss in references.LOSSES:
        demo.page.get_by_label("Loss", exact=True).select_option(loss)
        expect_numbers_of_python(demo)
        assert demo.state()["loss"] == loss


def test_keys_in_the_demo_change_its_numbers_and_not_the_notebook(demo):
    x, y = demo.state()["points"][0]
    n_cells = demo.page.locator(".jp-Notebook .jp-Cell").count()
    demo.point(0).focus()
    for key in ("ArrowRight", "Shift+ArrowUp", "a", "b", "d", "d", "m"):
        demo.page.keyboard.press(key)
    expect_numbers_of_python(demo)
    np.testing.assert_allclose(demo.state()["points"][0], [x + 0.05, y + 0.25])

    demo.parameter("W[0,1]").focus()
    demo.page.keyboard.press("ControlOrMeta+A")
    demo.page.keyboard.type("-0.125")
    demo.page.keyboard.press("Enter")
    demo.page.get_by_role("slider", name="Regularization").press("Home")
    expect_numbers_of_python(demo)
    assert demo.state()["W"][0][1] == -0.125
    assert demo.state()["reg"] == 0
    assert demo.page.locator(".jp-Notebook .jp-Cell").count() == n_cells


def test_demo_follows_python(demo):
    demo.python("demo.set_points(np.eye(2), [0, 2])")
    expect_numbers_of_python(demo)
    assert demo.page.locator("[data-point]").count() == 2
    demo.python("demo.step(3)")
    expect_numbers_of_python(demo)
    assert demo.numbers()["sums"][3] == 3


def test_kernel_walks_anew_when_the_reader_takes_all_points_for_a_batch(demo_page, request):
    notebook, request.node.stash[RECORD] = demo_page
    widget = notebook.run("noise").locator(".loss-widget")
    widget.get_by_role("slider", name="Batch size").press("End")
    sync_api.expect(widget.locator(".sums dd").first).to_have_text("1.00")
    widget.get_by_role("button", name="Restart").press("Enter")
    sync_api.expect(widget.locator(".status")).to_contain_text("Step 0 of 100")


def test_validate_button_names_what_is_unfinished_until_it_is_finished(learn, open_notebook):
    unfinished = {"accuracy": "def accuracy(scores, y):\n    raise NotImplementedError()"}
    path = some_cells(
        learn,
        "validate.ipynb",
        handed_in(Submission("me", "00-start-here", broken=unfinished)),
        lambda cell: cell.id == "imports" or is_grade(cell) or is_solution(cell),
    )
    notebook = open_notebook(path)
    validate = notebook.page.get_by_role("button", name="Validate")
    dialog = notebook.page.locator(".jp-Dialog")

    validate.click()
    sync_api.expect(dialog).to_contain_text("check(accuracy)")
    sync_api.expect(dialog).to_contain_text("CheckFailed: accuracy: 0 of 1 points")
    sync_api.expect(dialog).not_to_contain_text("check(linear_scores)")
    dialog.get_by_role("button", name="Ok").click()
    sync_api.expect(dialog).to_have_count(0)

    right = "def accuracy(scores, y):\n    return float(np.mean(scores.argmax(axis=1) == y))"
    notebook.write("accuracy-answer", right)
    validate.click()
    sync_api.expect(dialog).to_contain_text("Success! Your notebook passes all the tests.")


def test_predictions_are_kept_and_answered_by_mouse_and_by_keys(learn, open_notebook):
    wanted = ("imports", "predict-squared", "predict-frog-loss", "predict-car-curve")
    source = read_source("01-loss-functions")
    for cell in source.cells:
        cell.metadata.pop("jupyter", None)  # a folded cell has no place to click on
    path = some_cells(learn, "predict.ipynb", source, lambda cell: cell.id in wanted)
    notebook = open_notebook(path)
    keys = notebook.page.keyboard
    notebook.run("imports")

    choice = notebook.run("predict-squared")
    choice.get_by_role("button", name="This is my prediction").click()
    sync_api.expect(choice).to_contain_text("Choose one first.")
    choice.get_by_label("both the same").check()
    choice.get_by_role("button", name="This is my prediction").click()
    sync_api.expect(choice.get_by_role("definition")).to_have_text(
        ["both the same", "one margin of 4, twice as much"]
    )
    sync_api.expect(choice).to_contain_text("That is the hinge loss")

    number = notebook.run("predict-frog-loss")
    number.get_by_role("textbox").focus()
    keys.type("frog")
    keys.press("Enter")
    sync_api.expect(number).to_contain_text("Got 'frog', expected a number")
    number.get_by_role("textbox").fill("13.9")
    keys.press("Enter")
    sync_api.expect(number).to_contain_text("The correct class was counted too")
    number.get_by_role("textbox").fill("12.9")
    number.get_by_role("button", name="Predict again").click()
    kept = ["13.9", "12.9", "12.9, as you predicted"]
    sync_api.expect(number.get_by_role("definition")).to_have_text(kept)

    curve = notebook.run("predict-car-curve")
    curve.get_by_role("application").focus()
    up, down, on = "Shift+ArrowUp", "Shift+ArrowDown", "Shift+ArrowRight"
    for key in (*[up] * 3, on, *[down] * 4, on, *[down] * 4, *[on] * 3):
        keys.press(key)
    curve.get_by_role("button", name="This is my prediction").click()
    sync_api.expect(curve).to_contain_text("falls from 7.3 to 0, as you predicted")
    assert curve.locator(".truth").get_attribute("d").startswith("M")

    again = notebook.run("predict-frog-loss")
    sync_api.expect(again.get_by_role("definition")).to_have_text(["13.9", "12.9"])
    sync_api.expect(again.get_by_role("button", name="Predict again")).to_be_visible()
