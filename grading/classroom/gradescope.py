"""Reads what Gradescope says of an export: whose each folder is, and when it was handed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import yaml

from .moments import seconds_of, utc_of

METADATA = "submission_metadata.yml"
MAX_BYTES = 64 << 20


@dataclass(frozen=True)
class Submitter:
    """A person who handed in, alone or with others."""

    name: str
    sid: str
    email: str


@dataclass(frozen=True)
class Submission:
    """One folder of an export."""

    submitters: tuple[Submitter, ...]
    moment: float | None


def submissions(text: str) -> dict[str, Submission]:
    """By the name of a folder, what the metadata say of it.

    Parameters
    ----------
    text : str
        The content of ``submission_metadata.yml``.

    Raises
    ------
    ValueError
        If it is not such a file.
    """
    try:
        data = yaml.load(text, Loader=_Loader)
        return {str(folder): _submission(about) for folder, about in data.items()}
    except (yaml.YAMLError, AttributeError, TypeError, KeyError, RecursionError) as error:
        raise ValueError(
            f"{METADATA} is not what Gradescope writes ({type(error).__name__}): export the "
            "submissions again."
        ) from error


def _submission(about: Mapping[str, Any]) -> Submission:
    people = tuple(
        Submitter(*(str(one.get(key) or "") for key in (":name", ":sid", ":email")))
        for one in about[":submitters"]
    )
    return Submission(people, _moment(about.get(":created_at")))


def _moment(said: Any) -> float | None:
    """The time, which older exports write as an object of Ruby with its parts."""
    if isinstance(said, Mapping):
        said = said.get("utc") or said.get("time")
    if isinstance(said, str):
        return seconds_of(utc_of(said))
    if isinstance(said, datetime):
        return seconds_of(
            said if said.tzinfo is None else said.astimezone(UTC).replace(tzinfo=None)
        )
    if isinstance(said, date):
        return seconds_of(datetime(said.year, said.month, said.day))
    return None


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Builds plain data only, also where Ruby has written the name of a class."""


def _plain(loader: _Loader, _: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


_Loader.add_multi_constructor("!ruby/", _plain)
