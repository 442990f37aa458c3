"""Right answers in unusual forms, and lines without harm: nothing may be lost for them.

``FORMS`` write the reference of an exercise otherwise, and ``CONVERSIONS`` take or return its
values otherwise, where its docstring allows that. Other methods are written by hand. The texts
are in ``tests/unusual``, each a section of a file, as in the percent format of Jupytext; the line
``# <answer>`` stands for the cell with the reference.
"""

import ast
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from grading.exercises import EXERCISES
from tests.support.attacks import ANSWER
from tests.support.submissions import cell_of, solved

FOLDER = Path(__file__).parents[1] / "unusual"
SECTION = re.compile(r"^(?:# )?%% ", re.MULTILINE)
"""Starts a section."""
INDENTED_ANSWER = re.compile(rf"^( *){ANSWER}$", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """The text of an answer cell, and what is unusual about it."""

    exercise: str
    form: str
    text: str

    def __str__(self) -> str:
        return f"{self.exercise}: {self.form}"


@cache
def reference_cell(exercise: str) -> str:
    """The answer cell of an exercise with the reference in it."""
    return cell_of(solved(EXERCISES[exercise].assignment), f"{exercise}-answer")["source"]


@cache
def answers_to(exercise: str) -> list[Answer]:
    """All answers to an exercise; of the forms that change no value, two of three take turns."""
    turn = list(EXERCISES).index(exercise)
    in_turn = {form: write for i, (form, write) in enumerate(FORMS.items()) if (turn + i) % 3}
    written = {form: write(exercise) for form, write in (in_turn | CONVERSIONS).items()}
    texts = written | _methods()[exercise]
    return [Answer(exercise, form, text) for form, text in texts.items() if text is not None]


def function_of(answer: Answer) -> Callable[..., Any] | None:
    """An answer as a function in this process; None if its cell is not plain Python."""
    try:
        code = compile(answer.text, f"<{answer}>", "exec")
    except SyntaxError:
        return None
    reference = EXERCISES[answer.exercise].reference
    assignment = EXERCISES[answer.exercise].assignment
    others = {name: EXERCISES[name].reference for name in exercises_of(assignment)}
    cell = {**others, **reference.__globals__, "np": np, "__name__": "cell"}
    cell["check"] = lambda function: SimpleNamespace(passed=True)
    exec(code, cell)
    return cell[answer.exercise]


def notebooks(assignment: str) -> Iterator[dict[str, Answer]]:
    """The answers to an assignment, one to each exercise at a time, until all have had a turn.

    Exercises start at different answers, so that different ones meet. Where an exercise has run
    out of them, it is left out.
    """
    lists = [answers_to(exercise) for exercise in exercises_of(assignment)]
    for turn in range(max(map(len, lists))):
        chosen = [
            answers[(turn + 7 * i) % len(answers)]
            for i, answers in enumerate(lists)
            if turn < len(answers)
        ]
        yield {answer.exercise: answer for answer in chosen}


def everyday_notebooks(assignment: str) -> Iterator[dict[str, Answer]]:
    """Right answers, each below a line that students write and that does no harm.

    The lines that once cost points come first.
    """
    lines = (FOLDER / "everyday.txt").read_text(encoding="utf-8").splitlines()
    own = exercises_of(assignment)
    for start in range(0, len(lines), len(own)):
        pairs = zip(own, lines[start:], strict=False)
        yield {name: Answer(name, line, f"{line}\n{ANSWER}\n") for name, line in pairs}


def exercises_of(assignment: str) -> list[str]:
    """The ids of an assignment's exercises."""
    return [name for name, one in EXERCISES.items() if one.assignment == assignment]


def _sections(text: str) -> dict[str, str]:
    """The sections of a file by their titles."""
    _, *sections = SECTION.split(text)
    titled = (section.split("\n", 1) for section in sections)
    return {title: body.strip("\n") + "\n" for title, body in titled}


@cache
def _methods() -> dict[str, dict[str, str]]:
    methods: dict[str, dict[str, str]] = {exercise: {} for exercise in EXERCISES}
    for path in sorted(FOLDER.glob("*.py")):
        for title, text in _sections(path.read_text(encoding="utf-8")).items():
            exercise, _, method = title.partition(": ")
            methods[exercise][method] = _with_answer(text, exercise)
    return methods


def _with_answer(text: str, exercise: str) -> str:
    """A text with the reference instead of ``<answer>``, as far to the right as that."""
    return INDENTED_ANSWER.sub(
        lambda mark: textwrap.indent(reference_cell(exercise), mark[1]), text
    )


Write = Callable[[str], str | None]
"""From the id of an exercise to the text of an answer cell; None where a form does not apply."""


def _template(text: str) -> Write:
    return lambda exercise: _with_answer(text.replace("NAME", exercise), exercise)


def _rewritten(rewrite: Callable[[ast.FunctionDef], str | None], imports: str = "") -> Write:
    """Apply a function that changes the syntax tree of the reference, and returns its text."""

    def write(exercise: str) -> str | None:
        tree = ast.parse(reference_cell(exercise))
        changed = rewrite(tree.body[0])
        return changed and imports + changed

    return write


def _text(function: ast.FunctionDef) -> str:
    return ast.unparse(ast.fix_missing_locations(function)) + "\n"


def _parameters(function: ast.FunctionDef) -> list[str]:
    return [argument.arg for argument in function.args.args]


def _body(function: ast.FunctionDef) -> list[ast.stmt]:
    """What a function does, after its docstring."""
    return function.body[1:]


def _with_korean_names(function: ast.FunctionDef) -> str:
    """Rename the local variables."""
    own = {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    own = own - set(_parameters(function))
    names = {name: f"값{index}" for index, name in enumerate(sorted(own))}
    for node in ast.walk(function):
        match node:
            case ast.Name(id=name):
                node.id = names.get(name, name)
            case ast.arg(arg=name):
                node.arg = names.get(name, name)
    return "# 한국어로 쓴 답\n" + _text(function)


def _with_annotations(function: ast.FunctionDef) -> str:
    for argument in function.args.args:
        argument.annotation = ast.parse("'np.ndarray | Any'", mode="eval").body
    function.returns = ast.parse("Optional[Any]", mode="eval").body
    docstring = function.body[0].value
    docstring.value += "\n    Notes\n    -----\n" + "    우리의 답은 길다. It is long.\n" * 100
    return _text(function)


class _WhileForFor(ast.NodeTransformer):
    """Turns every ``for`` into a ``while`` with an iterator."""

    def __init__(self):
        self.changed = 0

    def visit_For(self, node: ast.For) -> list[ast.stmt]:
        self.generic_visit(node)
        self.changed += 1
        name = f"iterator_{self.changed}"
        made = ast.parse(
            f"{name} = iter(0)\n"
            f"while True:\n"
            f"    try:\n"
            f"        target = next({name})\n"
            f"    except StopIteration:\n"
            f"        break\n"
        ).body
        made[0].value.args = [node.iter]
        made[1].body[0].body[0].targets = [node.target]
        made[1].body += node.body
        return made


def _with_while(function: ast.FunctionDef) -> str | None:
    rewriter = _WhileForFor()
    function = rewriter.visit(function)
    return _text(function) if rewriter.changed else None


def _with_progress_bar(function: ast.FunctionDef) -> str | None:
    """Show the progress of the outermost loops."""
    loops = [node for node in _body(function) if isinstance(node, ast.For)]
    for loop in loops:
        loop.iter = ast.Call(ast.Name("tqdm", ast.Load()), [loop.iter], [])
    return _text(function) if loops else None


class _NamedReturns(ast.NodeTransformer):
    def visit_Return(self, node: ast.Return) -> ast.Return:
        if node.value is not None:
            node.value = ast.NamedExpr(ast.Name("result", ast.Store()), node.value)
        return node


def _nested(function: ast.FunctionDef) -> str:
    parameters = ", ".join(_parameters(function))
    inner = ast.parse(
        f"def compute({parameters}):\n    match 0:\n        case _:\n            pass\n"
        f"return compute({parameters})"
    ).body
    inner[0].body[0].cases[0].body = [_NamedReturns().visit(step) for step in _body(function)]
    function.body[1:] = inner
    return _text(function)


def _with_star_arguments(function: ast.FunctionDef) -> str | None:
    if function.args.defaults:
        return None
    names = ", ".join(_parameters(function))
    function.body[1:1] = ast.parse(f"{names}, = arguments").body
    function.args = ast.parse("def f(*arguments): pass").body[0].args
    return _text(function)


def _with_assertions(function: ast.FunctionDef) -> str:
    """Assert, print and log between all statements."""
    name = _parameters(function)[0]
    between = f"assert {name!r} in locals(), f'{{{name}!r}}'\nprint(f'{{type({name})=}}')"
    *most, last = _body(function)
    spread = [step for statement in most for step in (statement, *ast.parse(between).body)]
    function.body[1:] = [*ast.parse(between).body, *spread, last]
    return _text(function)


def _compact(function: ast.FunctionDef) -> str:
    """No docstring, tabs, and form feeds."""
    function.body[:1] = []
    text = re.sub(
        r"^(?: {4})+", lambda spaces: "\t" * (len(spaces[0]) // 4), _text(function), flags=re.M
    )
    first, rest = text.split("\n", 1)
    return f"\f\n{first} # ready\n\f{rest.rstrip()};\n"


ARRAYS_ONLY = {
    *("linear_scores", "accuracy", "svm_loss_naive", "svm_loss_vectorized", "softmax"),
    *("softmax_loss_naive", "softmax_loss_vectorized", "regularization", "predict"),
    *("fast_svm_slice_2d", "softmax_jacobian", "softmax_vjp", "svm_gradient_naive"),
    *("svm_loss_and_gradient", "softmax_loss_and_gradient", "to_polar", "hue_histogram"),
    *("encode_bag_of_words", "describe", "two_layer_forward", "conv_forward", "conv_backward"),
    *("max_pool_forward", "max_pool_backward"),
}
"""Exercises that may be computed in another precision, since they call nothing that they are given,
change nothing, and their docstring says nothing of the dtype."""

KEEPS_DTYPE = {
    *("double_in_place", "random_search_batched", "extract_patches", "sample_minibatch"),
    *("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"),
    *("train_sgd", "search_hyperparameters", "train_linear_classifier"),
}
"""Exercises whose docstring says what the dtype of the result is, or that it holds given rows, or
whose result goes on to functions of the course that take single and double precision alone."""

SEVERAL = {
    *("one_sided_slopes", "random_search", "random_search_batched", "random_local_search"),
    *("gradient_descent", "train_sgd", "sample_minibatch", "search_hyperparameters"),
    *(
        "svm_loss_and_gradient",
        "softmax_loss_and_gradient",
        "sgd",
        "momentum",
        "nesterov",
        "adagrad",
        "rmsprop",
        "adam",
    ),
    *("two_layer_loss_and_gradient", "conv_backward"),
}
"""Exercises that return several values."""

ROWS = {
    *("loss_slice_1d", "random_search", "random_search_batched", "random_local_search"),
    *("numerical_gradient_sparse", "step_size_sweep", "softmax_vjp", "gradient_descent"),
    *("train_sgd", "minimize_valley"),
}
"""Exercises whose last or only result is a row of numbers, which may be a list or a tuple."""


def _converted(convert: str, where: Callable[[str], bool] = lambda exercise: True) -> Write:
    """Convert what the reference returns by a function ``converted``."""
    template = _template(
        f"{ANSWER}\nright_NAME = NAME\n{convert}def NAME(*arguments, **options):\n"
        "    return converted_NAME(right_NAME(*arguments, **options))\n"
    )
    return lambda exercise: template(exercise) if where(exercise) else None


def _taken(convert: str) -> Write:
    """Convert the arguments of the reference by a function ``converted``."""
    template = _template(
        f"{ANSWER}\nright_NAME = NAME\n{convert}def NAME(*arguments):\n"
        "    return right_NAME(*[converted_NAME(argument) for argument in arguments])\n"
    )
    return lambda exercise: template(exercise) if exercise in ARRAYS_ONLY else None


def _each(arrays: str, numbers: str = "value") -> str:
    """The source of a function that converts arrays of floats and numbers inside of a value."""
    return (
        "def converted_NAME(value):\n"
        "    if isinstance(value, np.ndarray) and value.dtype.kind == 'f':\n"
        f"        return {arrays}\n"
        "    if isinstance(value, float):\n"
        f"        return {numbers}\n"
        "    if isinstance(value, tuple):\n"
        "        return tuple(map(converted_NAME, value))\n"
        "    if isinstance(value, dict):\n"
        "        return {name: converted_NAME(item) for name, item in value.items()}\n"
        "    return value\n"
    )


def _is_free(exercise: str) -> bool:
    return exercise not in KEEPS_DTYPE


FORMS: dict[str, Write] = {
    **{
        title: _template(text)
        for title, text in _sections((FOLDER / "forms.txt").read_text(encoding="utf-8")).items()
    },
    "names and comments in Korean": _rewritten(_with_korean_names),
    "annotations and a long docstring": _rewritten(
        _with_annotations, "from typing import Any, Optional\n"
    ),
    "while instead of for": _rewritten(_with_while),
    "a progress bar around its loops": _rewritten(_with_progress_bar, "from tqdm import tqdm\n"),
    "takes any arguments": _rewritten(_with_star_arguments),
    "assertions and prints between all steps": _rewritten(_with_assertions),
    "tabs and form feeds": _rewritten(_compact),
    "line ends of Windows": lambda exercise: reference_cell(exercise).replace("\n", "\r\n"),
    "names what it returns, in a match statement in a nested function": _rewritten(_nested),
}
"""By what is unusual about a form, the function that writes an answer in it."""

CONVERSIONS: dict[str, Write] = {
    "returns arrays without dimensions": _converted(_each("value", "np.array(value)")),
    "returns single precision": _converted(
        _each("value.astype(np.float32)", "np.float32(value)"), _is_free
    ),
    "returns extended precision": _converted(
        _each("value.astype(np.longdouble)", "np.longdouble(value)"), _is_free
    ),
    "returns views in the order of Fortran": _converted(
        _each("np.asfortranarray(np.repeat(value, 2, axis=-1))[..., ::2] if value.ndim else value")
    ),
    "returns lists of numbers": _converted(
        _each("value.tolist() if value.ndim == 1 else value"), ROWS.__contains__
    ),
    "returns tuples of numbers": _converted(
        _each("tuple(value) if value.ndim == 1 else value"), ROWS.__contains__
    ),
    "returns lists instead of tuples": _converted(
        "def converted_NAME(value):\n    return list(value)\n", SEVERAL.__contains__
    ),
    "computes in single precision": _taken(_each("np.array(value, np.float32, order='F')")),
    "computes in extended precision": _taken(_each("value.astype(np.longdouble)")),
}
"""The same for what a conversion changes."""
