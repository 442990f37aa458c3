"""The JavaScript of the widgets asks for nothing from elsewhere."""

import re

from cs231n_utils.widgets.bundle import STATIC
from cs231n_utils.widgets.standalone import svm_demo_page


def test_nothing_is_asked_from_a_url():
    sources = [path.read_text(encoding="utf-8") for path in STATIC.iterdir()] + [svm_demo_page()]
    for source in sources:
        addresses = re.findall(r"(?:https?:)?//[\w.]+\.\w+[^\s\"']*", source)
        assert set(addresses) <= {"http://www.w3.org/2000/svg"}
        assert not re.search(r"\b(fetch|XMLHttpRequest|WebSocket|importScripts)\b", source)
