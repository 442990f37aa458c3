"""The arguments of a call that failed, to try it by hand."""

import builtins
from collections.abc import Callable
from typing import Any

from ..checking.channel import Recipe
from ..checking.recipes import RECIPES
from .questions import Unanswered, ask, checked_name


def failing_case(exercise: str | Callable[..., Any]) -> tuple[Any, ...]:
    """The arguments of the first call that the last check of an exercise found wrong.

    Parameters
    ----------
    exercise : str or callable
        The exercise's name, such as "softmax", or the function itself.

    Returns
    -------
    tuple
        In the order of the function's parameters. Functions among them are evaluated by the oracle.

    Raises
    ------
    LookupError
        If nothing failed, or no check has run.

    Examples
    --------
    >>> W, X, y, reg = failing_case("softmax_loss_naive")  # doctest: +SKIP
    """
    try:
        name = checked_name(exercise)
        arguments = ask({"op": "failed call", "exercise": name})["arguments"]
    except Unanswered as error:
        raise LookupError(str(error)) from None
    if arguments is None:
        raise LookupError(f"No call of {name} has failed in its last check: run check({name}).")
    return tuple(_built(name, place, value) for place, value in enumerate(arguments))


def _built(name: str, place: int, value: Any) -> Any:
    if not isinstance(value, Recipe):
        return value
    if value.name != "remote":
        return RECIPES[value.name](**value.ingredients)
    names = value.ingredients["names"]
    if names is None:
        return _remote(name, place)
    return {key: _remote(name, [place, key]) for key in names}


def _remote(exercise: str, function: int | list[Any]) -> Callable[..., Any]:
    def evaluated_by_the_oracle(*arguments: Any, **named: Any) -> Any:
        request = {"op": "evaluate failed", "exercise": exercise, "function": function}
        reply = ask({**request, "arguments": list(arguments), "named": named})
        if "error" in reply:
            raise getattr(builtins, reply["error"]["type"], RuntimeError)(reply["error"]["message"])
        return reply["value"]

    return evaluated_by_the_oracle
