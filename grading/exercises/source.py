"""The source of references and known mistakes."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from functools import partial
from typing import Any


def reference_source(function: Callable[..., Any]) -> str:
    """The source of a reference, without its decorator."""
    lines, definition = _parsed(function)
    return "\n".join(lines[definition.lineno - 1 : definition.end_lineno])


def body(function: Callable[..., Any]) -> list[str]:
    """The lines of a function's body; of a reference with switches, as they are set."""
    if isinstance(function, partial):
        (is_,) = function.args
        _, definition = _parsed(function.func)
        chosen = _Chosen(definition.args.args[0].arg, is_).visit(definition)
        return textwrap.indent("\n".join(map(ast.unparse, chosen.body)), " " * 4).splitlines()
    lines, definition = _parsed(function)
    return lines[definition.body[0].lineno - 1 : definition.end_lineno]


def _parsed(function: Callable[..., Any]) -> tuple[list[str], ast.FunctionDef]:
    source = textwrap.dedent(inspect.getsource(function))
    return source.splitlines(), ast.parse(source).body[0]


class _Chosen(ast.NodeTransformer):
    """Leaves of each choice that a switch makes only what is chosen."""

    def __init__(self, switch: str, is_: Callable[[str], bool]):
        self._switch, self._is = switch, is_

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if isinstance(node.func, ast.Name) and node.func.id == self._switch:
            return ast.Constant(self._is(node.args[0].value))
        return self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        known = isinstance(node.op, ast.Not) and _is_known(node.operand)
        return ast.Constant(not node.operand.value) if known else node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        self.generic_visit(node)
        decides = isinstance(node.op, ast.Or)
        if any(_is_known(value) and value.value == decides for value in node.values):
            return ast.Constant(decides)
        node.values = [value for value in node.values if not _is_known(value)]
        if len(node.values) > 1:
            return node
        return node.values[0] if node.values else ast.Constant(not decides)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        self.generic_visit(node)
        if not _is_known(node.test):
            return node
        return node.body if node.test.value else node.orelse

    def visit_If(self, node: ast.If) -> ast.stmt | list[ast.stmt]:
        self.generic_visit(node)
        if not _is_known(node.test):
            node.body = node.body or [ast.Pass()]
            return node
        return node.body if node.test.value else node.orelse


def _is_known(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, bool)
