"""The documentation site: it builds without a warning, is whole, and opens without a network."""

import inspect
import re
import shutil
import subprocess
import sys
from urllib.parse import unquote, urlsplit

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup

from grading.exercises import EXERCISES
from grading.handout.release import NOTEBOOKS, PROJECT, assignments, read_source
from grading.judge.diagnosis import judge_here
from tests.support.reference_lines import solution_lines

sys.path.insert(0, str(PROJECT / "docs"))
import course_pages

DOCS = PROJECT / "docs"
RUN = "00-start-here"
FETCHED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


def build(folder):
    """Build the site in a folder, one notebook of it run; its pages by path.

    Beside it an empty page stands for those on which notebooks are done.
    """
    source, site = folder / "docs", folder / "site" / "html"
    shutil.copytree(DOCS, source, ignore=shutil.ignore_patterns("_build", "course", "__pycache__"))
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q"]
    command += ["-D", f"notebooks_to_run={RUN}", "-D", "try_at=try", str(source), str(site)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (site / "try" / "notebooks").mkdir(parents=True)
    (site / "try" / "notebooks" / "index.html").touch()
    paths = [path for path in site.rglob("*.html") if path.name != "svm-demo.html"]
    return {path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in paths}


def dead_links(pages):
    ids = {path: {tag["id"] for tag in page.find_all(id=True)} for path, page in pages.items()}
    for path, page in pages.items():
        for tag in page.find_all(["a", "link", "img", "script"]):
            link = urlsplit(tag.get("href") or tag.get("src") or "")
            if link.scheme in ("http", "https", "data") or not (link.path or link.fragment):
                continue
            target = (path.parent / unquote(link.path)).resolve() if link.path else path
            anchors = ids.get(target, ())
            if not target.exists() or (link.fragment and link.fragment not in anchors):
                yield path.name, str(tag)


def requests(site, pages):
    for path, page in pages.items():
        for tag in page.find_all(list(FETCHED)):
            address = tag.get(FETCHED[tag.name]) or ""
            if re.match(r"(\w+:)?//", address):
                yield path.name, str(tag)
    for path in site.rglob("*.css"):
        if re.search(r"(url\(|@import)\s*['\"]?(\w+:)?//", path.read_text(encoding="utf-8")):
            yield path.name, "style"


@pytest.mark.slow
@pytest.mark.xdist_group("site")
def test_site_is_whole_asks_for_nothing_and_tells_no_answer(tmp_path):
    pages = build(tmp_path)
    site = tmp_path / "site" / "html"
    assert not list(dead_links(pages))
    assert not list(requests(site, pages))

    lines = solution_lines()
    for path, page in pages.items():
        squeezed = "".join(page.get_text().split())
        assert not [line for line in lines if line in squeezed], path
        assert all(image.get("alt") for image in page.find_all("img")), path

    for name in assignments():
        page = pages[site / "course" / name / f"{name}.html"]
        assert "raise NotImplementedError()" in page.get_text()
        (link,) = page.find_all("a", href=re.compile("^../../try/"))
        assert link["href"].endswith(f"?path={name}/{name}.ipynb")
        judged = [cell for cell in read_source(name).cells if cell.source.startswith("verdict =")]
        assert page.get_text().count("✓") >= (len(judged) if name == RUN else 0)
    run = pages[site / "course" / RUN / f"{RUN}.html"]
    assert len([image for image in run.find_all("img") if len(image["alt"]) > 40]) >= 5
    assert "100%|" in run.get_text() and not re.search(r"\b\d?\d%\|", run.get_text())

    losses = pages[site / "course" / "01-loss-functions" / "01-loss-functions.html"]
    assert len(losses.find_all("math")) > 50 and "$" not in losses.find("p").get_text()
    listed = pages[site / "course" / "exercises.html"].get_text().replace("’", "'")
    for exercise in EXERCISES.values():
        assert exercise.id in listed
        assert all(mistake.name in listed for mistake in exercise.mistakes)
    film = NOTEBOOKS / "07-optimizers" / "race.png"
    assert (site / "_images" / "race.png").read_bytes() == film.read_bytes()
    assert (site / "svm-demo.html").read_bytes() == (DOCS / "svm-demo.html").read_bytes()


@pytest.fixture
def instant(monkeypatch):
    """Notebooks that are run without a kernel; the list of those that were."""
    runs = []

    def run(notebook, bar):
        runs.append(notebook.cells[0].source)
        notebook.metadata.language_info = {"name": "python"}
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.execution_count = len(runs)

    monkeypatch.setattr(course_pages, "run", run)
    return runs


def test_notebook_is_run_again_only_when_its_outputs_can_have_changed(
    tmp_path, instant, monkeypatch
):
    data = type("Data", (), {"source": "official"})
    monkeypatch.setattr(course_pages, "load_cifar10", lambda: data)

    def first_count():
        notebooks = {name: course_pages.student_version(read_source(name)) for name in (RUN,)}
        course_pages.run_all(notebooks, [RUN], tmp_path)
        cells = notebooks[RUN].cells
        return next(cell.execution_count for cell in cells if cell.cell_type == "code")

    assert [first_count(), first_count()] == [1, 1] and len(instant) == 1
    data.source = "stand-in"
    assert first_count() == 2
    (kept,) = tmp_path.iterdir()
    text = "".join(cell.source for cell in nbformat.read(kept, as_version=4).cells)
    assert not [line for line in solution_lines() if line in "".join(text.split())]


def test_every_module_that_a_notebook_imports_is_in_the_api():
    code = "\n".join(cell.source for name in assignments() for cell in read_source(name).cells)
    modules = set(re.findall(r"from (cs231n_utils\.\w+) import", code))
    assert len(modules) > 8
    pages = "".join(path.read_text() for path in (DOCS / "api").glob("*.md"))
    assert not [module for module in modules if f":: {module}\n" not in pages]


def test_example_of_how_to_add_an_exercise_holds():
    guide = (DOCS / "adding-an-exercise.md").read_text()
    code, answer = re.findall(r"^ *```python\n(.*?)^ *```", guide, re.DOTALL | re.MULTILINE)
    names = {"__package__": "grading.exercises.start_here"}
    exec(code, names)
    exercise = names["exercise"]
    assert len(exercise.mistakes) >= 4 and f"grade id `{exercise.id}`" in guide
    assert exercise.assignment == RUN and f"name `{exercise.id}`" in guide
    assert f"def {exercise.id}{inspect.signature(exercise.reference)}:" in answer
    assert judge_here(exercise, exercise.reference, np.random.default_rng(0)).passed
    for mistake in exercise.mistakes:
        assert judge_here(exercise, mistake, np.random.default_rng(0)).mistake == mistake.name
