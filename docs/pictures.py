"""Make README's pictures: ``python docs/pictures.py [FOLDER]``; needs Chromium.

Each shows what the project really says: the oracle judges a wrong answer, a small class is
graded and given feedback by the commands, and the demo is opened from disk.
"""

import html
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
import numpy as np
from playwright.sync_api import FloatRect, Locator, Page, sync_playwright

from cs231n_utils.checks import judge

DOCS = Path(__file__).parent
PICTURES = DOCS / "pictures"
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
ASSIGNMENT = "01-loss-functions"
STEPS = 40
"""The demo takes this many steps, after which every point lies in the region of its class."""
MARGIN = 12

ANSWER = """\
def softmax(scores):
    p = np.exp(scores)
    return p / p.sum(axis=-1, keepdims=True)
"""

CELL = """\
<body style="margin:0">
<div id="cell" style="padding:14px 16px;font:15px/1.45 sans-serif;background:white">
<pre style="margin:0 0 12px;padding:10px 14px;background:#f5f5f5;border:1px solid #ddd;
  font:14px/1.5 monospace">{code}</pre>
{card}
</div>
"""


def main(folder: Path) -> None:
    """Write all pictures to a folder."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("Chromium is not installed: the pictures are taken in it.")
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        for take, width in ((check, 600), (feedback, 760), (svm_demo, 600)):
            size = {"width": width, "height": 1200}
            page = browser.new_page(viewport=size, device_scale_factor=1.5)
            path = folder / f"{take.__name__}.png"
            path.write_bytes(take(page))
            print(path)
        browser.close()


def check(page: Page) -> bytes:
    """Take a picture of a wrong answer and, below it, of the card that names the mistake."""
    names = {"np": np}
    exec(ANSWER, names)
    card = judge(names["softmax"]).card()
    code = html.escape(f"{ANSWER}\nverdict = check(softmax)")
    page.set_content(CELL.format(code=code, card=card))
    return page.locator("#cell").screenshot()


def feedback(page: Page) -> bytes:
    """Take a picture of a feedback page, down to the exercise with that answer."""
    with TemporaryDirectory() as folder:
        handed_in = Path(folder) / "handed-in" / "ben" / f"{ASSIGNMENT}.ipynb"
        course = Path(folder) / "course"
        handed_in.parent.mkdir(parents=True)
        _grading("solve", ASSIGNMENT, handed_in)
        _put_answer(handed_in)
        _grading("autograde", ASSIGNMENT, "--submissions", handed_in.parents[1], "--out", course)
        _grading("feedback", ASSIGNMENT, "--course", course)
        page.goto((course / "feedback" / "ben" / ASSIGNMENT / f"{ASSIGNMENT}.html").as_uri())
        row = page.get_by_role("row").filter(has_text="subtract each row's largest score")
        return page.screenshot(clip=_band(page, page.locator("h1"), row, below=0))


def svm_demo(page: Page) -> bytes:
    """Take a picture of the demo's controls and points after some steps."""
    page.goto((DOCS / "svm-demo.html").as_uri())
    step = page.get_by_role("button", name="Step", exact=True)
    for _ in range(STEPS):
        step.press("Enter")
    step.blur()
    return page.screenshot(clip=_band(page, step, page.get_by_text("Drag a point, or move it")))


def _band(page: Page, first: Locator, last: Locator, below: float = MARGIN) -> FloatRect:
    """Return what lies between two elements of a page, over its whole width."""
    top = first.bounding_box()["y"]
    low = last.bounding_box()
    bottom = low["y"] + low["height"]
    return {
        "x": 0,
        "y": top - MARGIN,
        "width": page.viewport_size["width"],
        "height": bottom - top + MARGIN + below,
    }


def _put_answer(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "softmax-answer":
            cell.source = ANSWER
    nbformat.write(notebook, path)


def _grading(*arguments: object) -> None:
    command = [sys.executable, "-m", "grading", *map(str, arguments)]
    subprocess.run(command, cwd=DOCS.parent, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else PICTURES)
