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

        # The name for which the shell completes, see docs/instructors.md.
        app(prog_name="grading")
    except ModuleNotFoundError as error:
        sys.exit(
            f"Error: {error.name} is not installed: this command needs a clone of the course, in "
            "which `make setup` ran."
        )


if __name__ == "__main__":
    main()
