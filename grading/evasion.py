"""Answers that could hide from what counts their work: lines of Python, evaluations, memory.

The counts are taken in the process that runs the answer, so an answer can switch one off, work
where nothing counts, or patch what counts. The ways to do that need names which no
right answer needs; they are looked for in the code of every answer of the notebook, since
one answer can prepare what another one uses. Loops as such are not looked for.
"""

import ast
import re
import symtable
from collections.abc import Iterator

from IPython.core.inputtransformer2 import TransformerManager

BUILTINS = {
    *("exec", "eval", "compile", "__import__", "globals", "vars", "locals", "setattr", "delattr"),
    *("__builtins__", "breakpoint"),
}
"""Suspicious unless a function has a variable of that name: they run or change unread code."""

ATTRIBUTES = {
    # The tracer and the frames.
    *("settrace", "gettrace", "setprofile", "getprofile", "monitoring", "settrace_all_threads"),
    *("_getframe", "_current_frames", "f_back", "f_locals", "f_globals", "f_trace", "f_builtins"),
    *("tb_frame", "gi_frame", "cr_frame", "ag_frame", "call_tracing"),
    # The client.
    *("observe", "_LineCounter", "_Channel", "_trace", "_silence", "_build", "_handed"),
    *("RECIPES", "MATMUL", "PRODUCTS", "_products", "_plain", "__array_ufunc__"),
    *("__array_function__", "__array_finalize__"),
    # Other threads and processes.
    *("start_new_thread", "fork", "forkpty", "vfork", "system", "popen", "posix_spawn"),
    *("posix_spawnp", "execv", "execve", "execvp", "execl", "spawnv", "spawnl", "spawnvp"),
    # Attributes by names that are made up at run time.
    *("attrgetter", "methodcaller", "get_field", "__dict__", "__globals__", "__builtins__"),
    *("__getattribute__", "__code__", "__closure__", "__subclasses__", "__self__", "__import__"),
    *("__loader__", "__spec__", "import_module", "exec_module", "load_module", "ctypeslib"),
}
"""Suspicious as a name, as an attribute, or imported."""

MODULES = {
    *("_thread", "threading", "multiprocessing", "concurrent", "subprocess", "joblib", "pty"),
    *("ctypes", "cffi", "gc", "inspect", "importlib", "imp", "runpy", "codeop", "builtins"),
    *("pickle", "marshal", "shelve", "copyreg", "bdb", "pdb", "cProfile", "tracemalloc"),
    *("doctest", "unittest", "pydoc", "pkgutil", "zipimport", "sysconfig", "asyncio", "f2py"),
    *("sys", "os", "modules", "checks", "recipes", "channel"),
}
"""Suspicious when found in another module."""

RUNNERS = {
    *("Formatter", "ForwardRef", "InteractiveConsole", "InteractiveInterpreter", "dictConfig"),
    *("fileConfig", "get_type_hints", "measure", "run_in_executor", "runcall", "runcode"),
    *("runctx", "runsource", "singledispatch", "singledispatchmethod"),
}
"""Suspicious as an attribute or imported: they run texts, or what a text names."""

HARMLESS = {
    *("__future__", "abc", "array", "bisect", "cmath", "collections", "colorsys", "contextlib"),
    *("copy", "dataclasses", "datetime", "decimal", "enum", "fractions", "functools", "heapq"),
    *(
        "io",
        "itertools",
        "json",
        "logging",
        "math",
        "numbers",
        "operator",
        "os",
        "pathlib",
        "pprint",
    ),
    *("random", "re", "statistics", "string", "sys", "textwrap", "time", "typing", "warnings"),
    *("cs231n_utils", "matplotlib", "mpl_toolkits", "numpy", "tqdm"),
}
"""Modules that an answer may import."""

MAGICS = {
    *("matplotlib", "time", "timeit", "pwd", "ls", "who", "whos", "config", "precision", "cd"),
    *("pinfo", "pinfo2"),
}

MOST_MAGICS, MOST_CHARACTERS = 10, 20_000
"""Of a cell with magics, whose reader goes through all of it for each of them."""


def evasion(text: str) -> str | None:
    """The first word of an answer by which work could be hidden; None if there is none.

    Parameters
    ----------
    text : str
        An answer cell: Python, or Python with IPython's magics.
    """
    try:
        try:
            tree = ast.parse(text)
        except SyntaxError:
            if _may_be_magic(text) > MOST_MAGICS or len(text) > MOST_CHARACTERS:
                return "too much that is not Python"
            text = TransformerManager().transform_cell(text)
            tree = ast.parse(text)
        return next(_suspicious(tree, _locals(text)), None)
    except (SyntaxError, ValueError):
        return next(_words(text), None)
    except (RecursionError, MemoryError, RuntimeError):
        return "code nested too deeply"


