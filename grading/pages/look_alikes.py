"""Submissions that look alike: shared fingerprints of token sequences.

Winnowing after S. Schleimer, D. Wilkerson and A. Aiken, "Winnowing: local algorithms for
document fingerprinting", SIGMOD 2003. Names and literals are normalized, so renaming hides
nothing. An index from fingerprint to submissions saves comparing all pairs.
"""

import keyword
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

GRAM = 10
"""A fingerprint is the hash of this many tokens in a row."""

WINDOW = 5
"""Of this many neighboring fingerprints the smallest is kept."""

FEW, SHARE, MANY = 5, 0.05, 20
"""A fingerprint says nothing if more than this share of the class have it; the share stands for at
least ``FEW`` and at most ``MANY`` submissions."""

MIN_SHARED = 10
"""Two submissions are listed only if they share this many unusual fingerprints."""

MIN_OVERLAP = 0.5
"""Two submissions are listed only if one has this share of the other's unusual fingerprints."""

MIN_TOKENS = 5
"""Lines with fewer tokens are too common to be marked as the same with other names."""

MAX_CHARACTERS = 50_000
"""Only this many characters of an answer are looked at."""

# A string without an end is one token to the end of its line or text, so no text is scanned twice.
_TOKEN = re.compile(
    r"""[^\W\d]\w*+(?!["'])
    | \*\*|//|[<>=!]=
    | [^\w\s"'\#]
    | \d[\w.]*
    | \#[^\n]*
    | [rRbBfFuU]{0,2}(?:
        \"{3}.*?(?:\"{3}|\Z) | '{3}.*?(?:'{3}|\Z) | "(?:\\.|[^"\\\n])*"? | '(?:\\.|[^'\\\n])*'?)
    | \w+""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Pair:
    """Two submissions that a person should compare; this alone proves nothing.

    Attributes
    ----------
    first, second : str
        Students.
    shared : int
        Unusual fingerprints in both.
    overlap : float
        ``shared`` as a share of the unusual fingerprints of the one that has fewer.
    verbatim : float
        Share of the lines of the one with fewer that the other has word for word, leaving
        out what was given; names and comments count here.
    exercises : tuple of str
        Exercises in which they are alike, most alike first.
    """

    first: str
    second: str
    shared: int
    overlap: float
    verbatim: float
    exercises: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Submissions that are alike, each with some other of the group.

    Attributes
    ----------
    students : tuple of str
        Those with most likenesses first.
    pairs : tuple of Pair
    exercises : tuple of str
        Those in which most pairs are alike first.
    """

    students: tuple[str, ...]
    pairs: tuple[Pair, ...]
    exercises: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A line of an answer.

    Attributes
    ----------
    text : str
    shared : str
        "same" if another answer has it word for word, "renamed" if it has it with other names or
        numbers; empty if neither.
    """

    text: str
    shared: str


def alike(
    answers: Mapping[str, Mapping[str, str]], given: Iterable[Mapping[str, str]] = ()
) -> list[Pair]:
    """Find submissions that share unusual code.

    Parameters
    ----------
    answers : mapping of str to mapping of str to str
        By student, by exercise, the code handed in.
    given : iterable of mapping of str to str
        By exercise, code that everybody may have: what was released, the standard answer.

    Returns
    -------
    list of Pair
        Most alike first. Every one of them can be innocent.
    """
    given = list(given)
    known = set().union(*(own for texts in given for own in _prints(texts).values()))
    students = sorted(answers)
    by_exercise = [_prints(answers[student]) for student in students]
    prints = [set().union(*own.values()) - known for own in by_exercise]
    frequency = Counter(one for own in prints for one in own)
    bound = max(FEW, min(MANY, int(SHARE * len(students))))
    unusual = [{one for one in own if frequency[one] <= bound} for own in prints]
    given_lines = {line for texts in given for line in _lines(texts.values())}
    pairs = []
    for i, j in _candidates(unusual):
        both = unusual[i] & unusual[j]
        fewer = min(len(unusual[i]), len(unusual[j]))
        if len(both) < MIN_SHARED or len(both) < MIN_OVERLAP * fewer:
            continue
        first, second = (
            _lines(answers[students[k]].values()) - given_lines for k in (i, j)
        )  # fmt: skip
        pairs.append(
            Pair(
                students[i],
                students[j],
                len(both),
                len(both) / fewer,
                len(first & second) / max(1, min(len(first), len(second))),
                _where(both, by_exercise[i]),
            )
        )
    return sorted(pairs, key=lambda pair: (-pair.verbatim - pair.overlap, -pair.shared))


def fingerprints(text: str) -> np.ndarray:
    """Winnowed hashes of a text's token sequence.

    Parameters
    ----------
    text : str
        Python; it need not parse.

    Returns
    -------
    uint64 ndarray
        Sorted, each once; empty if there are fewer than ``GRAM`` tokens.
    """
    tokens = np.array(token_codes(text), dtype=np.uint64)
    if len(tokens) < GRAM:
        return np.zeros(0, dtype=np.uint64)
    count = len(tokens) - GRAM + 1
    # The hash is a polynomial of the tokens, modulo 2**64.
    grams = np.zeros(count, dtype=np.uint64)
    for place in range(GRAM):
        grams = grams * np.uint64(0x9E3779B97F4A7C15) + tokens[place : place + count]
    # A window keeps its smallest hash, so the bits are mixed: else the choice would depend on which
    # tokens have the smallest numbers.
    grams = (grams ^ (grams >> np.uint64(31))) * np.uint64(0xBF58476D1CE4E5B9)
    width = min(WINDOW, count)
    last = count - width + 1
    smallest = grams[:last]
    for place in range(1, width):
        smallest = np.minimum(smallest, grams[place : place + last])
    return np.unique(smallest)


def token_codes(text: str) -> tuple[int, ...]:
    """A number for each token of Python, in which names, numbers and texts are all alike."""
    tokens = _TOKEN.findall(text[:MAX_CHARACTERS])
    return tuple(code for token in tokens if (code := _code(token[:16])))


def connected(pairs: Sequence[Pair]) -> list[Group]:
    """The groups that pairs make, in the order of their most alike pair."""
    groups: list[set[str]] = []
    for pair in pairs:
        both = {pair.first, pair.second}
        apart = [group for group in groups if not group & both]
        joined = [group for group in groups if group & both]
        if joined:
            first = groups.index(joined[0])
            groups = [*apart[:first], both.union(*joined), *apart[first:]]
        else:
            groups = [*groups, both]
    return [_group(members, pairs) for members in groups]


def side_by_side(answers: Mapping[str, str], given: Iterable[str] = ()) -> dict[str, list[Line]]:
    """By student, the lines of an answer, with a mark on those that another one has too.

    Parameters
    ----------
    answers : mapping of str to str
        By student, the code.
    given : iterable of str
        Code that everybody may have; its lines get no mark.
    """
    known = _lines(given)
    texts = {student: text[:MAX_CHARACTERS].splitlines() for student, text in answers.items()}
    same = Counter(line for text in answers.values() for line in _lines([text]) - known)
    forms = Counter(
        form
        for lines in texts.values()
        for form in {token_codes(line) for line in lines if line.strip() not in known}
    )

    def mark(line: str) -> Line:
        if same[line.strip()] > 1:
            return Line(line, "same")
        form = token_codes(line)
        long = len(form) >= MIN_TOKENS and line.strip() not in known
        return Line(line, "renamed" if long and forms[form] > 1 else "")

    return {student: [mark(line) for line in lines] for student, lines in texts.items()}


def _group(members: set[str], pairs: Sequence[Pair]) -> Group:
    within = [pair for pair in pairs if pair.first in members]
    degree = Counter(name for pair in within for name in (pair.first, pair.second))
    exercises = Counter(name for pair in within for name in pair.exercises)
    students = sorted(members, key=lambda name: (-degree[name], name))
    return Group(tuple(students), tuple(within), tuple(name for name, _ in exercises.most_common()))


@lru_cache(maxsize=100_000)
def _code(token: str) -> int:
    """A number for a keyword or operator, or for the kind of any other token; 0 for a comment.

    Unlike ``hash``, it is the same in every process.
    """
    if token[0] == "#":
        return 0
    if '"' in token or "'" in token:
        token = "string"
    elif token[0].isdecimal():
        token = "number"
    elif (token[0].isalpha() or token[0] == "_") and not keyword.iskeyword(token):
        token = "name"
    return int.from_bytes(token.encode()[:8], "little") + 1


def _prints(texts: Mapping[str, str]) -> dict[str, set[int]]:
    """The fingerprints by exercise, salted with its name so that no two exercises share one."""
    return {
        name: set((fingerprints(text) ^ np.uint64(zlib.crc32(name.encode()))).tolist())
        for name, text in texts.items()
    }


def _where(both: set[int], by_exercise: Mapping[str, set[int]]) -> tuple[str, ...]:
    counts = Counter({name: len(both & own) for name, own in by_exercise.items()})
    return tuple(name for name, count in counts.most_common() if count)


def _candidates(prints: Sequence[set[int]]) -> Iterable[tuple[int, int]]:
    """The pairs that share at least ``MIN_SHARED`` fingerprints."""
    index: dict[int, list[int]] = {}
    for number, own in enumerate(prints):
        for one in own:
            index.setdefault(one, []).append(number)
    shared = Counter(
        (first, second)
        for holders in index.values()
        for place, second in enumerate(holders)
        for first in holders[:place]
    )
    return [pair for pair, count in shared.items() if count >= MIN_SHARED]


def _lines(texts: Iterable[str]) -> set[str]:
    """The lines of more than 8 characters, without their indentation."""
    stripped = (line.strip() for text in texts for line in text[:MAX_CHARACTERS].splitlines())
    return {line for line in stripped if len(line) > 8}
