"""The digest that tells one rubric from another: of an assignment's exercises and its release."""

import hashlib
import inspect
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import EXERCISES


def exercises_digest(assignment: str, released: Mapping[str, Any]) -> str:
    """Digest of all that decides what an answer of an assignment deserves.

    Parameters
    ----------
    assignment : str
    released : mapping
        The notebook as students received it.
    """
    digest = hashlib.sha256(json.dumps(released, sort_keys=True).encode())
    files = set()
    for exercise in EXERCISES.values():
        if exercise.assignment == assignment:
            digest.update(json.dumps([exercise.id, dict(exercise.parts)]).encode())
            files.add(Path(inspect.getfile(exercise.reference)))
    for path in sorted({one for file in files for one in file.parent.glob("*.py")}):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
