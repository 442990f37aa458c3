"""Python in color."""

from functools import cache

from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from .rendering import without_controls

MAX_CODE = 30_000
"""Longer code is cut to this many characters."""

MAX_COLORED, MAX_COLORED_LINE = 8_000, 500
"""Code with more characters, or with a longer line, is not colored, since the time that coloring
takes grows with the square of a line's length."""


def colored(source: str) -> Markup:
    """Python as HTML for a ``<pre class="code">``; it need not parse."""
    source = without_controls(source)
    longest = max(map(len, source.split("\n")))
    if len(source) > MAX_COLORED or longest > MAX_COLORED_LINE:
        cut = len(source) - MAX_CODE
        more = f"\n… {cut} more characters" if cut > 0 else ""
        return escape(source[:MAX_CODE] + more)
    return Markup(highlight(source, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)))


@cache
def color_style() -> Markup:
    """The colors as a style sheet, for light and for dark screens."""
    light, dark = (
        HtmlFormatter(style=name).get_token_style_defs(".code")
        for name in ("default", "github-dark")
    )
    dark_only = ["@media screen and (prefers-color-scheme: dark) {", *dark, "}"]
    return Markup("\n".join([*light, *dark_only]))
