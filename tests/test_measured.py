"""Percentages in prose: each is in `docs/measured.toml`, once, and all who quote it agree."""

import re
import tomllib
from functools import cache

import pytest

from cs231n_utils.ladder import RUNGS
from grading.handout.release import PROJECT, assignments
from tests.support.prose import prose_of
from tests.test_predictions import questions

TABLE = tomllib.loads((PROJECT / "docs" / "measured.toml").read_text(encoding="utf-8"))
MEASURED = TABLE["measured"]
UNMEASURED = TABLE["unmeasured"]
DOCUMENTS = ["README.md", *assignments()]

prose = cache(prose_of)


def quotes(figure):
    return [way.format(*figure["values"]) for way in figure.get("said", ())]


def contradictions(assignment, printed):
    """Figures of the table that the output of a notebook, on CIFAR-10, does not bear out."""
    for figure in MEASURED:
        if figure["run"] != assignment or "printed" not in figure:
            continue
        found = list(re.finditer(figure["printed"], printed, re.MULTILINE))
        if not found:
            yield f"{figure['what']}: not printed"
        for match in found:
            got = [float(group.replace(",", "")) for group in match.groups()]
            limits = zip(got, bounds(figure), strict=True)
            if not all(low <= value <= high for value, (low, high) in limits):
                yield f"{figure['what']}: got {got}, the table has {figure['values']}"


def bounds(figure):
    """The lowest and the highest that each figure of a run may be."""
    numbers = [float(value) for value in figure["values"]]
    if figure.get("band"):
        return list(zip(numbers[::2], numbers[1::2], strict=True))
    return [
        (number - margin, number + margin)
        for number, text in zip(numbers, figure["values"], strict=True)
        for margin in [figure.get("within", 0.51 * 10.0 ** -len(text.partition(".")[2]))]
    ]


def test_figure_has_a_source():
    for figure in MEASURED:
        run = figure["run"]
        assert (
            run in assignments()
            or not run.endswith(".py")
            or (PROJECT / "benchmarks" / run).is_file()
        )
        assert "printed" not in figure or run in assignments()


def test_contradiction_is_found():
    printed = "truck 1,000 10.0%\nlowest 6.2%, highest {}%"
    assert not list(contradictions("00-start-here", printed.format("16.8")))
    (said,) = contradictions("00-start-here", printed.format("21.0"))
    assert "luckiest of 200" in said and "21.0" in said
    assert len(list(contradictions("00-start-here", "nothing"))) == 2


@pytest.mark.parametrize("document", DOCUMENTS)
def test_percentage_in_prose_is_in_the_table(document):
    text = prose(document)
    known = [*UNMEASURED.get(document, ())]
    known += [quote for figure in MEASURED for quote in quotes(figure)]
    covered = {
        place
        for quote in known
        if quote in text
        for match in re.finditer(rf"(?<![\d.,]){re.escape(quote)}", text)
        for place in range(*match.span())
    }
    missing = [
        text[max(0, match.start() - 50) : match.end() + 20]
        for match in re.finditer(r"\d %", text)
        if match.start() not in covered
    ]
    assert not missing, f"docs/measured.toml has no figure for: {missing}"


def test_table_holds_nothing_that_nobody_says():
    everything = "\n".join(map(prose, DOCUMENTS))
    for figure in MEASURED:
        assert figure.get("said") or "prediction" in figure or "rung" in figure, figure["what"]
        assert all(quote in everything for quote in quotes(figure)), [
            quote for quote in quotes(figure) if quote not in everything
        ]
    for document, phrases in UNMEASURED.items():
        assert all(phrase in prose(document) for phrase in phrases), [
            phrase for phrase in phrases if phrase not in prose(document)
        ]


def test_rungs_of_the_ladder_are_those_of_the_table():
    bands = {
        figure["rung"]: (float(figure["values"][0]), float(figure["values"][-1]))
        for figure in MEASURED
        if "rung" in figure
    }
    drawn = {rung.name: (100 * rung.low, 100 * rung.high) for rung in RUNGS}
    assert bands.keys() == drawn.keys()
    assert all(band == pytest.approx(drawn[name]) for name, band in bands.items())


def test_right_answers_of_predictions_are_those_of_the_table():
    asked = {question.name: question for name in assignments() for _, question in questions(name)}
    for figure in MEASURED:
        if "prediction" in figure:
            question = asked[figure["prediction"]]
            assert question.right == float(figure["values"][0]), question.name
