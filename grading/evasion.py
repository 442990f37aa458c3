"""Answers that could hide from what counts their work: lines of Python, evaluations, memory.

The counts are taken in the process that runs the answer, so an answer can switch one off, work
where nothing counts, or patch what counts. All ways to do that need names which no
right answer needs; they are looked for in the text of every answer of the notebook, since
one answer can prepare what another one uses. Loops as such are not looked for.
"""

import ast
import re
import sys
from collections.abc import Iterator

BUILTINS = {
    *("exec", "eval", "compile", "__import__", "globals", "vars", "locals", "setattr", "delattr"),
    *("__builtins__", "breakpoint", "get_ipython"),
}
"""Suspicious as bare names: they run or change code that cannot be read here."""

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
    *("ctypes", "cffi", "gc", "inspect", "importlib", "imp", "runpy", "code", "codeop", "builtins"),
    *("pickle", "marshal", "shelve", "copyreg", "bdb", "pdb", "profile", "cProfile"),
    *(
        "tracemalloc",
        "doctest",
        "unittest",
        "pydoc",
        "pkgutil",
        "zipimport",
        "site",
        "signal",
        "sysconfig",
    ),
    *("test", "idlelib", "lib2to3", "_testcapi", "_testinternalcapi", "_xxsubinterpreters"),
}
"""Suspicious when imported, or found in another module."""

MEMBERS = {"sys", "os", "modules", "checks", "recipes", "channel", "record"}
"""Suspicious as an attribute or imported from another module; harmless as a name of one's own."""

HARMLESS = {
    *sys.stdlib_module_names,
    *("numpy", "matplotlib", "cs231n_utils", "IPython", "mpl_toolkits", "scipy", "sklearn"),
    *("pandas", "torch", "tqdm", "seaborn"),
} - {*MODULES, "trace"}
"""An attribute ``trace`` is as a rule that of an array."""

MAGICS = {"matplotlib", "time", "timeit", "pwd", "ls", "who", "whos", "config", "precision", "cd"}


def evasion(text: str) -> str | None:
    """The first word of an answer by which work could be hidden; None if there is none.

    Parameters
    ----------
    text : str
        An answer cell.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return next(_words(text), None)
    try:
        return next(_suspicious(tree), None)
    except RecursionError:
        return "code nested too deeply"


def _suspicious(tree: ast.AST) -> Iterator[str]:
    direct = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (a.name for a in names if not _is_harmless(a.name))
            case ast.ImportFrom(module=module, names=names):
                yield from _imported_from(module or ".", [alias.name for alias in names])
            case ast.Name(id="getattr") if id(node) not in direct:
                yield "getattr"
            case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str(name)), *_]):
                if name in ATTRIBUTES | MODULES:
                    yield name
            case ast.Call(func=ast.Name(id="getattr")):
                yield "getattr"
            case ast.Name(id=name) if name in BUILTINS | ATTRIBUTES:
                yield name
            case ast.Attribute(attr=name) if name in ATTRIBUTES | MODULES | MEMBERS:
                yield name
            case ast.MatchClass(kwd_attrs=names):
                yield from ATTRIBUTES.intersection(names)


def _imported_from(module: str, names: list[str]) -> Iterator[str]:
    if not _is_harmless(module) and names != ["check"]:
        yield module
    for name in names:
        if name in ATTRIBUTES | MEMBERS or (
            not _is_harmless(f"{module}.{name}") and names != ["check"]
        ):
            yield name


def _is_harmless(module: str) -> bool:
    if module.startswith(("cs231n_utils.checks", "cs231n_utils.channel", "cs231n_utils.recipes")):
        return False
    if module.startswith("IPython"):
        return module.startswith("IPython.display")
    top, *rest = module.split(".")
    return top in HARMLESS and not MODULES.intersection(rest)


def _words(text: str) -> Iterator[str]:
    """Suspicious words of a text that is not Python alone, but may hold magics."""
    for line in text.splitlines():
        magic = re.match(r"\s*%{1,2}(\w+)", line)
        if magic and magic[1] not in MAGICS:
            yield f"%{magic[1]}"
        if re.match(r"\s+!|.*=\s*[!%]", line):
            yield line.strip()[:20]
    yield from (
        word
        for word in re.findall(r"\w+", text)
        if word in BUILTINS | ATTRIBUTES | MODULES | {"getattr", "checks"}
    )
