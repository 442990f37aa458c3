"""What is printed on a terminal: text that others chose, and how far the work is."""

import errno

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


class Terminal(Console):
    """A console that says it if nobody reads it any more, instead of ending with exit code 1."""

    def on_broken_pipe(self) -> None:
        """Let the command decide how it ends."""
        raise BrokenPipeError(errno.EPIPE, "nobody reads the output any more")


def printable(text: str) -> str:
    """The text in one line; ``?`` replaces control characters and all that cannot be printed."""
    return "".join(
        letter if letter.isprintable() else " " if letter.isspace() else "?" for letter in text
    )


def progress_bar(console: Console | None = None) -> Progress:
    """A bar with counts and the time left, on a terminal; standard error is the default."""
    console = console or Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal or console.quiet,
    )
