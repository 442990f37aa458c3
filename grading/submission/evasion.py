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

OPEN = {
    *("__future__", "abc", "array", "bisect", "cmath", "collections", "colorsys", "contextlib"),
    *("copy", "csv", "cycler", "dataclasses", "datetime", "decimal", "enum", "fractions"),
    *("functools", "glob", "hashlib", "heapq", "io", "itertools", "json", "math", "numbers"),
    *("operator", "pathlib", "pprint", "random", "re", "statistics", "string", "struct"),
    *("tempfile", "textwrap", "time", "typing", "warnings", "cs231n_utils", "matplotlib"),
    *("mpl_toolkits", "numpy", "tqdm"),
    # The embargo refuses these, or they are not installed. An answer may try to import them and
    # catch the error, which hides nothing.
    *("PIL", "pandas", "scipy", "seaborn", "sklearn", "torch"),
}
"""Modules that an answer may import."""

LIMITED = {
    "IPython": {"display", "get_ipython"},
    "gc": {"collect", "disable", "enable"},
    "inspect": {"getdoc", "isfunction", "signature"},
    "logging": {
        *("basicConfig", "captureWarnings", "critical", "debug", "disable", "error", "exception"),
        *("getLogger", "info", "log", "warning", "Formatter", "FileHandler", "Logger"),
        *("StreamHandler", "CRITICAL", "DEBUG", "ERROR", "INFO", "WARNING"),
    },
    "os": {
        *("cpu_count", "environ", "getcwd", "getenv", "getpid", "linesep", "listdir", "makedirs"),
        *(
            "mkdir",
            "path",
            "remove",
            "rename",
            "scandir",
            "sep",
            "stat",
            "urandom",
            "walk",
            "_exit",
        ),
    },
    "sys": {
        *("argv", "byteorder", "executable", "exit", "float_info", "getrecursionlimit"),
        *("getsizeof", "maxsize", "platform", "setrecursionlimit", "stderr", "stdin", "stdout"),
        *("version", "version_info"),
    },
    "timeit": {"default_timer"},
    "traceback": {"format_exc", "format_exception", "print_exc", "print_exception"},
    "types": {
        *("FunctionType", "GeneratorType", "LambdaType", "MappingProxyType", "NoneType"),
        "SimpleNamespace",
    },
}
"""Modules that an answer may import, each with the only names that it may use of it."""

OLD_TYPES = {"bool", "float", "int", "object"}
"""Names such as ``np.int``, which NumPy has removed; an answer may set them to run old code."""

STARS = {"collections", "cs231n_utils", "itertools", "math", "matplotlib.pyplot", "numpy", "typing"}
"""Modules that an answer may import all names of."""

AT_HAND = {"np", "os", "plt", "sys", "timeit"}
"""Modules that the cells of a release may have imported."""

BUILTINS = {"exec", "eval", "compile", "breakpoint", "delattr", "globals", "locals"}
"""Builtins that run or change code which is not read here; a local variable may have their name."""

OF_SELF = {"vars", "setattr", "getattr"}
"""Builtins that take a name; unless it is written out, their first argument must be ``self``."""

MADE_UP = {"attrgetter", "methodcaller"}
"""Functions that get an attribute by its name."""

