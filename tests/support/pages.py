"""What every page that grading writes must be like, and hostile text to put into it."""

import re
from pathlib import Path

from tests.support.graded_course import ASSIGNMENT, Elements

EVIL = "<script>alert(1)</script><img src='http://evil.example/x.png' onerror='alert(2)'>"

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJg"
    "gg=="
)
"""A PNG of one pixel, as base64 text."""

FORBIDDEN = {
    "applet", "audio", "base", "button", "embed", "form", "frame", "frameset", "iframe", "input",
    "link", "noscript", "object", "script", "source", "svg", "template", "textarea", "video",
}  # fmt: skip


def feedback_page(course: Path, student: str) -> str:
    """The page that a student gets."""
    path = course / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html"
    return path.read_text(encoding="utf-8")


def assert_harmless(page: str) -> None:
    """No element runs anything, fetches anything, or takes input."""
    for tag, attributes in Elements(page).elements:
        assert tag not in FORBIDDEN
        for name, value in attributes.items():
            assert not name.startswith(("on", "form", "xlink")), (tag, name)
            assert name not in {"action", "srcset", "srcdoc", "background", "ping"}, (tag, name)
            if name == "src":
                assert tag == "img" and value.startswith("data:image/png;base64,")
            if name == "href":
                beside = re.fullmatch(r"[\w-]+\.(csv|html)", value)
                begins = ("#", "http://", "https://", "mailto:", "../feedback/")
                assert tag == "a" and (beside or value.startswith(begins))
            if name == "style":
                assert "url(" not in value and "expression" not in value


HOSTILE_MARKDOWN = [
    EVIL,
    f"# {EVIL}",
    f"> {EVIL}\n\n- {EVIL}\n\n1. {EVIL}",
    "<svg onload=alert(1)></svg> <svg><script href=data:,alert(1) /></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe> <iframe src=javascript:alert(1)>",
    "<object data=javascript:alert(1)></object> <embed src=http://evil.example/x.swf>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 "
    "onerror=alert(1)&gt;'></table></mtext></math>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<form><math><mtext></form><form><mglyph><svg><mtext><textarea><path id='</textarea>"
    "<img onerror=alert(1) src=1>'></form>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script></template> <base href=http://evil.example>",
    "<p style='background:url(http://evil.example);list-style:url(//evil.example)'>x</p>",
    "<table><tr><td style='text-align:url(http://evil.example);background:url(//evil.example);"
    "position:fixed;text-align:center'>x</td></tr></table>",
    '<div style="width:expression(alert(1))">x</div> <link rel=stylesheet href=//evil.example>',
    "<style>body{background:url(http://evil.example)}</style>",
    "<meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<<script>script>alert(1)<</script>/script> <img src=x onerror=alert(1) <b <i",
    "<b><i><u><s></b></i><p><a href='javascript:alert(1)'><table><tr><td></b><div></p></a>",
    "<a href=' &#14; java&#x09;script:alert(1)'>x</a> <a href='data:text/html,x'>y</a>",
    "[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](data:text/html;base64,PHNjcmlwdD4=) "
    "[d](vbscript:x) [e](java&#10;script:alert(1)) [f](&#106;avascript:alert(1))",
    '[a](http://a "x\' onmouseover=\'alert(1)") [b](http://b"onclick="alert(1))',
    "![picture](http://evil.example/y.png) ![x](data:image/svg+xml,x) "
    '![x](data:image/png;base64,AA) !["onerror="alert(1)](y)',
    '<javascript:alert(1)> <http://evil.example/"onclick=alert(1)//>',
    "[a]: javascript:alert(1)\n\n[a] [b][a]",
    f"`{EVIL}`\n\n```\n{EVIL}\n```",
    f"```python\n'{EVIL}'\n```\n\n```html\n{EVIL}\n```\n\n```{EVIL}\nx\n```",
    f"```mermaid\n</pre>{EVIL}<svg onload=alert(1)>\n```",
    f"| {EVIL} | b |\n|:-:|---|\n| <form action=x><input name=y></form> | {EVIL} |",
    f"- [x] {EVIL}\n- [ ] <input onfocus=alert(1) autofocus>",
    f"term {EVIL}\n: definition {EVIL}",
    f"$<script>alert(1)</script>$ $$\\text{{{EVIL}}}$$ $\\href{{javascript:alert(1)}}{{z}}$",
    f"\\begin{{align}}{EVIL}\\end{{align}} \\begin{{{EVIL}}}x\\end{{{EVIL}}}",
    f"<!-- {EVIL} --> <![CDATA[{EVIL}]]> <?php {EVIL} ?> <!DOCTYPE {EVIL}>",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script>alert(1)</script>",
    "\ufeff<scr\x00ipt>alert(1)</scr\x00ipt> <img\x0bsrc=x\x0conerror=alert(1)>",
    '$x onmouseover=alert(1) y$ [x](http://a "&#xe000;0&#xe001;")',
]
