"""The source of references and known mistakes."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any


def reference_source(function: Callable[..., Any]) -> str:
    """The source of a reference, without its decorator."""
    lines, definition = _parsed(function)
    return "\n".join(lines[definition.lineno - 1 : definition.end_lineno])


def body(function: Callable[..., Any]) -> list[str]:
    """The lines of a function's body."""
    lines, definition = _parsed(function)
    return lines[definition.body[0].lineno - 1 : definition.end_lineno]


def _parsed(function: Callable[..., Any]) -> tuple[list[str], ast.FunctionDef]:
    source = textwrap.dedent(inspect.getsource(function))
    return source.splitlines(), ast.parse(source).body[0]