ATTRIBUTES = {
    # These reach the tracer that counts lines, or the frames of the functions it runs in.
    *("settrace", "gettrace", "setprofile", "getprofile", "settrace_all_threads"),
    *("_getframe", "_current_frames", "f_back", "f_locals", "f_globals", "f_trace", "f_builtins"),
    *("tb_frame", "gi_frame", "cr_frame", "ag_frame", "call_tracing", "capture_locals"),
    # These belong to the client that asks the oracle, or watch what NumPy does with an array.
    *("_LineCounter", "OracleClient", "_silence", "_build", "_handed", "RECIPES", "_plain"),
    *("__array_ufunc__", "__array_function__", "__array_finalize__"),
    # These start a thread or a process, in which nothing is counted.
    *("start_new_thread", "fork", "forkpty", "vfork", "popen", "posix_spawn", "posix_spawnp"),
    *("execv", "execve", "execvp", "execl", "spawnv", "spawnl", "spawnvp"),
    # These get an attribute or a module by a name that is made up at run time.
    *(
        "get_field",
        "__dict__",
        "__globals__",
        "__builtins__",
        "__annotations__",
        "__getattribute__",
    ),
    *("__code__", "__closure__", "__subclasses__", "__self__", "__import__", "__loader__"),
    *("__spec__", "import_module", "exec_module", "load_module", "ctypeslib"),
    # These run a text as code, or what a text names.
    *("_evaluate", "ForwardRef", "InteractiveConsole", "InteractiveInterpreter", "NpzFile"),
    *("get_type_hints", "read_array", "run_in_executor", "runcall", "runcode", "runctx"),
    *("runsource", "singledispatch", "singledispatchmethod"),
    # These are modules that another module has imported.
    *("_thread", "threading", "multiprocessing", "concurrent", "subprocess", "joblib", "pty"),
    *("ctypes", "cffi", "gc", "inspect", "importlib", "imp", "runpy", "codeop", "builtins"),
    *("pickle", "marshal", "shelve", "copyreg", "bdb", "pdb", "cProfile", "tracemalloc"),
    *("doctest", "unittest", "pydoc", "pkgutil", "zipimport", "sysconfig", "asyncio", "f2py"),
    *("sys", "os", "recipes", "traceback", "timeit", "Timer"),
}
"""Names that are suspicious as an attribute, or imported from a module."""

AMBIGUOUS = {
    *(
        "channel",
        "checking",
        "checks",
        "modules",
        "monitoring",
        "observe",
        "system",
        "PRODUCTS",
        "_products",
    ),
    "_trace",
}
"""Names like those in `ATTRIBUTES`, except that a class may give them to its own ``self``."""

MAGICS = {
    *("autoreload", "capture", "cd", "conda", "config", "load_ext", "ls", "matplotlib", "pinfo"),
    *("pinfo2", "pip", "precision", "prun", "pwd", "time", "timeit", "who", "whos"),
}
COMMAND = re.compile(r"(cat|conda|echo|head|ls|nvidia-smi|pip3?|pwd|tail|wc)\b[^;&|<>$`\n]*")
"""The shell commands that an answer may run."""

MOST_MAGICS, MOST_CHARACTERS = 10, 20_000
"""A cell that is not plain Python may have this many magics and characters, since IPython's parser
goes through all of it once for each magic."""
MOST_NESTED = 3
MOST_SHOWN = 60


def evasion(text: str, nested: int = 0) -> str | None:
    """The first word of an answer that could hide work; None if there is none.

    Parameters
    ----------
    text : str
        An answer cell: Python, or Python with IPython's magics.
    nested : int
        How many magics the text is the argument of, each within the last.
    """
    if nested > MOST_NESTED:
        return "magics within magics"
    try:
        try:
            tree = ast.parse(text)
        except SyntaxError:
            if _may_be_magic(text) > MOST_MAGICS or len(text) > MOST_CHARACTERS:
                return "too much that is not Python"
            text = TransformerManager().transform_cell(text)
            tree = ast.parse(text)
        words = _Reader(tree, _locals(text), nested).suspicious()
    except (SyntaxError, ValueError):
        words = _words(text)
    except (RecursionError, MemoryError, RuntimeError):
        return "code nested too deeply"
    return next((word[:MOST_SHOWN] for word in words), None)


def _may_be_magic(text: str) -> int:
    return len(re.findall(r"^[ \t]*[%!?,;/]|=[ \t]*[%!]|\?[ \t]*$", text, re.MULTILINE))


def _words(text: str) -> Iterator[str]:
    """The suspicious words of a text that is not Python, which can only run if it is one line."""
    if len(text.strip().splitlines()) == 1:
        suspicious = BUILTINS | ATTRIBUTES | AMBIGUOUS | OF_SELF | {"__import__", "run"}
        yield from (word for word in re.findall(r"\w+", text) if word in suspicious)


def _locals(text: str) -> set[str]:
    """Names that are variables of a function wherever they are used, even if builtins have them."""
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


