"""A Sphinx extension that makes pages of the course: notebooks with outputs, and all exercises.

A notebook is run with the answers filled in; its page shows the cells that a student starts from.
Math becomes MathML, which needs no script, and figures get the alt text that myst-nb drops.
"""

import hashlib
import logging
import os
from binascii import a2b_base64
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from docutils import nodes
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert.preprocessors import CoalesceStreamsPreprocessor
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms import SphinxTransform
from sphinx.util.logging import getLogger
from sphinx.writers.html5 import HTML5Translator
from tqdm import tqdm

from cs231n_utils import load_cifar10
from cs231n_utils.selfstudy.progress_file import PROGRESS_FILE
from cs231n_utils.system.files import write_whole
from cs231n_utils.system.processors import n_processors
from grading.exercises import EXERCISES, WRITTEN
from grading.handout.answers import fill_answers
from grading.handout.places import links
from grading.handout.release import (
    GLOSSARY,
    NOTEBOOKS,
    PROJECT,
    assignments,
    read_source,
    student_version,
)
from grading.pages.mathml import mathml

CELL_SECONDS = 600
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

logger = getLogger(__name__)
# The theme's a11y_pygments makes the root logger print all of nbclient's remarks.
logging.getLogger("traitlets").setLevel(logging.WARNING)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_config_value("notebooks_to_run", assignments(), "", list)
    app.add_config_value("try_at", "", "env", str)
    app.add_config_value("repository", "", "env", str)
    app.connect("builder-inited", write_pages)
    app.add_transform(AltTexts)
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def write_pages(app: Sphinx) -> None:
    """Write the folder ``course``; what is there and unchanged stays, so Sphinx skips it."""
    folder = Path(app.srcdir) / "course"
    notebooks = {name: student_version(read_source(name)) for name in assignments()}
    run_all(notebooks, app.config.notebooks_to_run, Path(app.outdir).parent / "executed")
    pages = {"exercises.md": exercises_page().encode(), GLOSSARY.name: GLOSSARY.read_bytes()}
    merge_streams = CoalesceStreamsPreprocessor()  # keeps the last state of a progress bar
    for name, notebook in notebooks.items():
        merge_streams.preprocess(notebook, {})
        _fold(notebook)
        if app.config.try_at:
            notebook.cells.insert(1, _where_to_try(name, app.config.try_at, app.config.repository))
        pages[f"{name}/{name}.ipynb"] = nbformat.writes(notebook).encode()
        for picture in (NOTEBOOKS / name).glob("*.png"):
            pages[f"{name}/{picture.name}"] = picture.read_bytes()
    for path in folder.rglob("*.*"):
        if str(path.relative_to(folder)) not in pages:
            path.unlink()
    for name, content in pages.items():
        path = folder / name
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def run_all(notebooks: dict[str, NotebookNode], chosen: list[str], cache: Path) -> None:
    """Give the chosen notebooks their outputs, from the cache where nothing has changed.

    As many are run at a time as there are processors. The last ones take longest, and begin.

    Parameters
    ----------
    notebooks : dict of str to NotebookNode
        As students get them, by assignment.
    chosen : list of str
    cache : Path
        A folder.

    Raises
    ------
    ExtensionError
        If a notebook fails.
    """
    data = load_cifar10()
    print(data)
    kept = {name: cache / f"{name}-{_digest(name, data.source)}.ipynb" for name in chosen}
    solved = {
        name: fill_answers(read_source(name)) for name, path in kept.items() if not path.exists()
    }
    n_cells = sum(_has_code(cell) for notebook in solved.values() for cell in notebook.cells)
    with (
        tqdm(total=n_cells, unit="cell", disable=not solved) as bar,
        ThreadPoolExecutor(n_processors()) as pool,
    ):
        runs = {pool.submit(run, solved[name], bar): name for name in reversed(solved)}
        try:
            for done in as_completed(runs):
                name = runs[done]
                try:
                    done.result()
                except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                    raise ExtensionError(f"{name} did not run to its end: {error}") from error
                _take_outputs(notebooks[name], solved[name])
                for outdated in cache.glob(f"{name}-*.ipynb"):
                    outdated.unlink()
                write_whole(kept[name], nbformat.writes(notebooks[name]))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    for name, path in kept.items():
        notebooks[name] = nbformat.read(path, as_version=4)


def run(notebook: NotebookNode, bar: tqdm) -> None:
    """Run a notebook in place, on one processor; the bar counts its code cells."""
    with TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=CELL_SECONDS,
            kernel_name="python3",
            extra_arguments=["--log-level=ERROR"],
            store_widget_state=False,
            on_cell_executed=lambda **_: bar.update(),
            resources={"metadata": {"path": folder}},
        )
        # The answers filled in here must not count in the progress of the user who runs this.
        progress = str(Path(folder) / "progress.json")
        client.execute(env={**os.environ, PROGRESS_FILE: progress, **ONE_THREAD})


