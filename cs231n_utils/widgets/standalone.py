"""The SVM demo as one HTML file that opens from disk, without a kernel.

Written by ``python -m cs231n_utils.widgets.standalone FILE``.
"""

import json
import sys
from pathlib import Path

from cs231n_utils.system.files import write_whole
from cs231n_utils.widgets.bundle import bundle, css
from cs231n_utils.widgets.start import START

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline';
    img-src data:">
<link rel="icon" href="data:,">
<title>Multiclass SVM optimization demo</title>
<style>
{css}
body {{ margin: 0; background: #ffffff; color: #1a1a1a; }}
main {{ max-width: 1080px; margin: 0 auto; padding: 16px; }}
h1 {{ margin: 0 10px 4px; font: 600 22px/1.3 system-ui, sans-serif; }}
.intro {{ max-width: 46em; margin: 0 10px 6px; font: 15px/1.5 system-ui, sans-serif; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #16181b; color: #e6e6e6; }} }}
</style>
</head>
<body>
<!-- Written by python -m cs231n_utils.widgets.standalone; change the sources, not this file. -->
<main>
<h1>Multiclass SVM optimization demo</h1>
<p class="intro">A linear classifier of points in the plane. Drag the points, change the weights,
and let gradient descent do the rest: watch the lines turn until every point lies a margin away.
Then make the step size too large.</p>
<div id="demo"></div>
<noscript><p class="intro">The demo needs JavaScript, which is switched off.</p></noscript>
</main>
<script type="module">
{script}
</script>
</body>
</html>
"""


def svm_demo_page() -> str:
    """The whole page as text; it asks for no other file and no network."""
    start = json.dumps(START)
    # The name on the window is for the browser's console, and for tests.
    opening = f'window.svmDemo = standalone.open({start}, document.getElementById("demo"));'
    script = bundle("standalone", opening)
    return _PAGE.format(css=css().strip(), script=script.strip())


def main(arguments: list[str]) -> int:
    """Write the page to the file that the one argument names; return the exit code."""
    if len(arguments) != 1:
        print(
            f"got {len(arguments)} arguments, expected the file to write: "
            "python -m cs231n_utils.widgets.standalone docs/svm-demo.html",
            file=sys.stderr,
        )
        return 2
    target = Path(arguments[0])
    try:
        write_whole(target, svm_demo_page())
    except OSError as error:
        print(f"{target} cannot be written ({error.strerror}): name another.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