class _Reader:
    """Goes through the syntax tree of an answer."""

    def __init__(self, tree: ast.Module, variables: set[str], nested: int):
        self._tree, self._variables, self._nested = tree, variables, nested
        self._parents = {
            child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)
        }
        defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        self._imported = {name: name for name in AT_HAND if name not in defined}
        for node in ast.walk(tree):
            match node:
                case ast.Import(names=names):
                    for alias in names:
                        name = alias.asname or alias.name.partition(".")[0]
                        self._imported[name] = alias.name if alias.asname else name
                case ast.ImportFrom(names=names):
                    self._imported |= {alias.asname or alias.name: "" for alias in names}
        self._modules = {
            name
            for name, module in self._imported.items()
            if module in LIMITED or module.partition(".")[0] == "cs231n_utils"
        }

    def suspicious(self) -> Iterator[str]:
        for node in ast.walk(self._tree):
            match node:
                case ast.Import(names=names):
                    yield from (a.name for a in names if not _may_be_imported(a.name))
                case ast.ImportFrom(module=module, names=names, level=level):
                    yield from _imported_from("." * level + (module or ""), names)
                case ast.Name():
                    yield from self._name(node)
                case ast.Attribute():
                    yield from self._attribute(node)
                case ast.Call():
                    yield from self._call(node)
                case ast.MatchClass(kwd_attrs=names):
                    yield from (ATTRIBUTES | AMBIGUOUS).intersection(names)
                case ast.Constant(value=str(value)):
                    yield from _of_text(value)

    def _name(self, node: ast.Name) -> Iterator[str]:
        parent = self._parents[node]
        called = isinstance(parent, ast.Call) and parent.func is node
        taken_from = isinstance(parent, ast.Attribute)
        name = node.id
        if name.startswith("__") and name in ATTRIBUTES:
            yield name
        elif not isinstance(node.ctx, ast.Load) or name in self._variables:
            return
        elif name in {"globals", "locals"}:
            if not (called and self._is_looked_through(parent)):
                yield name
        elif name == "get_ipython":
            if not (called and self._is_shell_call(parent)):
                yield name
        elif (
            name in BUILTINS
            or (name in OF_SELF | MADE_UP and not called)
            or (name in self._modules and not taken_from)
        ):
            yield name

    def _attribute(self, node: ast.Attribute) -> Iterator[str]:
        name, owner, parent = node.attr, node.value, self._parents[node]
        root = _root(node)
        own = self._is_own(owner)
        module = self._imported.get(owner.id, "") if isinstance(owner, ast.Name) else ""
        if isinstance(owner, ast.Call) and self._is_shell_call(owner):
            return
        if module in LIMITED and isinstance(node.ctx, ast.Load):
            if name not in LIMITED[module] and not (module == "timeit" and _is_timed(parent)):
                yield name
        elif name in AMBIGUOUS or name == "__dict__":
            if not own:
                yield name
        elif name == "usage" and not isinstance(node.ctx, ast.Load):
            if not own:
                yield "usage ="
        elif name in ATTRIBUTES or (name[:1] == "_" and name[1:] in ATTRIBUTES):
            yield name
        elif name in MADE_UP:
            if not (isinstance(parent, ast.Call) and parent.func is node):
                yield name
        elif name == "testing" and root in self._imported:
            if not (isinstance(parent, ast.Attribute) and parent.attr.startswith("assert")):
                yield name
        elif root in self._imported and not isinstance(node.ctx, ast.Load):
            yield from () if root == "np" and name in OLD_TYPES else (f"{root}...{name} =",)

    def _call(self, node: ast.Call) -> Iterator[str]:
        function = node.func
        name = getattr(function, "id", getattr(function, "attr", ""))
        texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
        if isinstance(function, ast.Name) and name in OF_SELF - self._variables:
            match node.args:
                case [_, ast.Constant(value=str(asked)), *_] if name == "getattr":
                    yield from _of_path(asked)
                case [first, *_] if self._is_own(first):
                    pass
                case _:
                    yield name
        elif name in MADE_UP:
            if len(texts) < len(node.args) or not all(isinstance(text, str) for text in texts):
                yield name
            yield from (word for text in texts for word in _of_path(str(text)))
        elif name == "load" and (
            len(node.args) > 2 or any(isinstance(a, ast.Starred) for a in node.args)
        ):
            yield "allow_pickle"
        for keyword in node.keywords:
            if keyword.arg == "capture_locals":
                yield keyword.arg
            if keyword.arg == "allow_pickle" and ast.unparse(keyword.value) != "False":
                yield keyword.arg
        if isinstance(function, ast.Attribute) and _is_shell(function.value):
            yield from _shell_call(function.attr, node.args, self._nested)

    def _is_own(self, node: ast.expr) -> bool:
        """Whether a node is ``self`` inside a class."""
        if not (isinstance(node, ast.Name) and node.id == "self"):
            return False
        above: ast.AST | None = node
        while above is not None and not isinstance(above, ast.ClassDef):
            above = self._parents.get(above)
        return above is not None

    def _is_looked_through(self, call: ast.Call) -> bool:
        """Whether the dictionary that a call returns is only searched, or passed on with ``**``."""
        parent = self._parents[call]
        if isinstance(parent, ast.Compare):
            return all(isinstance(how, ast.In | ast.NotIn) for how in parent.ops)
        return isinstance(parent, ast.keyword) and parent.arg is None

    def _is_shell_call(self, call: ast.Call) -> bool:
        method = self._parents.get(call)
        whole = self._parents.get(method)
        return (
            _is_shell(call)
            and isinstance(method, ast.Attribute)
            and isinstance(whole, ast.Call)
            and whole.func is method
        )


