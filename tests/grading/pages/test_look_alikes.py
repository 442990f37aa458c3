"""Which submissions are called alike."""

from grading.pages.look_alikes import FEW, GRAM, alike, fingerprints
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
