"""What all text on a page has in common."""

import base64
import hashlib
import re

import pytest
from jinja2 import DictLoader, UndefinedError
from markupsafe import Markup

from grading.pages import rendering


@pytest.fixture
def fill(monkeypatch):
    def fill(template, **data):
        monkeypatch.setattr(rendering._environment(), "loader", DictLoader({template: template}))
        return rendering.render(template, **data)

    yield fill
    rendering._environment.cache_clear()


def test_text_is_escaped_unless_it_is_markup(fill):
    assert fill("{{ a }} {{ b }}", a="<b>'\"&", b=Markup("<b>")) == "&lt;b&gt;&#39;&#34;&amp; <b>"
    assert fill("<a title='{{ a|join(', ') }}'>", a=["'", "<"]) == "<a title='&#39;, &lt;'>"


def test_control_characters_are_replaced_and_whitespace_is_kept(fill):
    assert fill("{{ a }}", a="a\x00\x1b\x7f\tb\nc") == "a���\tb\nc"


def test_numbers_are_short(fill):
    assert fill("{{ a|number }} {{ b|number }} {{ a|percent }}", a=2.0, b=1.5) == "2 1.5 200 %"


def test_name_that_a_page_does_not_get_is_an_error(fill):
    with pytest.raises(UndefinedError):
        fill("{{ nothing }}")


def test_own_script_is_the_only_one_that_may_run(fill):
    said = fill("{{ a|script_hash }} <script>{{ a|script_text }}</script>", a="table.js")
    name, text = re.fullmatch(r"sha256-(\S+) <script>(.*)</script>", said, re.DOTALL).groups()
    assert base64.b64decode(name) == hashlib.sha256(text.encode()).digest()
    assert "</" not in text and "http" not in text
