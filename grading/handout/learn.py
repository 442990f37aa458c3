"""Self-study: the student's folder, the data, and JupyterLab."""

import os
from pathlib import Path

from tqdm import tqdm

from cs231n_utils import load_cifar10
from cs231n_utils.system.files import write_whole

from .release import GLOSSARY, assignments, pictures, read_source, student_version
from .renewal import lay_out_notebook, lay_out_picture

SETTINGS = Path(__file__).parent / "lab"
"""JupyterLab's settings: no news, no menus of an instructor, and a sign of a cell that failed."""


def learn(folder: Path, *, headless: bool = False) -> None:
    """Lay out the notebooks, fetch the data, and serve JupyterLab until it is stopped.

    Parameters
    ----------
    folder : Path
        Where the student's notebooks are kept.
    headless : bool
        Print the address and open no browser.
    """
    first = assignments()[0]
    is_first_time = not (folder / first).exists()
    for sentence in lay_out(folder):
        print(sentence)
    print(load_cifar10(), flush=True)
    options = [
        f"--ServerApp.root_dir={folder.resolve()}",
        *("--LabApp.news_url=None", "--LabApp.extension_manager=readonly"),
        f"--LabApp.app_settings_dir={SETTINGS}",
        f"--LabApp.extra_labextensions_path={SETTINGS / 'extensions'}",
        "--JupyterApp.answer_yes=True",
        "--log-level=WARN",
    ]
    if is_first_time:  # later, JupyterLab opens what was open
        options.append(f"--LabApp.default_url=/lab/tree/{first}/{first}.ipynb")
    if headless:
        options.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    # In any other working directory nbgrader's extension reports an error.
    os.chdir(folder)
    # In this process, which has imported the half of JupyterLab that reads notebooks.
    from jupyterlab.labapp import LabApp

    LabApp.launch_instance(options)


def lay_out(folder: Path) -> list[str]:
    """Write the student notebooks and their pictures into a folder; work that is there is kept.

    Parameters
    ----------
    folder : Path
        Created if needed.

    Returns
    -------
    list of str
        What is new since the last time, one sentence for each notebook that has changed.
    """
    news = []
    write_whole(folder / GLOSSARY.name, GLOSSARY.read_bytes())
    for assignment in tqdm(assignments(), desc="student notebooks", unit="notebook"):
        for picture in pictures(assignment):
            lay_out_picture(folder, assignment, picture)
        notebook = student_version(read_source(assignment))
        news.append(lay_out_notebook(folder, assignment, notebook))
    return [sentence for sentence in news if sentence]
