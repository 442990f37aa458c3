"""The feedback page: one HTML file, no script, no request, nothing of a student's taken as HTML.

Text of the course is Markdown of our own notebooks. All else is escaped, or cleaned by bleach.
"""

import base64
import binascii
import html
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import bleach
from bleach.css_sanitizer import CSSSanitizer
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearSolutions
from nbgrader.utils import is_grade, is_solution
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from cs231n_utils.checking.verdict import Verdict

from ..handout.marks import ANSWER_SUFFIX
from ..ledger import UNGRADABLE, Entry
from .mathml import mathml

if TYPE_CHECKING:
    from ..gradebook.grades import CellGrade, Grades

MAX_TEXT = 4_000
"""Characters of one output that are shown."""

MAX_MARKDOWN = 5_000
"""Characters of a student's Markdown that are rendered; more is shown as plain text."""

MAX_CODE = 30_000
"""Characters of code that are shown."""

MAX_COLORED, MAX_COLORED_LINE = 8_000, 500
"""Characters of code, and of one of its lines, that are colored; longer code is shown plain.
Coloring takes a time that grows with the square of a line's length."""

MAX_OUTPUTS = 10
MAX_IMAGE_BYTES = 1 << 20
MAX_PIXELS = 25_000_000
"""A small file can hold a picture that a browser has no memory for."""

