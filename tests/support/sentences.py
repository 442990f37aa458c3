"""Whether a message is the one sentence that it should be."""


def is_one_sentence(message: str) -> bool:
    """Whether a message is a single line that ends in its only full stop before a space."""
    return message.endswith(".") and "\n" not in message and ". " not in message
