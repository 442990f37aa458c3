"""Mutants of a reference: its source with one or two small mistakes, as students make them.

The kinds follow those of cosmic-ray, as far as NumPy code has them, and add its own: axes, slices,
in-place changes, functions of the same family, names of the same shape.
"""

import ast
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from ..exercises.describe import Exercise
from ..exercises.observation import observation_of

FAMILIES = (
    ("sum", "mean", "max"),
    ("max", "min", "sum"),
    ("mean", "sum", "median"),
    ("min", "max"),
    ("median", "mean"),
    ("std", "var"),
    ("var", "std"),
    ("maximum", "minimum"),
    ("minimum", "maximum"),
    ("argmax", "argmin"),
    ("argmin", "argmax"),
    ("any", "all"),
    ("all", "any"),
    ("zeros_like", "ones_like"),
    ("exp", "log", "expm1"),
    ("log", "exp", "log2", "log1p"),
    ("sqrt", "square"),
    ("square", "sqrt"),
    ("cos", "sin"),
    ("sin", "cos"),
    ("arctan2", "hypot"),
    ("degrees", "radians"),
    ("radians", "degrees"),
    ("hstack", "vstack"),
    ("vstack", "hstack"),
    ("outer", "multiply"),
    ("values", "keys"),
    ("standard_normal", "random"),
    ("permutation", "arange"),
)
"""Names of functions, each with the ones that are taken for it."""

SYMMETRIC = {"maximum", "minimum", "max", "min", "hypot", "outer", "multiply", "array_equal"}
"""Functions whose result does not depend on the order of their arguments."""

ARITHMETIC: Mapping[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.Div),
    ast.MatMult: (ast.Mult,),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div, ast.Mult),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
}

COMPARISONS: Mapping[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq, ast.GtE, ast.LtE),
    ast.NotEq: (ast.Eq, ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}

Node = ast.AST
Change = tuple[str, Node, Node]
"""The kind of a mistake, the node of the syntax tree that it replaces, and what replaces it."""


@dataclass(frozen=True)
class Mutant:
    """A reference with one mistake, or with several.

    Attributes
    ----------
    kinds : tuple of str
        The kind of each mistake.
    line : int
        Where in the exercise's file the first one is.
    before, after : str
        The statements that were changed, in one line each: of the reference, of the mutant.
    source : str
        The changed functions, whole.
    """

    kinds: tuple[str, ...]
    line: int
    before: str
    after: str
    source: str
    changes: tuple[Change, ...] = field(repr=False, compare=False)

    def function(self, exercise: Exercise) -> Callable[..., Any]:
        """What its source defines instead of the exercise's reference."""
        names = dict(vars(inspect.getmodule(exercise.reference)))
        exec(compile(self.source, f"<mutant of {exercise.id}>", "exec"), names)
        return names[exercise.reference.__name__]

    def __reduce__(self) -> tuple:
        # The syntax tree stays here: a worker process needs the source only.
        return Mutant, (self.kinds, self.line, self.before, self.after, self.source, ())


