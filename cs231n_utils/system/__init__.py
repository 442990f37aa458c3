"""The one place where the platform matters: files, processes, processors."""

import sys

IN_BROWSER = sys.platform == "emscripten"
"""Whether Python runs as WebAssembly: without processes, threads, or locks of files."""

if IN_BROWSER:
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # the monitor is a thread
