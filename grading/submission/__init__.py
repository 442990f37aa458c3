"""One hand-in: read it, sanitize it, execute it, score it."""