class Reference:
    """The source of an exercise's reference, with the functions of its module that it calls.

    Parameters
    ----------
    exercise : Exercise
    """

    def __init__(self, exercise: Exercise):
        self.exercise = exercise
        path = Path(inspect.getfile(exercise.reference))
        here = ast.parse(path.read_text(encoding="utf-8")).body
        own = exercise.reference.__name__
        functions = {
            node.name: node
            for node in here
            if isinstance(node, ast.FunctionDef) and (node.name == own or not node.decorator_list)
        }
        functions[own].decorator_list = []
        reached = [own]
        for name in reached:
            called = {n.id for n in ast.walk(functions[name]) if isinstance(n, ast.Name)}
            reached += sorted((called & functions.keys()) - set(reached))
        self.functions = [functions[name] for name in reached]
        self._statements = [
            (statement, function)
            for function in self.functions
            for statement in _statements(function)
        ]
        self._place = {
            id(node): place
            for place, (statement, _) in enumerate(self._statements)
            for node in _own_nodes(statement)
        }
        self._texts = {id(function): ast.unparse(function) for function in self.functions}

    def mutants(self, every: int = 1) -> list[Mutant]:
        """Mutants with one mistake, in the order of the source.

        Parameters
        ----------
        every : int
            Make one mistake of so many; 1 for all of them.
        """
        original = "\n\n".join(self._texts.values())
        found: dict[str, Mutant] = {}
        for change in islice(self._all_changes(), 0, None, every):
            mutant = self._mutant((change,))
            if mutant.source != original:
                found.setdefault(mutant.source, mutant)
        return list(found.values())

    def _all_changes(self) -> Iterator[Change]:
        alike = {id(f): _names_alike(self.exercise, f.name) for f in self.functions}
        for statement, function in self._statements:
            yield from _changes(statement, function, alike[id(function)])

    def pairs(self, rng: np.random.Generator, n: int) -> list[Mutant]:
        """Mutants with two mistakes, neither inside the other, drawn at random.

        Parameters
        ----------
        rng : Generator
        n : int
            How many are drawn; there may be fewer, since some do not fit together.
        """
        singles = self.mutants()
        drawn = (rng.choice(len(singles), 2, replace=False) for _ in range(n))
        both = [singles[i].changes + singles[j].changes for i, j in np.sort(list(drawn), axis=1)]
        return [self._mutant(changes) for changes in both if not _overlap(*changes)]

    def _mutant(self, changes: tuple[Change, ...]) -> Mutant:
        instead = {id(old): new for _, old, new in changes}
        changed = [self._statements[place] for place in sorted({self._place[i] for i in instead})]
        texts = self._texts | {
            id(function): ast.unparse(_copy(function, instead)) for _, function in changed
        }
        return Mutant(
            tuple(kind for kind, _, _ in changes),
            changed[0][0].lineno,
            "; ".join(_line(statement) for statement, _ in changed),
            "; ".join(_line(statement, instead) for statement, _ in changed),
            "\n\n".join(texts.values()),
            changes,
        )


def _overlap(one: Change, other: Change) -> bool:
    # The parser shares what has no place of its own, such as operators.
    inside = ({id(n) for n in ast.walk(old) if hasattr(n, "lineno")} for _, old, _ in (one, other))
    return bool(set.intersection(*inside))


def _copy(node: Any, instead: Mapping[int, Node]) -> Any:
    """A syntax tree in which some nodes are replaced."""
    if isinstance(node, list):
        return [_copy(item, instead) for item in node]
    if not isinstance(node, ast.AST):
        return node
    if id(node) in instead:
        return instead[id(node)]
    fields = {name: _copy(value, instead) for name, value in ast.iter_fields(node)}
    return ast.copy_location(type(node)(**fields), node)


def _line(statement: ast.stmt, instead: Mapping[int, Node] | None = None) -> str:
    """A statement in one line; of a block its head, and whether it ends in a break."""
    changed = _copy(statement, instead or {})
    if isinstance(changed, ast.Pass):
        return f"# {_line(statement)}"
    head = ast.unparse(changed).splitlines()[0]
    broken = id(statement) in (instead or {}) and isinstance(statement, ast.For | ast.While)
    return f"{head} ... break" if broken else head


def _statements(function: ast.FunctionDef) -> Iterator[ast.stmt]:
    """A function and all statements in it, in the order of the source."""
    statements = [node for node in ast.walk(function) if isinstance(node, ast.stmt)]
    return iter(sorted(statements, key=lambda node: (node.lineno, node.col_offset)))


