"""README and its like: links lead somewhere, pictures can be made anew, no room is left out."""

import re
import subprocess
import sys

import pytest

from grading.handout.release import PROJECT
from tests.support.browser import CHROMIUM

PICTURES = PROJECT / "docs" / "pictures"


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "datasets/README.md"])
def test_links_of_a_page_lead_somewhere(name):
    page = PROJECT / name
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", text):
        path, _, anchor = "".join(link).partition("#")
        if "://" not in path:
            target = page.parent / path if path else page
            assert target.is_file(), link
            assert not anchor or anchor in anchors(target), link


def anchors(page):
    headings = re.findall(r"^#+ (.+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_pictures_of_readme_are_small_and_told_in_words():
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r'<img src="([^"]+)"[^>]*alt="([^"]+)"', readme))
    assert len(shown) == readme.count("<img") and all(len(alt) > 40 for alt in shown.values())
    made = {str(path.relative_to(PROJECT)) for path in PICTURES.glob("*.png")}
    assert made and made <= shown.keys()
    assert all((PROJECT / path).stat().st_size < 150_000 for path in made)


@pytest.mark.slow
@pytest.mark.browser
def test_pictures_of_readme_can_be_made_anew(tmp_path):
    pytest.importorskip("playwright.sync_api", reason="needs Playwright")
    if CHROMIUM is None:
        pytest.skip("needs Chromium")
    subprocess.run([sys.executable, PROJECT / "docs" / "pictures.py", tmp_path], check=True)
    made = {path.name for path in tmp_path.iterdir()}
    assert made == {path.name for path in PICTURES.iterdir()}
    assert all(path.stat().st_size < 150_000 for path in tmp_path.iterdir())


@pytest.mark.parametrize("package", ["cs231n_utils", "grading"])
def test_contributing_names_every_room(package):
    table = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = table[table.index(f"`{package}/`") :]
    for init in (PROJECT / package).glob("*/__init__.py"):
        assert f"`{init.parent.name}/` |" in table, init.parent.name
