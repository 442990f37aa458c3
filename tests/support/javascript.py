"""Run a function body of JavaScript in Node.js, or where that is missing in Chromium."""

import json
import shutil
import subprocess

from tests.support.browser import chromium


def run_javascript(body: str):
    """What the function body returns, by way of JSON."""
    node = shutil.which("node")
    if node is None:
        return _run_in_chromium(body)
    program = f"console.log(JSON.stringify((() => {{\n{body}\n}})()));"
    ran = subprocess.run(
        [node, "--input-type=module", "-"], input=program, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def _run_in_chromium(body: str):
    with chromium() as browser:
        return browser.new_page().evaluate(f"() => {{\n{body}\n}}")