def _own_nodes(node: Node) -> Iterator[Node]:
    """The nodes of a statement; of a block those of its head."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.stmt):
            yield from _own_nodes(child)


def _names_alike(exercise: Exercise, function: str) -> dict[str, set[str]]:
    """By name, the other names that hold something of the same form when a function ends."""
    forms: dict[str, Any] = {}

    def see(frame: Any, event: str, _: Any) -> None:
        if event == "return" and frame.f_code.co_name == function and not forms:
            forms.update({n: _form(value) for n, value in frame.f_locals.items() if n != "_"})

    before = sys.getprofile()
    case = next(iter(exercise.cases(np.random.default_rng(0))))
    sys.setprofile(see)
    try:
        observation_of(exercise.reference, case.calls[-1])
    finally:
        sys.setprofile(before)
    return {
        name: {other for other in forms if other != name and forms[other] == form}
        for name, form in forms.items()
        if form is not None
    }


def _form(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.shape
    if isinstance(value, float | np.floating):
        return float
    return int if isinstance(value, int | np.integer) else None


def _changes(
    statement: ast.stmt, function: ast.FunctionDef, alike: Mapping[str, set[str]]
) -> Iterator[Change]:
    """All mistakes that can be made in one statement."""
    yield from _of_statement(statement, function)
    earlier = _bound_before(function, statement)
    without_effect = {pair for node in _own_nodes(statement) for pair in _without_effect(node)}
    for node in _own_nodes(statement):
        for rule in _RULES.get(type(node), ()):
            for kind, old, new in rule(node):
                if (kind, id(old)) not in without_effect:
                    yield kind, old, new
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            for other in sorted(alike.get(node.id, set()) & earlier):
                if ("name", id(node)) not in without_effect:
                    yield "name", node, ast.Name(other, ast.Load())


def _without_effect(node: Node) -> Iterator[tuple[str, int]]:
    """Kinds of mistakes, and the parts of an expression where they change nothing."""
    if isinstance(node, ast.Call):
        name, arguments = _name_of(node), node.args
        if name in ("len", "zeros_like", "ones_like", "empty_like"):
            yield "name", id(arguments[0])  # others are of the same shape
        if name == "reshape":  # any negative length stands for what is left
            yield from (("number", id(a.operand)) for a in arguments if hasattr(a, "operand"))
        if name == "abs":
            yield "swapped", id(arguments[0])
        yield from (("swapped", id(k.value)) for k in node.keywords if k.arg == "axis")
    elif isinstance(node, ast.Attribute) and node.attr in ("shape", "dtype", "size", "ndim"):
        yield "name", id(node.value)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        yield "swapped", id(node.left)


def _bound_before(function: ast.FunctionDef, statement: ast.stmt) -> set[str]:
    """Parameters, and names assigned in an earlier line."""
    names = {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}
    return names | {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Store)
        and node.lineno < statement.lineno
    }


def _of_statement(node: ast.stmt, function: ast.FunctionDef) -> Iterator[Change]:
    """A statement dropped, `=` for `+=` and back, a block always or never or once run."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Expr):
        earlier = _bound_before(function, node)
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        fresh = {
            n.id
            for target in targets
            if target is not None
            for n in ast.walk(target)
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store) and n.id not in earlier
        }
        if not fresh:
            yield "dropped statement", node, ast.Pass()
        if isinstance(node, ast.AugAssign):
            assigned = ast.Assign([node.target], node.value, lineno=node.lineno)
            yield "= for +=", node, assigned
            for op in ARITHMETIC.get(type(node.op), ()):
                yield "operator", node, ast.AugAssign(node.target, op(), node.value)
        elif isinstance(node, ast.Assign) and isinstance(targets[0], ast.Name) and not fresh:
            yield "+= for =", node, ast.AugAssign(targets[0], ast.Add(), node.value)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
            target, value = node.targets[0], node.value
            arguments = {argument.arg for argument in function.args.args}
            if ast.unparse(target) == ast.unparse(value.left) in arguments:
                yield "in place", node, ast.AugAssign(target, value.op, value.right)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            called = node.value
            if _name_of(called) == "zeros" and _accumulates(node.targets[0], function):
                yield "family", called, _with(called, func=_with(called.func, attr="ones"))
    if isinstance(node, ast.For | ast.While):
        yield "one round", node, _with(node, body=[*node.body, ast.Break()])
    if isinstance(node, ast.If | ast.While):
        yield "condition", node.test, _negated(node.test)
    if isinstance(node, ast.If):
        for always in (True, False):
            yield "condition", node.test, ast.Constant(always)


