"""Which submissions are called alike."""

from grading.pages.look_alikes import (
    FEW,
    GRAM,
    alike,
    connected,
    fingerprints,
    side_by_side,
)
from tests.support.programs import program, renamed


def test_same_code_under_other_names_has_the_same_fingerprints():
    for seed in range(20):
        text = program(seed)
        assert list(fingerprints(text)) == list(fingerprints(renamed(text)))
        assert list(fingerprints(text)) != list(fingerprints(program(seed + 100)))


def test_shared_run_of_tokens_shares_a_fingerprint():
    """What winnowing promises: every run of GRAM + WINDOW - 1 tokens in both is noticed."""
    common = "for i in range(n): total += weights[i] * scores[i, y[i]] ** 2 - offset[i]"
    one = fingerprints(f"{program(1)}\n{common}\n{program(2)}")
    two = fingerprints(f"{program(3)}\n{common}\n{program(4)}")
    apart = set(fingerprints(program(1) + program(2))) & set(fingerprints(program(3) + program(4)))
    assert len(set(one) & set(two)) > len(apart)


def test_text_shorter_than_a_gram_or_not_python_is_taken():
    assert len(fingerprints("a = b")) == 0 and GRAM > 3
    assert len(fingerprints("def broken(: " + "x y ( " * 50)) > 0
    assert len(fingerprints("'''never closed " + "x y ( " * 50)) == 0
    assert len(fingerprints("]) ((" * 30)) > 0


def test_copies_are_found_and_others_are_not():
    answers = {f"s{seed}": {"one": program(seed), "two": program(seed + 500)} for seed in range(60)}
    answers["copy"] = {"one": program(900), "two": renamed(answers["s7"]["two"])}
    answers["twin"] = dict(answers["s9"])
    pairs = {frozenset((pair.first, pair.second)): pair for pair in alike(answers)}
    assert set(pairs) == {frozenset(("s7", "copy")), frozenset(("s9", "twin"))}
    copy, twin = pairs[frozenset(("s7", "copy"))], pairs[frozenset(("s9", "twin"))]
    assert copy.exercises == ("two",) and copy.verbatim < 0.1
    assert set(twin.exercises) == {"one", "two"} and twin.verbatim == twin.overlap == 1


def test_what_was_given_and_what_many_have_says_nothing():
    shared = program(1000, lines=40)
    given = {f"s{seed}": {"one": f"{shared}\n{program(seed)}"} for seed in range(4)}
    assert alike(given) and not alike(given, [{"one": shared}])
    common = {f"s{seed}": {"one": f"{shared}\n{program(seed)}"} for seed in range(FEW + 1)}
    assert not alike(common)


def test_who_is_alike_with_any_of_a_group_belongs_to_it():
    first, second = program(1, lines=40), program(2, lines=40)
    answers = {
        "amy": {"one": first},
        "bob": {"one": first, "two": second},
        "cy": {"one": "", "two": second},
        "di": {"one": program(3, lines=40)},
        "eva": {"one": program(4, lines=40)},
        "flo": {"one": program(4, lines=40)},
    }
    groups = connected(alike(answers))
    assert {frozenset(group.students) for group in groups} == {
        frozenset(("amy", "bob", "cy")),
        frozenset(("eva", "flo")),
    }
    chain = next(group for group in groups if "bob" in group.students)
    assert chain.students[0] == "bob" and set(chain.exercises) == {"one", "two"}
    assert len(chain.pairs) == 2


def test_shared_lines_are_marked_as_the_same_or_as_renamed():
    answers = {
        "amy": "def f(x):\n    total = x.sum(axis=0) + 1\n    return total * 2\n    pass",
        "bob": "def f(x):\n    total = x.sum(axis=0) + 1\n    value = total ** 3\n    pass",
        "cy": "def f(x):\n    out = y.mean(axis=1) + 9  # mine\n    assert out",
    }
    marked = side_by_side(answers, ["def f(x):"])
    kinds = {student: [line.shared for line in lines] for student, lines in marked.items()}
    assert kinds == {
        "amy": ["", "same", "", ""],
        "bob": ["", "same", "", ""],
        "cy": ["", "renamed", ""],
    }
    assert "\n".join(line.text for line in marked["amy"]) == answers["amy"]
