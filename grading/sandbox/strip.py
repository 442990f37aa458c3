"""Copies a notebook from standard input to standard output, without its outputs."""

import json
import sys

MAX_SOURCE = 1 << 20


def main() -> None:
    notebook = json.loads(sys.stdin.buffer.read().decode("utf-8-sig", "replace"))
    kept = []
    for cell in notebook.get("cells", []):
        source = cell.get("source", "")
        text = "".join(source) if isinstance(source, list) else source
        kept.append({"metadata": cell.get("metadata", {}), "source": text[:MAX_SOURCE]})
    json.dump({"cells": kept}, sys.stdout)


if __name__ == "__main__":
    main()