def _accumulates(target: ast.expr, function: ast.FunctionDef) -> bool:
    """Whether the first values of an array remain: not all are assigned one by one."""
    name = ast.unparse(target)
    return not any(
        isinstance(node, ast.Assign)
        and any(isinstance(n, ast.Subscript) and ast.unparse(n.value) == name for n in _flat(node))
        for node in ast.walk(function)
    )


def _flat(node: ast.Assign) -> list[ast.expr]:
    """The targets of an assignment, one by one."""
    first = node.targets[0]
    return first.elts if isinstance(first, ast.Tuple) else [first]


def _with(node: Node, **fields: Any) -> Any:
    """A copy of a node with some fields changed."""
    kept = {name: getattr(node, name) for name in node._fields if hasattr(node, name)}
    return ast.copy_location(type(node)(**(kept | fields)), node)


def _negated(test: ast.expr) -> ast.expr:
    return test.operand if _is_not(test) else ast.UnaryOp(ast.Not(), test)


def _is_not(test: ast.expr) -> bool:
    return isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)


def _starred(values: list[ast.expr]) -> bool:
    return any(isinstance(value, ast.Starred) for value in values)


def _name_of(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def _of_operation(node: ast.BinOp) -> Iterator[Change]:
    for op in ARITHMETIC.get(type(node.op), ()):
        yield "operator", node, _with(node, op=op())
    if not isinstance(node.op, ast.Add | ast.Mult):
        yield "swapped", node, _with(node, left=node.right, right=node.left)
    for side in (node.left, node.right):
        yield "dropped term", node, side


def _of_comparison(node: ast.Compare) -> Iterator[Change]:
    text = isinstance(getattr(node.comparators[0], "value", None), str)
    for op in COMPARISONS[type(node.ops[0])][: 1 if text else None]:
        yield "comparison", node, _with(node, ops=[op(), *node.ops[1:]])


def _of_and_or(node: ast.BoolOp) -> Iterator[Change]:
    yield "and/or", node, _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for value in node.values:
        kept = [other for other in node.values if other is not value]
        yield "dropped term", node, _with(node, values=kept) if len(kept) > 1 else kept[0]


def _of_sign(node: ast.UnaryOp) -> Iterator[Change]:
    yield "sign", node, node.operand


def _of_choice(node: ast.IfExp) -> Iterator[Change]:
    yield "condition", node, _with(node, body=node.orelse, orelse=node.body)
    yield "condition", node, node.body
    yield "condition", node, node.orelse


def _of_constant(node: ast.Constant) -> Iterator[Change]:
    if isinstance(node.value, bool):
        yield "number", node, ast.Constant(not node.value)
    elif isinstance(node.value, int | float):
        for number in _other_numbers(node.value):
            yield "number", node, _literal(number)


def _other_numbers(number: float) -> list[float]:
    if isinstance(number, int):
        others = [number + 1, number - 1, 0, *([0.5] if number == 2 else [])]
    else:
        others = [0.0, 1.0, 2 * number, number / 2]
    return [other for other in dict.fromkeys(others) if other != number]


def _literal(number: float) -> ast.expr:
    if number < 0:
        return ast.UnaryOp(ast.USub(), ast.Constant(-number))
    return ast.Constant(number)


def _of_call(node: ast.Call) -> Iterator[Change]:
    name, arguments = _name_of(node), node.args
    if name not in SYMMETRIC:
        for i, (one, other) in enumerate(pairwise(arguments)):
            swapped = [*arguments[:i], other, one, *arguments[i + 2 :]]
            yield "swapped", node, _with(node, args=swapped)
    if len(arguments) > 1:
        for one in arguments:
            kept = [other for other in arguments if other is not one]
            yield "dropped argument", node, _with(node, args=kept)
    for keyword in node.keywords:
        kept = [other for other in node.keywords if other is not keyword]
        yield "dropped argument", node, _with(node, keywords=kept)
        if keyword.arg == "axis" and isinstance(keyword.value, ast.Tuple):
            for axis in keyword.value.elts:
                yield "axis", keyword.value, axis
    if name in ("copy", "astype", "ravel") and ast.unparse(node.func) != f"np.{name}":
        yield "dropped call", node, node.func.value
    elif name not in ("float", "int", "len", "range") and arguments and not _starred(arguments):
        yield "dropped call", node, arguments[0]
    if name == "len":
        columns = ast.Subscript(_attribute(arguments[0], "shape"), ast.Constant(1))
        yield "axis", node, _with(columns, ctx=ast.Load())
    if name in ("zeros", "empty") and not node.keywords and len(arguments) == 1:
        whole = ast.keyword("dtype", ast.Name("int", ast.Load()))
        yield "dtype", node, _with(node, keywords=[whole])


def _attribute(value: ast.expr, name: str) -> ast.Attribute:
    return ast.Attribute(value, name, ast.Load())


def _of_attribute(node: ast.Attribute) -> Iterator[Change]:
    for name, *others in FAMILIES:
        if node.attr == name:
            for other in others:
                yield "family", node, _with(node, attr=other)
    if node.attr == "T":
        yield "transpose", node, node.value
    if node.attr == "inf":
        yield "number", node, ast.Constant(0.0)


def _of_name(node: ast.Name) -> Iterator[Change]:
    for name, *others in FAMILIES:
        if node.id == name and name in ("max", "min", "sum", "any", "all"):
            for other in others:
                yield "family", node, _with(node, id=other)


def _of_subscript(node: ast.Subscript) -> Iterator[Change]:
    if isinstance(node.ctx, ast.Load):
        yield "dropped index", node, node.value


def _of_slice(node: ast.Slice) -> Iterator[Change]:
    for bound in ("lower", "upper", "step"):
        at = getattr(node, bound)
        if at is None:
            continue
        yield "slice", node, _with(node, **{bound: None})
        if not isinstance(at, ast.Constant | ast.UnaryOp):
            for op in (ast.Add(), ast.Sub()):
                yield "slice", at, ast.BinOp(at, op, ast.Constant(1))


def _of_several(node: ast.Tuple | ast.List) -> Iterator[Change]:
    if isinstance(node.ctx, ast.Load):
        for i, (one, other) in enumerate(pairwise(node.elts)):
            yield (
                "swapped",
                node,
                _with(node, elts=[*node.elts[:i], other, one, *node.elts[i + 2 :]]),
            )


def _of_loop_over(node: ast.For | ast.comprehension) -> Iterator[Change]:
    if isinstance(node.iter, ast.Call) and _name_of(node.iter) == "range":
        *start, end = node.iter.args[:2]
        step = node.iter.args[2:]
        if not isinstance(end, ast.Constant):
            for op in (ast.Add(), ast.Sub()):
                moved = [*start, ast.BinOp(end, op, ast.Constant(1)), *step]
                yield "off by one", node.iter, _with(node.iter, args=moved)
        if not start:
            yield "off by one", node.iter, _with(node.iter, args=[ast.Constant(1), end])


_RULES: Mapping[type, tuple[Callable[[Any], Iterator[Change]], ...]] = {
    ast.BinOp: (_of_operation,),
    ast.Compare: (_of_comparison,),
    ast.BoolOp: (_of_and_or,),
    ast.UnaryOp: (_of_sign,),
    ast.IfExp: (_of_choice,),
    ast.Constant: (_of_constant,),
    ast.Call: (_of_call,),
    ast.Attribute: (_of_attribute,),
    ast.Name: (_of_name,),
    ast.Subscript: (_of_subscript,),
    ast.Slice: (_of_slice,),
    ast.Tuple: (_of_several,),
    ast.List: (_of_several,),
    ast.For: (_of_loop_over,),
    ast.comprehension: (_of_loop_over,),
}
"""What can be mistaken in an expression, by the type of its node."""
