"""Run a function body of JavaScript in Node.js, or where that is missing in Chromium."""

import json
import shutil
import subprocess

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


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
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs Node.js or Playwright")
    if CHROMIUM is None:
        pytest.skip("needs Node.js or Chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        try:
            return browser.new_page().evaluate(f"() => {{\n{body}\n}}")
        finally:
            browser.close()
