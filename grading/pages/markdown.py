"""Markdown as clean HTML.

HTML in the course's own Markdown is kept; HTML in a student's is shown as text. Both are cleaned
by an allow-list. Only Python code is colored, since a student could name any other language, and
some of their lexers take forever on text made for it.
"""

import html
import re
import secrets
from functools import cache, lru_cache
from typing import Any

import nh3
from markupsafe import Markup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from .mathml import mathml
from .python_code import colored
from .rendering import without_controls

MAX_MARKDOWN = 5_000
"""A student's Markdown with more characters than this is shown as plain text."""

_TAGS = {
    "a", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "li", "ol", "p", "pre", "span", "strong",
    "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "span": {"class"},
}
_ALIGNMENTS = {f"text-align:{side}" for side in ("left", "center", "right")}


def markdown(text: str, *, trusted: bool) -> Markup:
    """Markdown as clean HTML, its math as MathML.

    Parameters
    ----------
    text : str
    trusted : bool
        Whether the text is the course's own, whose HTML is kept; a student's is shown as text.
    """
    return _trusted_markdown(text) if trusted else _render(text, escape=True)


def notebook_markdown(source: str) -> Markup:
    """A Markdown cell as clean HTML, whoever wrote it, for nbgrader's own pages."""
    return markdown(source, trusted=len(source) <= MAX_MARKDOWN)


def inline_markdown(text: str) -> Markup:
    """A heading of the course as HTML that can stand within a line."""
    return markdown(text, trusted=True).strip().removeprefix("<p>").removesuffix("</p>")


@lru_cache(maxsize=1000)
def _trusted_markdown(text: str) -> Markup:
    return _render(text, escape=False)


def _render(text: str, *, escape: bool) -> Markup:
    text = without_controls(text)
    if escape and len(text) > MAX_MARKDOWN:
        return _plain(text)
    renderer = _Renderer(escape=escape)
    try:
        dirty = MarkdownWithMath(renderer=renderer).render(text)
    except RecursionError:
        return _plain(text)
    return Markup(renderer.put_math_back(_cleaner().clean(dirty)))


def _plain(text: str) -> Markup:
    return Markup('<pre class="output">{}</pre>').format(text)


class _Renderer(IPythonRenderer):
    """Keeps math apart while the rest is cleaned, since the allow-list has no MathML.

    A mark with a random key stands for each formula. If students could guess the key, they could
    put a mark into an attribute, such as a link's title, which the formula would then end.
    """

    def __init__(self, escape: bool):
        super().__init__(escape=escape, allow_harmful_protocols=False, exclude_anchor_links=True)
        self._math: list[str] = []
        self._key = secrets.token_hex(16)

    def inline_math(self, body: str) -> str:
        return self._keep(body, display=False)

    def block_math(self, body: str) -> str:
        return self._keep(body, display=True)

    multiline_math = block_math

    def latex_environment(self, name: str, body: str) -> str:
        return self._keep(rf"\begin{{{name}}}{body}\end{{{name}}}", display=True)

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        return f"<h{level}>{text}</h{level}>"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return f"[picture: {text}]"

    def block_code(self, code: str, info: str | None = None) -> str:
        if (info or "").split()[:1] == ["python"]:
            return f'<pre class="code">{colored(code)}</pre>\n'
        return f'<pre class="code">{html.escape(code)}</pre>\n'

    def put_math_back(self, clean: str) -> str:
        return re.sub(rf"{self._key}:(\d+);", lambda mark: self._math[int(mark[1])], clean)

    def _keep(self, latex: str, *, display: bool) -> str:
        latex = latex.strip().removeprefix("$$").removesuffix("$$").strip("$")
        try:
            written = mathml(latex, display=display)
        except ValueError:
            written = f'<code class="latex">{html.escape(latex)}</code>'
        self._math.append(written)
        return f"{self._key}:{len(self._math) - 1};"


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes={"pre": {"code"}},
        url_schemes={"http", "https", "mailto"},
        tag_attribute_values={tag: {"style": _ALIGNMENTS} for tag in ("td", "th")},
    )
