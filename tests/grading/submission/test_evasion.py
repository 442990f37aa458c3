"""Answers that could hide their work from what counts it, and those that hide nothing."""

import ast
import asyncio
import builtins
import code
import functools
import importlib.machinery
import importlib.util
import operator
import os
import pdb
import string
import sys
import threading
import timeit
import traceback
import types
import typing
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import SimpleNamespace

import numpy as np
import pytest
from IPython.core import magics
from IPython.core.alias import default_aliases
from IPython.extensions import autoreload

import cs231n_utils
from cs231n_utils.checking import client, observe, recipes
from grading.submission import evasion as lists
from grading.submission.evasion import evasion
from tests.support.attacks import ANSWER, read_group


@pytest.mark.parametrize(
    "text",
    [
        "import sys\nsys.settrace(None)",
        "getattr(sys, 'set' + 'trace')(None)",
        "getattr(np, 'sys')",
        "f = getattr",
        "from sys import settrace",
        "import concurrent.futures",
        "import asyncio",
        "import timeit\ntimeit.sys",
        "import timeit as t\nt.repeat('f(x)')",
        "def f(timeit):\n    timeit.timeit('f(x)')",
        "timeit.timeit('f(x)', globals={'f': f})",
        "clock = timeit",
        "from typing import get_type_hints",
        "import numpy.f2py",
        "from cs231n_utils import checks",
        "import cs231n_utils.checks as c",
        "import mymodule",
        "np.core.sys.x",
        "np.stack = f",
        "import math as m\nm.sqrt.x = f",
        "np.load(f, allow_pickle=True)",
        "'{0.__closure__}'.format(f)",
        "def f(vars):\n    return vars\nvars(f)",
        "class A:\n    exec = exec",
        "%run x.py",
        "%matplotlib inline\nexec('x')",
        "%matplotlib inline\nimport cs231n_utils.checking.recipes as r",
        "%matplotlib inline\nx = (1\n%exec('x'))",
        "%time exec('x')",
        "%%time\nexec('x')",
        "%config A.b = exec('x')",
        "await eval('x')",
        ">>> eval('x')",
        "t = sys.\uff47ettrace()",
        "%ls\nt = sys.\uff47ettrace()",
        "get_ipython().run_line_magic(name, 'x')",
        "shell = get_ipython()",
        "x = !python x.py",
        "def f():\n    !python x.py",
        "match sys:\n    case object(settrace=f):\n        pass",
        "os.dup2(3, 4)",
        "from os import *",
        "import os\nhelp = os\nhelp.write(3, b'')",
        "def f(self):\n    self.modules\nf(sys)",
        "import cs231n_utils as c\ndef f(self):\n    self.checks\nf(c)",
        "__loader__.load_module('os')",
        "if 'x' in locals():\n    locals()['__builtins__']",
        "setattr(np, 'dot', f)",
        "vars(np)",
        "random._os",
        "from operator import attrgetter as a",
        "operator.attrgetter('f_' + 'back')(f)",
        "attrgetter('__globals__')(f)",
        "np.testing.runstring('x', {})",
        "from numpy.testing import measure",
        "t = np.testing",
        "np.load(f, None, True)",
        "import logging.config",
        "import logging\nlogging.traceback.TracebackException",
        "A.__annotations__ = {}",
        "typing.List['x'].__args__[0]._evaluate({}, {})",
        "sys.path.insert(0, '.')",
        "%timeit -n1 -r 1 import cs231n_utils.checks as k",
        "!python w.py > log.txt 2>&1 &",
        "!ls; python w.py",
        "%load_ext mine",
        "%time " * 3000 + "x",
        "import " + "a" * 60_000,
        "f('__import__(\"sys\")')",
    ],
)
def test_ways_to_hide_work_are_recognized(text):
    assert evasion(text)


@pytest.mark.parametrize(
    "text",
    [
        *(answer.text.replace(ANSWER, "x = 1") for answer in read_group("unusual")),
        "%matplotlib inline\n# a quick test of my code\nx = 1",
        "%%time\nx = 1",
        "%timeit -n 10 f(x)",
        "!pip install tqdm\nx = 1",
        "np.dot?\nx = 1",
        "vars = 3",
        "def f(x):\n    vars = np.var(x)\n    return [vars for _ in x]",
        "class Net:\n    def test(self):\n        self.profile = self.code = self.record(1)",
        "net.test(); net.signal.record()",
        "print('the gradient of f is {:.3f}; see its __dict__.'.format(x))",
        "import os, sys\nlimit = sys.float_info.max",
        "plt.rcParams['figure.dpi'] = 80",
        "x.T, x.shape, x.trace()",
        "timeit.timeit(lambda: f(x), number=10)",
        "from types import SimpleNamespace",
        "from timeit import default_timer as timer\ntimer()",
        "import timeit\ntimeit.default_timer()",
        "import traceback\ntraceback.print_exc()",
        "import gc\ngc.collect()",
        "import logging\nlogging.getLogger().info('x')",
        "class A:\n    def f(self, channel):\n        self.channel, self.record = channel, []",
        "class A:\n    def __init__(self, **k):\n        self.__dict__.update(k)",
        "class A:\n    def f(self, k, v):\n        setattr(self, k, v)\n        return vars(self)",
        "class A:\n    def measure(self):\n        return 1\nA().measure()",
        "if 'RESULTS' not in globals():\n    RESULTS = []",
        "print('step {i}'.format(**locals()))",
        "print('loss {:.3f}.system'.format(x))",
        "def timeit(f):\n    return f\n@timeit\ndef g(x):\n    return x",
        "def f(system, _products=1):\n    PRODUCTS = system\n    return PRODUCTS",
        "%load_ext autoreload\n%autoreload 2",
        "%%capture\nx = 1",
        "%pip install seaborn",
        "try:\n    import torch\nexcept ImportError:\n    torch = None",
        "files = !ls",
        "from IPython import get_ipython\nget_ipython().run_line_magic('matplotlib', 'inline')",
        "from operator import attrgetter\nsorted(runs, key=attrgetter('loss'))",
        "from matplotlib.ticker import Formatter",
        "np.int = int",
        "np.testing.assert_allclose(x, y)",
        "from numpy.testing import assert_allclose",
        "import inspect\ninspect.signature(f)",
        "import csv, glob, hashlib, struct, tempfile",
        "os.makedirs(os.path.join('a', 'b'), exist_ok=True)",
    ],
)
def test_answers_that_hide_nothing(text):
    assert evasion(text) is None


