"""From plain data to a page: the templates, and what all text on a page has in common."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def render(template: str, **data: Any) -> str:
    """Fill in a template; all text is escaped, except ``Markup``.

    Parameters
    ----------
    template : str
        Name of a file in ``templates``.
    data
        What the template lays out.

    Returns
    -------
    str
        A whole HTML document.
    """
    return _environment().get_template(template).render(data)


def without_controls(text: str) -> str:
    """The text with control characters, which HTML forbids, replaced by U+FFFD."""
    return _CONTROL.sub("�", text)


@cache
def script_text(name: str) -> Markup:
    """One of our own scripts, to stand within a page."""
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))


@cache
def _script_hash(name: str) -> Markup:
    """What a content security policy calls one of our own scripts."""
    digest = hashlib.sha256(script_text(name).encode()).digest()
    return Markup(f"sha256-{base64.b64encode(digest).decode()}")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_without_control_characters,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = lambda value: f"{value:g}"
    environment.filters["script_text"] = script_text
    environment.filters["script_hash"] = _script_hash
    environment.filters["percent"] = lambda share: f"{100 * share:.0f} %"
    return environment


def _without_control_characters(value: Any) -> Any:
    if isinstance(value, Markup):
        return value
    return without_controls(value) if isinstance(value, str) else value
