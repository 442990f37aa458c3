"""Text that others chose, on a terminal."""


def printable(text: str) -> str:
    """One line without what a terminal obeys, or cannot write: ``?`` stands for such letters."""
    return "".join(
        letter if letter.isprintable() else " " if letter.isspace() else "?" for letter in text
    )