@pytest.mark.parametrize("text", ["-" * 90_000 + "1", "(" * 90_000, "1+" * 45_000 + "1", "\0"])
def test_text_that_no_parser_likes_is_survived(text):
    assert evasion(text) in (None, "code nested too deeply", "too much that is not Python")


FRAMES = (types.FrameType, types.TracebackType, types.GeneratorType, types.CoroutineType)
HOMES = {
    "the tracer and the frames": (
        *(sys, threading, *FRAMES, types.AsyncGeneratorType),
        SimpleNamespace(**traceback.StackSummary.extract.__kwdefaults__),
    ),
    "the client": (
        *(client, observe, recipes, recipes.RECIPES["counted_images"](values=np.ones((1, 1)))),
        *(observe._LineCounter, cs231n_utils),
    ),
    "threads and processes": (import_module("_thread"), os),
    "attributes by made-up names": (
        *(string.Formatter, types.FunctionType, sys, builtins, importlib, operator),
        *(importlib.machinery.SourceFileLoader, np, len),
    ),
    "what runs texts": (
        *(typing.ForwardRef, typing, code, code.InteractiveInterpreter, functools, pdb.Pdb),
        *(np.lib.npyio, np.lib.format, asyncio.AbstractEventLoop, timeit),
    ),
}
"""Where the names are that `evasion` knows: what each part of its list claims to be about."""
MODULES = (None, "cs231n_utils", "cs231n_utils.checking", "numpy")
"""Where the modules are."""
ELSEWHERE = {
    "cffi": "a module that other people install",
    "joblib": "a module that other people install",
    "imp": "gone since Python 3.12",
    "monitoring": "new in Python 3.12",
    "settrace_all_threads": "new in Python 3.12",
    "vfork": "a call of the C library",
}


def is_a_module(name):
    return any(
        importlib.util.find_spec(f".{name}" if package else name, package) for package in MODULES
    )


@pytest.mark.parametrize("name", sorted(lists.ATTRIBUTES | lists.AMBIGUOUS))
def test_name_that_is_looked_for_still_exists(name):
    homes = [place for places in HOMES.values() for place in places]
    if not (any(hasattr(home, name) for home in homes) or is_a_module(name)):
        assert name in ELSEWHERE


def test_names_that_answers_may_use_still_exist():
    for module, names in lists.LIMITED.items():
        imported = import_module(module)
        assert not [name for name in names if not hasattr(imported, name)], module
    refused = {"PIL", "pandas", "scipy", "seaborn", "sklearn", "torch"}
    assert all(map(is_a_module, (lists.OPEN - refused) | lists.STARS))
    assert all(hasattr(builtins, name) for name in lists.BUILTINS | lists.OF_SELF)
    assert all(hasattr(operator, name) for name in lists.MADE_UP)
    rooms = [import_module(f"{magics.__name__}.{m.name}") for m in iter_modules(magics.__path__)]
    known = [thing for room in (*rooms, autoreload) for thing in vars(room).values()]
    kinds = [kind for thing in known for kind in getattr(thing, "magics", {}).values()]
    assert {alias for alias, _ in default_aliases()}.union(*kinds) >= lists.MAGICS


def test_everything_between_an_answer_and_the_oracle_is_out_of_reach():
    modules = [path.stem for path in Path(client.__file__).parent.glob("[a-z]*.py")]
    assert len(modules) >= 6
    for name in modules:
        assert evasion(f"import cs231n_utils.checking.{name} as m\nm.x = 1")
        assert evasion(f"from cs231n_utils.checking.{name} import x")
        assert evasion(f"import cs231n_utils\ncs231n_utils.checking.{name}.x = 1")


def test_what_checks_imports_of_the_client_is_out_of_reach():
    """What `check` is made of is one attribute away from the function that answers call."""
    tree = ast.parse(Path(import_module("cs231n_utils.checks").__file__).read_text())
    imported = [a.name for n in tree.body if isinstance(n, ast.ImportFrom) for a in n.names]
    assert "OracleClient" in imported
    for name in imported:
        assert evasion(f"from cs231n_utils import checks\nchecks.{name} = None")
        assert evasion(f"check.__globals__['{name}'] = None")