PNG_START = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
"""Width and height follow, four bytes each."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000\ue001]")
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_HEADING = re.compile(r"^(#{1,6})\s+(.*)$", re.MULTILINE)
_TAGS = {
    "a", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "li", "ol", "p", "pre", "span", "strong",
    "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "*": ["style"],
    "a": ["href", "title"],
    "ol": ["start"],
    "span": ["class"],
    "div": ["class", "role"],
}
_STYLES = {
    "border-left", "color", "font-family", "font-size", "font-weight", "line-height",
    "list-style", "margin", "max-width", "opacity", "padding", "text-align",
}  # fmt: skip


@dataclass(frozen=True)
class Topic:
    """An exercise or a written question, and where in the notebook it stands.

    Attributes
    ----------
    id : str
        The grade id that carries the points.
    heading : str
        The notebook's heading above it, with that of the section it is in.
    text : list of str
        The course's Markdown from that heading to the answer, without the heading.
    answer : NotebookNode or None
        The answer cell.
    checked : NotebookNode or None
        The graded cell of an exercise, with its verdict card; None for a written question.
    points : float
    """

    id: str
    heading: str
    text: list[str]
    answer: NotebookNode | None
    checked: NotebookNode | None
    points: float


@dataclass(frozen=True)
class _Result:
    """A topic, what was said of it, and its points."""

    topic: Topic
    verdict: Verdict | None
    grade: "CellGrade | None"
    comment: str = ""
    reasons: list[str] = field(default_factory=list)

    @property
    def score(self) -> float | None:
        """Points; None while a written answer waits for its mark."""
        grade, verdict = self.grade, self.verdict
        automatic = self.topic.checked is not None and grade is not None and grade.auto is not None
        if grade is not None and (automatic or grade.manual is not None):
            return grade.score
        if verdict is not None:
            return verdict.points
        return None if self.topic.checked is None else 0.0

    @property
    def points(self) -> float:
        return self.topic.points or (self.verdict.max_points if self.verdict else 0.0)

    @property
    def full(self) -> bool:
        return self.score is not None and self.score >= self.points


def render_page(
    assignment: str,
    student: str,
    notebook: NotebookNode,
    entry: Entry | None,
    grades: "Grades | None",
) -> str:
    """The feedback page of one submission.

    Parameters
    ----------
    assignment, student : str
    notebook : NotebookNode
        As graded; may be without cells.
    entry : Entry or None
        The ledger's entry.
    grades : Grades or None
        What the gradebook says.

    Returns
    -------
    str
        A whole HTML document.
    """
    results = _results(notebook, entry, grades)
    title = _escape(f"{_title(notebook, assignment)}: feedback for {student}")
    body = [
        f"<header><h1>{_escape(_title(notebook, assignment))}</h1>"
        f"<p class='who'>Feedback for <b>{_escape(student)}</b></p></header>",
        _notices(entry),
        _score_line(results, entry, grades),
        _summary(results),
        *(_section(result) for result in results if result.topic.answer is not None),
    ]
    return (
        "<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'>"
        "<meta http-equiv='Content-Security-Policy' "
        "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{title}</title><style>{_style()}</style></head>\n"
        f"<body><main>{''.join(body)}</main></body></html>\n"
    )


def topics(notebook: NotebookNode) -> list[Topic]:
    """The exercises and written questions of a graded notebook, in its order."""
    found: list[Topic] = []
    answers: dict[str, tuple[NotebookNode, str, list[str]]] = {}
    section, heading, text = "", "", []
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        name = str(about.get("grade_id", ""))
        if is_solution(cell):
            answers[name] = cell, heading, text
            if is_grade(cell):
                found.append(Topic(name, heading, text, cell, None, _points(about)))
        elif is_grade(cell):
            place = answers.get(name + ANSWER_SUFFIX, (None, heading, text))
            found.append(Topic(name, place[1], place[2], place[0], cell, _points(about)))
        elif cell.cell_type == "markdown":
            for marks, written in _HEADING.findall(cell.source):
                title = " ".join(written.split())
                section = title if len(marks) < 3 else section
                heading = title if len(marks) < 3 else f"{section} › {title}"
                text = []
            text = [*text, _HEADING.split(cell.source)[-1]]
    return found


def markdown(text: str, *, trusted: bool) -> str:
    """Markdown as clean HTML, its math as MathML.

    Parameters
    ----------
    text : str
    trusted : bool
        Ours: HTML in it counts. A student's is shown as text.
    """
    return _trusted_markdown(text) if trusted else _render_markdown(text, escape=True)


def _points(about: Mapping[str, Any]) -> float:
    points = about.get("points", 0)
    return float(points) if isinstance(points, int | float) else 0.0


def _results(notebook: NotebookNode, entry: Entry | None, grades: "Grades | None") -> list[_Result]:
    verdicts = {verdict.exercise: verdict for verdict in entry.verdicts} if entry else {}
    why = entry.unusable if entry else {}
    cells = grades.cells if grades else {}
    comments = grades.comments if grades else {}
    found = topics(notebook)
    if not found:
        found = [Topic(name, "", [], None, None, 0.0) for name in verdicts]
    results = []
    for topic in found:
        verdict = verdicts.get(topic.id)
        if verdict is None and topic.checked is not None:
            verdict = verdict_of_card(_card_of(topic.checked), topic.id)
        answer_id = topic.id + ANSWER_SUFFIX if topic.checked is not None else topic.id
        reasons = list(verdict.paragraphs) if verdict else []
        if answer_id in why and not any(str(why[answer_id]) in reason for reason in reasons):
            reasons.append(str(why[answer_id]))
        comment = comments.get(answer_id) or comments.get(topic.id) or ""
        results.append(_Result(topic, verdict, cells.get(topic.id), comment, reasons))
    return results


def verdict_of_card(card: str, exercise: str) -> Verdict | None:
    """Read a verdict back from its card, where there is no ledger; None if it is no card."""
    parts = re.findall(
        r"<li\b[^>]*><b\b[^>]*>(.)</b> (.*?) <span\b[^>]*>[\d.e+-]+ / ([\d.e+-]+)</span></li>", card
    )
    if not parts:
        return None
    passed = {html.unescape(part): mark == "✓" for mark, part, _ in parts}
    points = {html.unescape(part): float(value) for _, part, value in parts}
    cause = re.search(r"<b>Likely cause: (.*?)\.</b> (.*?)</p>", card, re.DOTALL)
    texts = re.findall(r"<p\b[^>]*>(?!<b>Likely cause)(.*?)</p>", card, re.DOTALL)
    texts = [html.unescape(text) for text in texts]
    others = (text.partition(": ") for text in texts[1:])
    return Verdict(
        exercise=exercise,
        passed=all(passed.values()),
        points=sum(points[part] for part, right in passed.items() if right),
        max_points=sum(points.values()),
        parts=passed,
        part_points=points,
        mistake=html.unescape(cause[1]) if cause else None,
        hint=html.unescape(cause[2]) if cause else None,
        message=texts[0] if texts else "",
        reasons={part: reason for part, _, reason in others},
    )


def _card_of(cell: NotebookNode) -> str:
    for output in cell.get("outputs", []):
        if output.get("output_type") == "execute_result":
            return str(output.get("data", {}).get("text/html", ""))
    return ""


def _title(notebook: NotebookNode, assignment: str) -> str:
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (heading := _HEADING.search(cell.source)):
            return heading[2].strip()
    return assignment


def _notices(entry: Entry | None) -> str:
    """What concerns the submission as a whole."""
    notices = []
    if entry and entry.status == UNGRADABLE:
        notices.append("<b>This notebook could not be graded.</b> " + _escape(entry.reason))
    elif entry and entry.reason:
        notices.append(_escape(entry.reason))
    if entry and not entry.rubric.confined:
        notices.append(
            "<b>Graded without a sandbox.</b> The answers ran without the confinement that "
            "protects scores: they are for practice until the instructor confirms them."
        )
    return "".join(f"<p class='notice' role='note'>{notice}</p>" for notice in notices)


def _score_line(results: list[_Result], entry: Entry | None, grades: "Grades | None") -> str:
    exercises = [result for result in results if result.topic.checked is not None]
    written = [result for result in results if result.topic.checked is None]
    if not any(result.topic.answer for result in results) and entry:
        got, possible = entry.score, entry.max_score
        return f"<p class='score'><b>{got:g}</b> of {possible:g} points</p>"
    penalty = grades.late_penalty if grades else 0.0
    total = max(0.0, sum(result.score or 0.0 for result in results) - penalty)
    details = [_share("exercises", exercises)]
    if any(result.score is not None for result in written):
        details.append(_share("written answers", written))
    waiting = sum(result.score is None for result in written)
    if waiting:
        details.append(f"{waiting} written {'answer waits' if waiting == 1 else 'answers wait'} "
                       "for a mark")  # fmt: skip
    if penalty:
        details.append(f"{penalty:g} off for handing in late")
    possible = sum(result.points for result in results)
    so_far = " so far" if waiting else ""
    return (
        f"<p class='score'><b>{total:g}</b> of {possible:g} points{so_far}"
        f"<span>{_escape('; '.join(details))}</span></p>"
    )


def _share(name: str, results: list[_Result]) -> str:
    got = sum(result.score or 0.0 for result in results)
    return f"{name} {got:g} of {sum(result.points for result in results):g}"


def _summary(results: list[_Result]) -> str:
    if not results:
        return ""
    rows = "".join(_summary_row(result) for result in results)
    return (
        "<div class='wide'><table class='summary'><caption>What passed, and what to look at"
        "</caption><thead><tr><th scope='col'>exercise</th><th scope='col'>points</th>"
        "<th scope='col'>parts</th><th scope='col'>what to do</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _summary_row(result: _Result) -> str:
    topic = result.topic
    name = f"<code>{_escape(topic.id)}</code>"
    if topic.answer is not None:
        name = f"<a href='#{_anchor(topic.id)}'>{name}</a>"
    score = "not marked yet" if result.score is None else f"{result.score:g} / {result.points:g}"
    if result.grade is not None and result.grade.manual is not None and topic.checked is not None:
        score += f"<br><small>by hand; automatic {result.grade.auto or 0:g}</small>"
    return (
        f"<tr><th scope='row'>{name}</th><td class='points'>{score}</td>"
        f"<td>{_parts(result.verdict)}</td><td>{_advice(result)}</td></tr>"
    )


def _parts(verdict: Verdict | None) -> str:
    if verdict is None:
        return "–"
    chips = []
    for part, passed in verdict.parts.items():
        mark, label = ("✓", "passed") if passed else ("✗", "failed")
        chips.append(
            f"<li class='{label}'><b aria-label='{label}'>{mark}</b> {_escape(part)}"
            f" <small>{verdict.part_points.get(part, 0):g}</small></li>"
        )
    return f"<ul class='parts'>{''.join(chips)}</ul>"


def _advice(result: _Result) -> str:
    """The mistake with its hint, or else the first reason; and what to read again."""
    verdict, said = result.verdict, []
    if result.full:
        said.append("All right.")
    elif verdict is not None and verdict.hint:
        said.append(f"<b>{_escape(_sentence(verdict.mistake))}</b> {_escape(verdict.hint)}")
    elif result.reasons:
        said.append(_escape(result.reasons[0][:600]))
    if result.comment and result.topic.answer is not None:
        said.append("There is a comment from your grader.")
    if not result.full and result.score is not None and result.topic.heading:
        link = f"<a href='#{_anchor(result.topic.id)}'>{_inline(result.topic.heading)}</a>"
        said.append(f"Read again: {link}")
    return "<br>".join(said)


def _sentence(name: object) -> str:
    text = str(name).strip()
    return f"{text[:1].upper()}{text[1:]}."


def _section(result: _Result) -> str:
    topic = result.topic
    text = "".join(markdown(source, trusted=True) for source in topic.text)
    card = ""
    if topic.checked is not None:
        card = result.verdict._repr_html_() if result.verdict else _clean(_card_of(topic.checked))
        card = _CONTROL.sub("�", card)
    comment = ""
    if result.comment:
        comment = (
            f"<div class='comment'><b>Comment</b>{markdown(result.comment, trusted=False)}</div>"
        )
    score = "not marked yet" if result.score is None else f"{result.score:g} / {result.points:g}"
    label = "passed" if result.full else "waiting" if result.score is None else "failed"
    opened = "" if result.full and not comment else " open"
    return (
        f"<section id='{_anchor(topic.id)}'><details{opened}><summary>"
        f"<span class='tally {label}'>{score}</span> {_inline(topic.heading or topic.id)}"
        f"</summary><div class='course'>{text}</div><h4>Your answer</h4>{_answer(topic.answer)}"
        f"{card}{comment}</details></section>"
    )


def _answer(cell: NotebookNode) -> str:
    if cell.cell_type == "markdown":
        if cell.source.strip() in ("", ClearSolutions().text_stub):
            return "<p class='empty'>Nothing was written here.</p>"
        return f"<div class='written'>{markdown(cell.source, trusted=False)}</div>"
    outputs = [_output(output) for output in cell.get("outputs", [])[:MAX_OUTPUTS]]
    return f"<pre class='code'>{_code(cell.source)}</pre>{''.join(outputs)}"


def _code(source: str) -> str:
    source = _CONTROL.sub("�", source)
    longest = max(map(len, source.split("\n")))
    if len(source) > MAX_COLORED or longest > MAX_COLORED_LINE:
        cut = len(source) - MAX_CODE
        more = f"\n… {cut} more characters" if cut > 0 else ""
        return html.escape(source[:MAX_CODE]) + more
    return highlight(source, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True))


def _output(output: Mapping[str, Any]) -> str:
    """What an answer cell printed, as text; pictures only where they are pictures."""
    kind = output.get("output_type")
    if kind == "error":
        said = f"{output.get('ename', '')}: {output.get('evalue', '')}"
        return f"<pre class='output error'>{_shortened(said)}</pre>"
    if kind == "stream":
        return f"<pre class='output'>{_shortened(_joined(output.get('text', '')))}</pre>"
    data = output.get("data") or {}
    picture = _picture(data.get("image/png"))
    text = _joined(data.get("text/plain", ""))
    if picture:
        # What plots.show gives as plain text is the alt text; a bare Figure says its size there.
        described = text and not text.startswith("<Figure")
        alt = _shortened(text) if described else "A figure that this cell drew"
        return f"<img alt='{alt}' src='data:image/png;base64,{picture}'>"
    return f"<pre class='output'>{_shortened(text)}</pre>" if text else ""


def _picture(encoded: object) -> str:
    """The base64 text of a PNG, written anew; empty if it is none, or too large."""
    if not isinstance(encoded, str) or len(encoded) > 1.4 * MAX_IMAGE_BYTES:
        return ""
    try:
        content = base64.b64decode(encoded.replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        return ""
    if not content.startswith(PNG_START) or len(content) < 24:
        return ""
    width, height = struct.unpack(">II", content[16:24])
    return base64.b64encode(content).decode() if width * height <= MAX_PIXELS else ""


def _joined(text: object) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else str(text)


def _shortened(text: str) -> str:
    text = _ANSI.sub("", text)
    more = f"\n… {len(text) - MAX_TEXT} more characters" if len(text) > MAX_TEXT else ""
    return _escape(text[:MAX_TEXT]) + more


def _escape(text: object) -> str:
    return html.escape(_CONTROL.sub("�", str(text)))


def _anchor(name: str) -> str:
    return "at-" + re.sub(r"[^A-Za-z0-9_-]", "-", name)


def _inline(text: str) -> str:
    """A heading of ours inside a line."""
    return re.sub(r"^<p>(.*)</p>\s*$", r"\1", markdown(text, trusted=True), flags=re.DOTALL)


@lru_cache(maxsize=1000)
def _trusted_markdown(text: str) -> str:
    return _render_markdown(text, escape=False)


def _render_markdown(text: str, *, escape: bool) -> str:
    text = _CONTROL.sub("�", text)
    if escape and len(text) > MAX_MARKDOWN:
        return f"<pre class='output'>{html.escape(text)}</pre>"
    renderer = _Renderer(escape=escape)
    try:
        dirty = MarkdownWithMath(renderer=renderer).render(text)
    except RecursionError:
        return f"<pre class='output'>{html.escape(text)}</pre>"
    return renderer.put_math_back(_clean(dirty))


class _Renderer(IPythonRenderer):
    """Keeps math apart while the rest is cleaned: bleach does not know MathML."""

    def __init__(self, escape: bool):
        super().__init__(escape=escape, allow_harmful_protocols=False, exclude_anchor_links=True)
        self._math: list[str] = []

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

    def put_math_back(self, clean: str) -> str:
        # An HTML entity can still spell a mark that is not ours.
        known = dict(enumerate(self._math))
        return re.sub(r"\ue000(\d+)\ue001", lambda found: known.get(int(found[1]), ""), clean)

    def _keep(self, latex: str, *, display: bool) -> str:
        latex = latex.strip().removeprefix("$$").removesuffix("$$").strip("$")
        try:
            written = mathml(latex, display=display)
        except ValueError:
            written = f"<code class='latex'>{html.escape(latex)}</code>"
        self._math.append(written)
        return f"\ue000{len(self._math) - 1}\ue001"


def _clean(dirty: str) -> str:
    return _cleaner().clean(dirty)


@cache
def _cleaner() -> bleach.Cleaner:
    return bleach.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        protocols=["http", "https", "mailto"],
        css_sanitizer=CSSSanitizer(allowed_css_properties=_STYLES, allowed_svg_properties=[]),
        strip=True,
    )


@cache
def _style() -> str:
    return _PAGE_STYLE + HtmlFormatter(style="default").get_style_defs(".code")


_PAGE_STYLE = """
:root{color-scheme:light}
body{margin:0;background:#f6f7f8;color:#1b1f23;font:16px/1.55 system-ui,sans-serif}
main{max-width:60em;margin:0 auto;padding:24px 20px 60px}
h1{font-size:1.7em;margin:0;line-height:1.25}.who{margin:2px 0 18px;color:#555}
a{color:#0059a3}
.notice{border:2px solid #d55e00;border-radius:6px;background:#fff6f0;padding:10px 14px}
.score{background:#fff;border:1px solid #d9dde1;border-radius:8px;padding:12px 18px;font-size:1.2em}
.score b{font-size:1.6em}.score span{display:block;font-size:.78em;color:#555}
.wide{overflow-x:auto}
table{border-collapse:collapse;background:#fff}
.summary{width:100%;border:1px solid #d9dde1;font-size:.93em}
caption{text-align:left;font-weight:600;padding:8px 0;font-size:1.08em}
th,td{border-bottom:1px solid #e4e7ea;padding:8px 12px;text-align:left;vertical-align:top}
tbody th{font-weight:400}.points{white-space:nowrap}
.parts{list-style:none;margin:0;padding:0;white-space:nowrap}
.passed b{color:#0072b2}.failed b{color:#b34a00}small{color:#666}
section{margin-top:14px;background:#fff;border:1px solid #d9dde1;border-radius:8px}
section>details>summary{cursor:pointer;padding:12px 16px;font-weight:600}
section>details[open]{padding:0 18px 18px}section>details[open]>summary{margin:0 -18px}
.tally{display:inline-block;min-width:4.5em;text-align:center;border-radius:10px;padding:1px 8px;
margin-right:8px;font-size:.88em;color:#fff;background:#5c6670}
.tally.passed{background:#0072b2}.tally.failed{background:#b34a00}
.course{border-left:3px solid #d9dde1;padding-left:14px;color:#333}
.course h1,.course h2,.course h3,.course h4{font-size:1.05em;margin:.4em 0}
h4{margin:16px 0 6px}
pre{overflow-x:auto;padding:10px 14px;border-radius:6px;font:14px/1.45 ui-monospace,monospace}
.code{background:#f6f8fa;border:1px solid #e1e4e8}
.output{background:#fff;border:1px solid #e1e4e8;white-space:pre-wrap;overflow-wrap:anywhere}
.output.error{border-color:#d55e00}
.written{border:1px solid #e1e4e8;border-radius:6px;padding:2px 14px;overflow-wrap:anywhere}
.comment{border-left:6px solid #009e73;background:#f0faf6;padding:8px 14px;margin-top:12px}
.empty{color:#666;font-style:italic}
img{max-width:100%}code{font-family:ui-monospace,monospace;font-size:.92em}
.latex{background:#f0f1f3;padding:0 3px}
math{font-size:1.05em}math[display=block]{margin:.7em 0;padding:.3em 0;overflow:auto hidden}
math mtd{padding:.1em .35em;border:0}math .aligned mtd{text-align:left}math mtable{background:none}
@media print{body{background:#fff}section{break-inside:avoid}}
"""
