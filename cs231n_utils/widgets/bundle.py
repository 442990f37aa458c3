"""One ES module out of several, so that a widget or a page asks for no second file.

Each module becomes a function that returns what it exports. Nothing is parsed: the modules in
``static/`` import by ``import { a, b } from "./name.js";`` and export by a leading ``export``.
"""

import re
from pathlib import Path

STATIC = Path(__file__).parent / "static"

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|class|function) (\w+))", re.MULTILINE)


def bundle(entry: str, last_lines: str) -> str:
    """The source of one module that holds `entry` and all that it imports.

    Parameters
    ----------
    entry : str
        Name of a module in ``static/``, without ``.js``.
    last_lines : str
        What the module does in the end, say ``export default { render: slices.render };``. Each
        module's exports are properties of an object of its name.

    Returns
    -------
    str
    """
    ordered: dict[str, str] = {}
    _add(entry, ordered)
    return "\n".join([*ordered.values(), last_lines, ""])


def widget_module(entry: str) -> str:
    """The module that anywidget loads for the ``render`` function of `entry`."""
    return bundle(entry, f"export default {{ render: {entry}.render }};")


def css(*more: str) -> str:
    """The style of all widgets, and the sheets in ``static/`` that only some need."""
    names = ("widgets", *more)
    return "\n".join((STATIC / f"{name}.css").read_text(encoding="utf-8") for name in names)


def _add(name: str, ordered: dict[str, str]) -> None:
    if name in ordered:
        return
    source = (STATIC / f"{name}.js").read_text(encoding="utf-8")
    for _, imported in _IMPORT.findall(source):
        _add(imported, ordered)
    body = _IMPORT.sub(r"const {\1} = \2;", source)
    exported = ", ".join(_EXPORT.findall(source))
    body = _EXPORT.sub("", body)
    ordered[name] = f"const {name} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();\n"
