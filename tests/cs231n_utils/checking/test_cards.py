"""Messages with a colored edge."""

from IPython.core.interactiveshell import InteractiveShell

from cs231n_utils.checking import cards


def test_headline_is_text_and_the_rest_is_html():
    card = cards.card("1 < 2", "<p>so it is</p>", "#0072B2")
    assert "1 &lt; 2" in card and "<p>so it is</p>" in card
    assert "role='status'" in card and "#0072B2" in card


def test_text_is_printed_where_there_is_no_notebook(capsys):
    cards.show("the text", "<b>the page</b>")
    assert capsys.readouterr().out == "the text\n"


def test_notebook_shows_html_with_the_text_beside_it(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.get_ipython", lambda: InteractiveShell)
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append((data, raw)))
    cards.show("the text", "<b>the page</b>")
    assert shown == [({"text/html": "<b>the page</b>", "text/plain": "the text"}, True)]