def _is_shell(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "get_ipython"
    )


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _is_timed(call: ast.AST) -> bool:
    """Whether a call times a lambda, whose code is read here, and not code in a text."""
    return isinstance(call, ast.Call) and isinstance(next(iter(call.args), None), ast.Lambda)


def _of_path(names: str) -> Iterator[str]:
    yield from (name for name in names.split(".") if name in ATTRIBUTES | AMBIGUOUS)


def _of_text(text: str) -> Iterator[str]:
    """The suspicious words that a text would use as a format string, or if it were evaluated."""
    yield from (word for word in ("__import__", "__builtins__", "settrace") if word in text)
    for field in re.findall(r"\{[^{}]*", text):
        yield from ATTRIBUTES.intersection(re.findall(r"\.(\w+)", field))


def _shell_call(method: str, arguments: list[ast.expr], nested: int) -> Iterator[str]:
    """The suspicious words in the calls that IPython makes of magics and of ``!`` commands."""
    texts = [a.value for a in arguments if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    if len(texts) < len(arguments) or not texts:
        yield method
    elif method in {"system", "getoutput"}:
        if not COMMAND.fullmatch(texts[0].strip()):
            yield f"!{texts[0]}"
    elif method not in {"run_line_magic", "run_cell_magic"}:
        yield method
    elif texts[0] not in MAGICS or (texts[0] == "load_ext" and texts[1:] != ["autoreload"]):
        yield f"%{texts[0]}"
    else:
        for text in texts[1:]:
            code = re.sub(r"^(\s*-\w+(\s+\d+)?(?=\s|$))*\s*", "", text)
            if word := evasion(code, nested + 1):
                yield word


def _imported_from(module: str, names: list[ast.alias]) -> Iterator[str]:
    imported = [alias.name for alias in names]
    if imported == ["check"] and module == "cs231n_utils.checks":
        return
    if not _may_be_imported(module):
        yield module
    if imported == ["*"] and module not in STARS:
        yield f"{module} import *"
    if module in LIMITED:
        yield from (name for name in imported if name not in LIMITED[module])
    if module == "numpy.testing":
        yield from (name for name in imported if not name.startswith("assert"))
    yield from (name for name in imported if name in ATTRIBUTES | AMBIGUOUS | {"timeit"})
    yield from (a.name for a in names if a.asname and a.name in {*MADE_UP, "get_ipython"})


def _may_be_imported(module: str) -> bool:
    top, *rest = module.split(".")
    if top in LIMITED:
        return module == top or module in {"os.path", "IPython.display"}
    return top in OPEN and not (ATTRIBUTES | AMBIGUOUS).intersection(rest)
