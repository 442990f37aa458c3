"""Random programs, to tell copies from coincidence."""

import random
import re


def program(seed, lines=20):
    """The source of a random function; two of them have only the language in common."""
    rng = random.Random(seed)

    def expression(depth=0):
        kind = rng.randrange(5 if depth < 3 else 1)
        if kind == 0:
            return rng.choice("abcdefgh")
        if kind == 1:
            return f"{expression(depth + 1)} {rng.choice('+-*/@')} {expression(depth + 1)}"
        if kind == 2:
            return f"np.{rng.choice(['sum', 'exp'])}({expression(depth + 1)}, axis=1)"
        if kind == 3:
            return f"{rng.choice('abcd')}[{expression(depth + 1)}]"
        return f"({expression(depth + 1)} if {expression(depth + 1)} > 0 else 1)"

    body = [f"    {rng.choice('abcdefgh')} = {expression()}" for _ in range(lines)]
    return "\n".join(["def answer(a, b, c, d):", *body, f"    return {expression()}"])


def renamed(text):
    """The same program with other names, numbers, comments and spaces."""
    names = {name: f"{name}_of_mine" for name in "abcdefgh"}
    text = re.sub(r"\b[a-h]\b", lambda found: names[found[0]], text)
    return "\n".join(f"{line}  # step {i}" for i, line in enumerate(text.splitlines()))
