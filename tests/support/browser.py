"""Chromium and JupyterLab as a person has them, and what they leave behind when a test fails."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import matplotlib
import nbformat
import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
PATIENCE = 120.0
"""After this many seconds a condition counts as never met; a busy machine is slow."""


@contextlib.contextmanager
def chromium() -> Iterator:
    """A browser with one profile; where Playwright or Chromium is missing, the test is skipped."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright")
    if CHROMIUM is None:
        pytest.skip("needs Chromium")
    sync_api.expect.set_options(timeout=1e3 * PATIENCE)
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        try:
            yield browser.new_context(viewport={"width": 1250, "height": 900})
        finally:
            browser.close()


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server of this folder."""
    handler = partial(SimpleHTTPRequestHandler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def write_page(folder: Path, code: str) -> None:
    """Write a page whose worker runs Python by the Pyodide in this folder; its title is the value.

    The package ``cs231n-utils`` of that Pyodide is loaded before.
    """
    (folder / "code.py").write_text(code, encoding="utf-8")
    (folder / "kernel.mjs").write_text("""
import { loadPyodide } from "./pyodide.mjs";
try {
  const python = await loadPyodide({ packages: ["cs231n-utils"] });
  self.postMessage(await python.runPythonAsync(await (await fetch("code.py")).text()));
} catch (error) {
  self.postMessage(String(error));
}
""")
    (folder / "index.html").write_text("""
<script type="module">
  const kernel = new Worker("kernel.mjs", { type: "module" });
  kernel.onmessage = ({ data }) => (document.title = data);
</script>
""")


class Record:
    """What a page has said and asked for."""

    def __init__(self, page):
        self.page = page
        self.messages: list[str] = []
        self.requests: list[str] = []
        page.set_default_timeout(1e3 * PATIENCE)
        page.on("console", lambda message: self.messages.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.messages.append(f"uncaught: {error}"))
        page.on("request", lambda request: self.requests.append(request.url))

    def errors(self) -> list[str]:
        return [text for text in self.messages if text.startswith(("error: ", "uncaught: "))]

    def requests_outside(self, home: str) -> list[str]:
        """Requests that leave `home`."""
        return [url for url in self.requests if not url.startswith((home, "data:", "blob:"))]

    def keep(self, folder: Path) -> None:
        """Write the picture of the page and its messages."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "console.txt").write_text("\n".join(self.messages), encoding="utf-8")
        if not self.page.is_closed():
            self.page.screenshot(path=folder / "page.png")


RECORD = pytest.StashKey[Record]()
"""Where a test keeps the record of its page, for the case that it fails."""


class Server:
    """A running Jupyter server."""

    def __init__(self, folder: Path, url: str, token: str):
        self.folder, self.url, self.token = folder, url, token

    def address(self, path: str) -> str:
        # Without `reset`, JupyterLab would open what the test before has left open.
        return f"{self.url}{path}?reset&token={self.token}"


@contextlib.contextmanager
def jupyter(command: list[str], cwd: Path, folder: Path, home: Path, **variables) -> Iterator:
    """Start a Jupyter server as a person does whose home is empty, and stop it by Ctrl-C.

    Parameters
    ----------
    command : list of str
    cwd : Path
        Where the command is typed.
    folder : Path
        What the server serves.
    home : Path
    **variables
        Of the environment.

    Yields
    ------
    Server
    """
    settings = home / ".jupyter" / "jupyter_lab_config.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"LabApp": {"expose_app_in_browser": True}}))
    # Without a terminal, Jupyter takes Ctrl-C for a crash.
    ours, terminal = os.openpty()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=environment_at(home, **variables),
        stdin=terminal,
        start_new_session=True,
    )
    try:
        yield Server(folder, *wait_for_address(process, home))
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(PATIENCE) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(ours)
        os.close(terminal)


def environment_at(home: Path, **variables) -> dict[str, str]:
    """The environment of a person whose home is empty."""
    personal = ("JUPYTER", "IPYTHON", "XDG_")
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(personal)}
    return {
        **inherited,
        "HOME": str(home),
        "JUPYTER_PORT": "0",
        "MPLCONFIGDIR": matplotlib.get_cachedir(),  # else every kernel lists the fonts anew
        **variables,
    }


def wait_for_address(process: subprocess.Popen, home: Path) -> tuple[str, str]:
    """A Jupyter server's address and its token, as soon as it listens."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended with code {process.returncode}"
        for path in home.glob(".local/share/jupyter/runtime/jpserver-*.json"):
            # Half written, or written before the server listens.
            with contextlib.suppress(ValueError, OSError):
                about = json.loads(path.read_text())
                server = urlsplit(about["url"])
                socket.create_connection((server.hostname, server.port)).close()
                return about["url"], about["token"]
        time.sleep(0.05)
    raise TimeoutError(f"no server after {PATIENCE:g} s")


class Notebook:
    """A notebook open in JupyterLab; cells are named by their ids."""

    def __init__(self, page, server: Server, path: str):
        self.page, self.file = page, server.folder / path
        self._ids = [cell.id for cell in nbformat.read(self.file, as_version=4).cells]
        page.goto(server.address(f"lab/tree/{path}"))
        page.wait_for_function(
            "path => window.jupyterapp?.shell.currentWidget?.context?.path === path", arg=path
        )
        # Before these, JupyterLab drops what it is told to run.
        page.evaluate(
            """async () => {
              const { context, sessionContext } = jupyterapp.shell.currentWidget;
              await context.ready;
              await sessionContext.ready;
              await sessionContext.session.kernel.info;
            }"""
        )
        # Cells come in one after another, and move what a mouse would point at.
        page.wait_for_function(
            "n => document.querySelectorAll('.jp-Notebook .jp-Cell').length === n",
            arg=len(self._ids),
        )

    def cell(self, name: str):
        index = self._ids.index(name)
        return self.page.locator(f".jp-Notebook [data-windowed-list-index='{index}']")

    def write(self, name: str, source: str) -> None:
        """Replace the source of a cell."""
        self.cell(name).locator(".cm-content").fill(source)

    def run(self, name: str):
        """Run a cell; its output, when it has finished."""
        index = self._ids.index(name)
        count = self.page.evaluate(f"index => ({_CELL}).executionCount", index)
        self.cell(name).locator(".jp-InputArea-editor").click()
        self.page.keyboard.press("Control+Enter")
        self.page.wait_for_function(
            f"([index, count]) => ![null, count].includes(({_CELL}).executionCount)",
            arg=[index, count],
        )
        return self.cell(name).locator(".jp-OutputArea")

    def save(self) -> None:
        """Press Ctrl+S and wait until nothing is unsaved."""
        self.page.keyboard.press("Control+S")
        self.page.wait_for_function("() => !jupyterapp.shell.currentWidget.context.model.dirty")

    def python(self, expression: str):
        """Value of an expression in the kernel, by way of JSON."""
        printed = self.page.evaluate(
            """async (code) => {
              const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
              const printed = [];
              const future = kernel.requestExecute({ code, store_history: false });
              future.onIOPub = ({ content }) => printed.push(content.text ?? content.evalue ?? "");
              await future.done;
              return printed.join("");
            }""",
            f"import json; print(json.dumps({expression}))",
        )
        return json.loads(printed)


_CELL = "jupyterapp.shell.currentWidget.content.widgets[index].model"
