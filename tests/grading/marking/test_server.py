"""Who may see the marking page, and what it takes."""

import json
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

from grading.marking import server
from grading.marking.written import marking_of
from grading.pages.rendering import script_text
from tests.support.graded_course import ASSIGNMENT, WRITTEN, Elements, add_gradebook, add_student
from tests.support.marking import served
from tests.support.pages import EVIL

ANSWER = f"**Bold** {EVIL} $x^2$"
NAME = "<i onclick=x>'amy\""


@pytest.fixture(scope="module")
def marking(tmp_path_factory):
    course = tmp_path_factory.mktemp("course")
    add_student(course, NAME, answers={WRITTEN: ANSWER}, notebook=False)
    grades = {WRITTEN: {"needs_manual_grade": True}}
    add_gradebook(course, {NAME: {"grades": grades, "comments": {WRITTEN: EVIL}}})
    with marking_of(course, ASSIGNMENT) as marking:
        yield marking


@pytest.fixture(scope="module")
def address(marking):
    with served(marking) as address:
        yield address


@pytest.fixture
def ask(address):
    """A browser that has opened the address."""
    parts = urlsplit(address)
    home = f"http://{parts.netloc}"
    opener = build_opener(HTTPCookieProcessor())
    opener.open(address).close()

    def ask(path="/", data=None, **headers):
        headers = {"Origin": home, **headers} if data is not None else headers
        body = json.dumps(data).encode() if data is not None else None
        with opener.open(Request(home + path, body, headers)) as response:
            return response.read().decode(), response

    return ask


def refused(code, ask, *arguments, **options):
    with pytest.raises(HTTPError) as error:
        ask(*arguments, **options)
    assert error.value.code == code
    return error.value.read().decode()


def asked(marking, **fields):
    seen = marking.answers(WRITTEN)[0].mark.revision
    return {
        "question": WRITTEN, "student": NAME, "points": 1, "comment": "", "seen": seen, **fields
    }  # fmt: skip


def test_page_shows_what_was_written_as_text(ask):
    page, response = ask(f"/question/{WRITTEN}")
    assert page.count(script_text("mark.js")) == 1
    elements = Elements(page.replace(f"<script>{script_text('mark.js')}</script>", ""))
    tags = [tag for tag, _ in elements.elements]
    assert not {"script", "img", "i"} & set(tags) and "strong" in tags and "math" in tags
    assert "all scores are about equal" in elements.text, "the rubric"
    assert "default-src 'none'" in page and "connect-src 'self'" in page
    assert response.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
    assert response.headers["Cache-Control"] == "no-store"


def test_first_page_is_of_a_question_that_waits(ask):
    _, response = ask()
    assert response.url.endswith(f"/question/{WRITTEN}")
    _, response = ask("/question/nothing")
    assert response.url.endswith(f"/question/{WRITTEN}")


def test_nobody_without_the_token_sees_or_writes_anything(address, marking):
    home = address.partition("/?")[0]
    for path, body in (("/", None), ("/?token=x", None), ("/mark", b"{}")):
        with pytest.raises(HTTPError) as error:
            build_opener().open(Request(home + path, body, {"Origin": home}))
        assert error.value.code == 403 and "address that" in error.value.read().decode()
    assert urlsplit(address).hostname == "127.0.0.1"


def test_pages_from_elsewhere_cannot_reach_it(ask, marking):
    wish = asked(marking)
    for origin in ("http://evil.example", "null"):
        assert "page alone" in refused(403, ask, "/mark", wish, Origin=origin)
    assert "another address" in refused(403, ask, "/", Host="evil.example")
    assert marking.answers(WRITTEN)[0].mark.points is None


def test_mark_is_written_and_what_cannot_be_is_said(ask, marking):
    said, _ = ask("/mark", asked(marking, points=1.5, comment="Good."))
    said = json.loads(said)
    assert (said["points"], said["comment"], said["waiting"][WRITTEN]) == (1.5, "Good.", 0)
    assert said["comments"] == ["Good."]
    assert "somebody else" in refused(409, ask, "/mark", asked(marking, seen="older"))
    for wrong in ({"points": 3}, {"points": "1"}, {"points": True}, {"student": 3}, {"seen": None}):
        refused(400, ask, "/mark", asked(marking, **wrong))
    for body in ([], "x", {"points": 1}):
        assert "load it anew" in refused(400, ask, "/mark", body)
    ask("/mark", asked(marking, points=None))
    assert marking.waiting()[WRITTEN] == 1


def test_address_is_printed_and_opened_without_the_token_in_a_command(marking, monkeypatch):
    opened, told = [], []

    def open_browser(url):
        opened.append(url)
        raise KeyboardInterrupt

    monkeypatch.setattr(server.webbrowser, "open", open_browser)
    server.serve(marking, told.append)
    assert "token=" in told[0] and opened[0].startswith("file:") and "token" not in opened[0]
