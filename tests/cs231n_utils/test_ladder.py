"""The ladder: accuracies on their rungs, what is kept of them, and what is refused."""

from itertools import combinations, pairwise

import matplotlib.pyplot as plt
import pytest

from cs231n_utils import data
from cs231n_utils.ladder import RUNGS, ladder
from cs231n_utils.selfstudy import progress_file
from tests.support.sentences import is_one_sentence


@pytest.fixture(autouse=True)
def _agg():
    plt.switch_backend("agg")
    yield
    plt.close("all")


def reached_points(fig):
    """Rung name to the drawn value in percent, from the markers at the ends of the lines."""
    ax = fig.axes[0]
    rows = dict(zip(ax.get_yticks(), (t.get_text() for t in ax.get_yticklabels()), strict=True))
    markers = [line for line in ax.lines if line.get_marker() == "D" and len(line.get_xdata())]
    return {rows[int(m.get_ydata()[0])]: float(m.get_xdata()[0]) for m in markers}


def test_ladder_draws_each_reached_accuracy_on_its_rung():
    fig = ladder({"random search": 0.152, "chance": 0.104})
    assert reached_points(fig) == pytest.approx({"random search": 15.2, "chance": 10.4})
    written = [text.get_text() for text in fig.axes[0].texts]
    assert "you: 15.2 %" in written and "you: 10.4 %" in written


def test_an_empty_ladder_shows_every_rung_from_chance_to_state_of_the_art():
    fig = ladder({})
    labels = [label.get_text() for label in fig.axes[0].get_yticklabels()]
    assert reached_points(fig) == {}
    assert "you" not in [text.get_text() for text in fig.legends[0].get_texts()]
    assert labels[0] == "chance" and labels[-1] == "state of the art (lecture)"
    assert labels == [rung.name for rung in RUNGS]
    assert all(a.high < b.low for a, b in pairwise(RUNGS))


def test_other_methods_get_rungs_of_their_own_by_height():
    fig = ladder({"chance": 0.1}, also={"a network": 0.3})
    labels = [label.get_text() for label in fig.axes[0].get_yticklabels()]
    assert labels.index("a network") == labels.index("random local search") + 1
    assert labels.index("a network") == labels.index("linear classifier") - 1
    assert reached_points(fig) == pytest.approx({"chance": 10, "a network": 30})


@pytest.mark.parametrize("share", [-0.5, 0.0, 0.5, 1.0])
def test_no_two_texts_of_a_ladder_overlap(share):
    reached = {rung.name: rung.low + share * (rung.high - rung.low) for rung in RUNGS}
    for fig in (ladder({}), ladder(reached, also={"a network": 0.53, "a ConvNet": 0.668})):
        fig.draw_without_rendering()
        ax = fig.axes[0]
        boxes = [text.get_window_extent() for text in ax.texts]
        boxes.append(fig.legends[0].get_window_extent())
        assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))
        assert all(fig.bbox.x0 <= box.x0 and box.x1 <= fig.bbox.x1 for box in boxes)


def test_ladder_refuses_an_unknown_rung_and_lists_the_known_ones():
    with pytest.raises(ValueError, match="got a rung 'random serach'") as error:
        ladder({"random serach": 0.15})
    assert is_one_sentence(str(error.value))
    assert all(rung.name in str(error.value) for rung in RUNGS)


@pytest.mark.parametrize("accuracy", [15.2, -0.1, float("nan")])
def test_ladder_refuses_an_accuracy_that_is_not_a_fraction(accuracy):
    with pytest.raises(ValueError, match="fraction") as error:
        ladder({"random search": accuracy})
    assert is_one_sentence(str(error.value))


def test_ladder_keeps_the_best_of_each_rung_but_the_first_of_chance_and_stand_in_apart(monkeypatch):
    for source, accuracy in (("official", 0.38), ("local", 0.40), ("stand-in", 0.99)):
        monkeypatch.setattr(data, "_current_source", source)
        plt.close(ladder({"linear classifier": accuracy, "chance": accuracy / 4}))
    assert progress_file.read().ladder == {
        "CIFAR-10": {"linear classifier": 0.40, "chance": 0.095},
        "stand-in": {"linear classifier": 0.99, "chance": 0.2475},
    }


def test_ladder_keeps_nothing_where_no_data_were_loaded(monkeypatch, progress_path):
    monkeypatch.setattr(data, "_current_source", None)
    plt.close(ladder({"chance": 0.1}))
    assert not progress_path.exists()
