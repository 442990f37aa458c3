"""Why grading cannot begin or go on."""


class Refused(Exception):
    """Grading stops; the message is one sentence for the instructor, without its period."""
