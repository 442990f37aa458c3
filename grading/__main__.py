"""``python -m grading COMMAND``; `oracle` alone needs nothing but the student package."""

import sys


def main() -> None:
    """Judge answers that arrive on standard input, or do what another command says."""
    if sys.argv[1:] == ["oracle"]:
        from .judge.tutor import serve_standard_streams

        serve_standard_streams()
        return
    try:
        from .command_line import app
    except ModuleNotFoundError as error:
        sys.exit(
            f"Error: {error.name} is not installed: every command but oracle needs a clone of the "
            "course, in which `make setup` ran."
        )
    # The name for which the shell completes, see docs/instructors.md.
    app(prog_name="grading")


if __name__ == "__main__":
    main()
