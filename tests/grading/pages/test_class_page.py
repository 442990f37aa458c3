"""The class report: what it counts, what it escapes, and which submissions it calls alike."""

import random
import re

import pytest

from grading.exercises import EXERCISES
from grading.pages.class_page import mistakes, other_reasons, part_rates, read_class, write_report
from grading.pages.look_alikes import FEW, GRAM, MIN_SHARED, alike, fingerprints
from tests.support.graded_course import ASSIGNMENT, IDS, Elements, add_student, solved

EVIL = "<script>alert(1)</script><img src=http://evil.example onerror=alert(2)>"


def program(seed, lines=20):
    """A random function; two of them share no more than the language makes them."""
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


@pytest.fixture
def course(tmp_path):
    add_student(tmp_path, "amy", {"softmax": "no shift"}, seconds=1.0)
    add_student(tmp_path, "bob", {"softmax": "no shift", "svm_loss_naive": "no margin"}, seconds=9)
    add_student(tmp_path, "cy", seconds=2.0, confined=False)
    add_student(tmp_path, "di", status="ungradable", reason=f"It is empty. {EVIL}", score=0)
    return tmp_path


def test_rates_and_mistakes_are_counted(course):
    everybody = read_class(course, ASSIGNMENT)
    rates = {(name, part): rate for name, part, rate in part_rates(everybody)}
    assert rates["softmax", "stable"] == pytest.approx(1 / 3)
    assert rates["softmax", "value"] == 1 and rates["svm_loss_naive", "regularization"] == 1
    assert rates["svm_loss_naive", "data loss"] == pytest.approx(2 / 3)
    assert len(rates) == sum(len(EXERCISES[name].parts) for name in IDS)
    counts = [(count, name, mistake) for count, name, mistake, _ in mistakes(everybody)]
    assert counts == [(2, "softmax", "no shift"), (1, "svm_loss_naive", "no margin")]


def test_exercise_without_a_verdict_counts_as_not_passed(tmp_path):
    add_student(tmp_path, "amy")
    add_student(tmp_path, "bob", unjudged=("softmax",))
    rates = {(n, part): rate for n, part, rate in part_rates(read_class(tmp_path, ASSIGNMENT))}
    assert rates["softmax", "value"] == 0.5


def test_failures_that_differ_in_numbers_only_are_one(tmp_path):
    for student, number in (("amy", "1.5"), ("bob", "-2e-3")):
        entry = add_student(tmp_path, student, {"softmax": "no shift"}, notebook=False)
        verdict = next(v for v in entry["verdicts"] if v["exercise"] == "softmax")
        verdict |= {"mistake": None, "hint": None}
        verdict["message"] = (
            f"softmax returned {number}, expected {number} [called with x={number}]"
        )
        others = [v for v in entry["verdicts"] if v["exercise"] != "softmax"]
        add_student(tmp_path, student, notebook=False, verdicts=[*others, verdict])
    ((count, name, example),) = other_reasons(read_class(tmp_path, ASSIGNMENT))
    assert (count, name) == (2, "softmax") and example.startswith("softmax returned 1.5")


def test_report_says_what_an_instructor_asks(course):
    path = write_report(course, ASSIGNMENT)
    assert path == course / "reports" / f"{ASSIGNMENT}.html"
    text = Elements(path.read_text(encoding="utf-8")).text
    assert "3 graded, 1 could not be graded" in text
    assert "1 of 3 were graded without a sandbox" in text
    assert "2 (67 %)" in text and "no shift" in text
    assert "Slowest: bob (9.0 s)" in text
    assert "It is empty. <script>" in text


def test_figures_have_text_that_says_the_same(course):
    page = write_report(course, ASSIGNMENT).read_text(encoding="utf-8")
    pictures = [attributes for tag, attributes in Elements(page).elements if tag == "img"]
    assert len(pictures) == 3
    assert "3 scores from 17 to 20 of 20" in pictures[0]["alt"]
    assert "softmax, stable: 33 %" in pictures[1]["alt"]
    assert "longest 9.0 s" in pictures[2]["alt"]
    assert all(p["src"].startswith("data:image/png;base64,iVBOR") for p in pictures)


def test_report_runs_nothing_and_fetches_nothing(tmp_path):
    entry = add_student(tmp_path, "amy", reason=EVIL)
    entry["verdicts"][0] |= {"passed": False, "mistake": EVIL, "hint": EVIL}
    entry["verdicts"][1] |= {"passed": False, "mistake": None, "message": EVIL}
    add_student(tmp_path, "bob", notebook=False, verdicts=entry["verdicts"])
    add_student(tmp_path, "cy", notebook=False, status="ungradable", reason=EVIL)
    page = write_report(tmp_path, ASSIGNMENT).read_text(encoding="utf-8")
    found = Elements(page)
    assert found.text.count("<script>alert(1)</script>") == 4
    for tag, attributes in found.elements:
        assert tag not in {"script", "iframe", "object", "link", "form", "svg"}
        assert not [name for name in attributes if name.startswith("on")]
        assert attributes.get("src", "data:").startswith("data:image/png") or tag != "img"


def test_entry_that_cannot_be_read_is_listed(course):
    (course / "ledger" / ASSIGNMENT / "ed.json").write_text("{half")
    (course / "ledger" / ASSIGNMENT / "flo.json").write_text('{"verdicts": [{"exercise": 1}]}')
    add_student(course, "gus", seconds=float("nan"))
    text = Elements(write_report(course, ASSIGNMENT).read_text(encoding="utf-8")).text
    assert "3 graded, 4 could not be graded" in text and "is not JSON" in text


def test_class_without_a_graded_submission_has_a_report(tmp_path):
    add_student(tmp_path, "amy", notebook=False, status="ungradable", reason="It is empty.")
    assert "It is empty." in write_report(tmp_path, ASSIGNMENT).read_text(encoding="utf-8")
    with pytest.raises(FileNotFoundError, match="run autograde first"):
        write_report(tmp_path, "02-loss-landscapes")


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


def test_report_lists_candidates_as_candidates(tmp_path):
    for student in ("amy", "bob"):
        add_student(tmp_path, student, answers={"softmax-answer": program(1, lines=40)})
    add_student(tmp_path, "cy", answers={"softmax-answer": solved()["softmax-answer"]})
    page = write_report(tmp_path, ASSIGNMENT).read_text(encoding="utf-8")
    text = Elements(page).text
    assert "Candidates only: read both before you say anything." in text
    assert "amy, bob" in text and "cy, " not in text and MIN_SHARED > 1