def exercises_page() -> str:
    """All exercises and written questions as Markdown tables, from their one description."""
    lines = [
        "# All exercises",
        "",
        "An exercise is judged part by part. A wrong answer that is one of the known mistakes is "
        "told so by name, with a hint.",
    ]
    for name in assignments():
        lines += ["", f"## [{name}]({name}/{name}.ipynb)", "", *_table(name)]
    return "\n".join(lines) + "\n"


class AltTexts(SphinxTransform):
    """Give figures their alt text and let their height follow their width."""

    default_priority = 500

    def apply(self) -> None:
        path = self.env.doc2path(self.env.docname)
        alts = dict(_alt_texts(path)) if path.suffix == ".ipynb" else {}
        for image in self.document.findall(nodes.image):
            # myst-nb names the file of a figure by the hash of its content.
            image["alt"] = alts.get(Path(image["uri"]).stem, image.get("alt", ""))
            image.attributes.pop("height", None)
            if not image["alt"]:
                logger.warning("A figure has no alt text: %s", image["uri"], location=image)


def visit_math(self: HTML5Translator, node: nodes.math) -> None:
    """Write math within a line."""
    _write_math(self, node, display=False)


def visit_math_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write math on a line of its own."""
    _write_math(self, node, display=True)


def _write_math(translator: HTML5Translator, node: nodes.Element, *, display: bool) -> None:
    try:
        written = mathml(node.astext(), display=display)
        translator.body.append(f'<div class="math">{written}</div>' if display else written)
    except ValueError as error:
        logger.warning("Math that grading/pages/mathml.py cannot write: %s", error, location=node)
    raise nodes.SkipNode


def _digest(assignment: str, data_source: str) -> str:
    """A digest of all that the outputs of a notebook depend on."""
    digest = hashlib.sha256(data_source.encode())
    code = [
        *(PROJECT / "cs231n_utils").rglob("*.py"),
        *(PROJECT / "grading/exercises").rglob("*.py"),
    ]
    for path in [NOTEBOOKS / assignment / f"{assignment}.ipynb", *sorted(code)]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _fold(notebook: NotebookNode) -> None:
    """Fold the code that JupyterLab folds, in myst-nb's way."""
    for cell in notebook.cells:
        if cell.metadata.get("jupyter", {}).get("source_hidden"):
            cell.metadata.setdefault("tags", []).append("hide-input")


def _where_to_try(assignment: str, site: str, repository: str) -> NotebookNode:
    """A link to the same notebook on the site of `make site`, and to where others run it."""
    page = f"../../{site}/notebooks/index.html?path={assignment}/{assignment}.ipynb"
    text = f'<a href="{page}">Do this notebook in the browser</a>, with nothing to install.'
    if repository:
        others = links(repository, assignment)
        named = [f"[{place}]({others[place]})" for place in ("Colab", "Kaggle", "Binder")]
        text += f" Elsewhere: {', '.join(named)}."
    return nbformat.v4.new_markdown_cell(text, id="try-it")


def _has_code(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip())


def _take_outputs(notebook: NotebookNode, executed: NotebookNode) -> None:
    notebook.metadata.language_info = executed.metadata.language_info
    for cell, run_cell in zip(notebook.cells, executed.cells, strict=True):
        if cell.cell_type == "code":
            cell.outputs = run_cell.outputs
            cell.execution_count = run_cell.execution_count


def _table(assignment: str) -> Iterator[str]:
    yield "| exercise | points | parts | known mistakes |"
    yield "|---|---|---|---|"
    for exercise in EXERCISES.values():
        if exercise.assignment == assignment:
            parts = ";<br>".join(f"{part} ({points:g})" for part, points in exercise.parts.items())
            mistakes = ";<br>".join(mistake.name for mistake in exercise.mistakes)
            yield f"| `{exercise.id}` | {exercise.points:g} | {parts} | {mistakes} |"
    for question in WRITTEN.values():
        if question.assignment == assignment:
            yield f"| {question.id} | {question.points:g} | marked by hand | |"


def _alt_texts(path: Path) -> Iterator[tuple[str, str]]:
    """By hash of the picture, the alt texts in a notebook."""
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            picture = output.get("data", {}).get("image/png")
            if picture:
                alt = output.metadata.get("image/png", {}).get("alt", "")
                yield hashlib.sha256(a2b_base64(picture)).hexdigest(), alt