def _may_be_magic(text: str) -> int:
    return len(re.findall(r"^\s*[%!?,;/]|=\s*[%!]|\?\s*$", text, re.MULTILINE))


def _words(text: str) -> Iterator[str]:
    """Suspicious words of one line that is not Python; more lines do not run at all."""
    if len(text.strip().splitlines()) == 1:
        words = re.findall(r"\w+", text)
        yield from (word for word in words if word in BUILTINS | ATTRIBUTES | {"getattr", "run"})


def _locals(text: str) -> set[str]:
    """Names of builtins that are variables of functions wherever they are used."""
    used: dict[bool, set[str]] = {True: set(), False: set()}
    tables = [symtable.symtable(text, "answer", "exec")]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        for symbol in table.get_symbols():
            own = table.get_type() == "function" and (symbol.is_local() or symbol.is_free())
            if symbol.is_referenced() or own:
                used[own].add(symbol.get_name())
    return used[True] - used[False]


def _suspicious(tree: ast.Module, variables: set[str]) -> Iterator[str]:
    nodes = list(ast.walk(tree))
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    statements = {id(node.value) for node in tree.body if isinstance(node, ast.Expr)}
    imported = {"np", "plt"}
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            imported |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    shell: set[int] = set()
    timed = {
        id(node.func.value)
        for node in nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(next(iter(node.args), None), ast.Lambda)
    }
    for node in nodes:
        match node:
            case ast.Import(names=names):
                yield from (a.name for a in names if not _is_harmless(a.name))
            case ast.ImportFrom(module=module, names=names):
                yield from _imported_from(module or ".", [alias.name for alias in names])
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Call(func=ast.Name(id="get_ipython") as name)
                ) as method
            ):
                shell |= {id(name), id(method)}
                yield from _shell_call(node, id(node) in statements)
            case ast.Name(id="get_ipython") if id(node) not in shell:
                yield "get_ipython"
            case ast.Name(id="timeit") if id(node) not in timed:
                yield "timeit"
            case ast.Name(id="getattr") if id(node) not in called:
                yield "getattr"
            case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str(name)), *_]):
                if name in ATTRIBUTES | MODULES | RUNNERS:
                    yield name
            case ast.Call(func=ast.Name(id="getattr")):
                yield "getattr"
            case ast.Call(keywords=keywords) if any(k.arg == "allow_pickle" for k in keywords):
                yield "allow_pickle"
            case ast.Name(id=name) if name in ATTRIBUTES:
                yield name
            case ast.Name(id=name, ctx=ast.Load()) if name in BUILTINS - variables:
                yield name
            case ast.Attribute() if id(node) in shell:
                pass
            case ast.Attribute(attr=name) if name in ATTRIBUTES | MODULES | RUNNERS:
                yield name
            case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del()):
                if _root(node) in imported or name == "record":
                    yield f"{_root(node)}...{name} ="
            case ast.MatchClass(kwd_attrs=names):
                yield from (ATTRIBUTES | MODULES | RUNNERS).intersection(names)
            case ast.Constant(value=str(value)) if "{" in value:
                yield from ATTRIBUTES.intersection(re.findall(r"\.(\w+)", value))


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _shell_call(call: ast.Call, is_statement: bool) -> Iterator[str]:
    """What IPython makes of magics and of commands that begin with an exclamation mark."""
    match call:
        case ast.Call(
            func=ast.Attribute(attr="run_line_magic" | "run_cell_magic"),
            args=[ast.Constant(value=str(name)), *rest],
        ):
            if name not in MAGICS:
                yield f"%{name}"
            for part in rest:
                if not isinstance(part, ast.Constant) or not isinstance(part.value, str):
                    yield f"%{name}"
                elif word := evasion(part.value.strip()):
                    yield word
        case ast.Call(func=ast.Attribute(attr="system")) if is_statement:
            pass
        case ast.Call(func=ast.Attribute(attr=name)):
            yield name


def _imported_from(module: str, names: list[str]) -> Iterator[str]:
    if names == ["check"] and module == "cs231n_utils.checks":
        return
    if not _is_harmless(module):
        yield module
    yield from (ATTRIBUTES | MODULES | RUNNERS).intersection(names)


def _is_harmless(module: str) -> bool:
    top, *rest = module.split(".")
    if top == "IPython":
        return rest[:1] == ["display"]
    return top in HARMLESS and not (MODULES | RUNNERS).intersection(rest)
