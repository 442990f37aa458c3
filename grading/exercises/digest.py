"""The digest that tells one rubric from another: of an assignment's exercises and its release."""

import hashlib
import inspect
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import exercises_of


def exercises_digest(assignment: str, released: Mapping[str, Any]) -> str:
    """Digest of all that decides what an answer of an assignment deserves.

    Parameters
    ----------
    assignment : str
    released : mapping
        The notebook as students received it.
    """
    digest = hashlib.sha256(json.dumps(released, sort_keys=True).encode())
    folders = {Path(__file__).parent}  # what exercises share: how values compare, what is a loop
    for exercise in exercises_of(assignment).values():
        digest.update(json.dumps([exercise.id, dict(exercise.parts)]).encode())
        folders.add(Path(inspect.getfile(exercise.reference)).parent)
    for path in sorted(path for folder in folders for path in folder.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
