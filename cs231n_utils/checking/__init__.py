"""The student's side of the oracle: the channel, what is observed of an answer, the verdict."""
