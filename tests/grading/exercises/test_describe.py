"""What an exercise can say: cases judged by values or by properties, mistakes shown by calls."""

import numpy as np
import pytest

from cs231n_utils.checking.channel import Recipe
from grading.exercises.describe import Case, Exercise, Mistake
from grading.judge.diagnosis import judge_here
from grading.judge.question import questions_of


def random_search_exercise():
    """A test exercise whose answer draws random numbers: judged by what it did with them."""
    exercise = Exercise("search", assignment="test", parts={"best": 1, "draws": 1})

    @exercise.solved_by
    def search(loss_fn, n_tries, rng):
        tries = [rng.standard_normal(3) for _ in range(n_tries)]
        losses = [loss_fn(w) for w in tries]
        return tries[int(np.argmin(losses))], min(losses)

    def best_of_what_was_tried(observations):
        (best, loss), usage = observations[0].value, observations[0].usage["0"]
        if usage["n_calls"] != 40:
            return f"search evaluated the loss {usage['n_calls']} times, expected 40."
        index = int(np.argmin(usage["values"]))
        right = np.isclose(loss, usage["values"][index])
        right = right and np.allclose(best, usage["points"][index])
        return None if right else "search did not return the best of what it tried."

    def independent(observations):
        points = observations[0].usage["0"]["points"]
        again = observations[1].usage["0"]["points"]
        if not np.array_equal(points, again):
            return "search gave different tries for the same rng: draw from rng alone."
        return None if 0.6 < points.std() < 1.6 else "search draws at the wrong scale."

    @exercise.examined_by
    def cases(rng):
        def call(seed):
            loss = Recipe("quadratic", center=np.ones(3), curvature=np.ones(3))
            return loss, 40, Recipe("rng", seed=seed)

        seed = int(rng.integers(2**32))
        yield Case("best", [call(seed)], answer=None, verify=best_of_what_was_tried)
        yield Case("draws", [call(seed), call(seed)], answer=None, verify=independent)

    @exercise.mistake(
        "a global seed",
        "Draw from rng, not from np.random.",
        shows=lambda cases: (
            not np.array_equal(cases[1][0].usage["0"]["points"], cases[1][1].usage["0"]["points"])
        ),
    )
    def _(loss_fn, n_tries, rng):
        return search(loss_fn, n_tries, np.random.default_rng())

    return exercise


def put(exercise, function, seed=0):
    return judge_here(exercise, function, np.random.default_rng(seed))


def test_random_answers_are_judged_by_properties_not_by_order_of_draws():
    exercise = random_search_exercise()

    def all_at_once(loss_fn, n_tries, rng):
        tries = rng.standard_normal((3, n_tries)).T
        losses = [loss_fn(w) for w in tries[::-1]][::-1]
        return tries[int(np.argmin(losses))], min(losses)

    assert put(exercise, exercise.reference).passed
    assert put(exercise, all_at_once).passed


def test_what_was_done_with_a_recorded_loss_is_judged():
    exercise = random_search_exercise()

    def last_try(loss_fn, n_tries, rng):
        for _ in range(n_tries):
            w = rng.standard_normal(3)
            loss = loss_fn(w)
        return w, loss

    def too_few(loss_fn, n_tries, rng):
        return exercise.reference(loss_fn, n_tries - 1, rng)

    assert put(exercise, last_try).parts == {"best": False, "draws": True}
    assert "39 times, expected 40" in put(exercise, too_few).message
    assert put(exercise, exercise.mistakes[0]).mistake == "a global seed"


def test_outcome_is_judged_on_data_that_only_the_oracle_has():
    exercise = Exercise("separate", assignment="test", parts={"outcome": 1})

    @exercise.solved_by
    def separate(X, y):
        return X[y == 1].mean(0) - X[y == 0].mean(0)

    def draw(rng, n):
        y = rng.integers(0, 2, n)
        return rng.standard_normal((n, 5)) + 3.0 * y[:, None] - 1.5, y

    @exercise.examined_by
    def cases(rng):
        held_out, labels = draw(rng, 200)

        def accurate(observations):
            hits = np.mean((held_out @ observations[0].value > 0) == labels)
            return None if hits > 0.9 else f"separate is right on {hits:.0%} of held-out points."

        yield Case("outcome", [draw(rng, 50)], answer=None, verify=accurate)

    assert put(exercise, separate).passed
    assert not put(exercise, lambda X, y: -separate(X, y)).passed
    assert not put(exercise, lambda X, y: "weights").passed


def test_exercise_keeps_what_its_decorators_are_put_on():
    exercise = random_search_exercise()
    assert exercise.reference.__name__ == "search" and exercise.points == 2
    assert [mistake.name for mistake in exercise.mistakes] == ["a global seed"]
    assert {case.part for case in exercise.cases(np.random.default_rng(0))} == {"best", "draws"}


def test_case_of_a_part_that_the_exercise_does_not_have_is_an_error():
    exercise = Exercise("double", assignment="test", parts={"value": 1})
    exercise.solved_by(lambda a: 2 * a)
    exercise.examined_by(lambda rng: [Case("worth", [(1.0,)])])
    with pytest.raises(ValueError, match="double has no part 'worth'"):
        list(questions_of(exercise, np.random.default_rng(0)))


def test_mistake_is_not_seen_in_observations_that_it_cannot_read():
    mistake = Mistake("first is 1", "Start at 0.", len, shows=lambda cases: cases[0][0] == 1)
    assert mistake.seen_in([[1]])
    assert not mistake.seen_in([[2]]) and not mistake.seen_in([])


def test_single_slip_is_told_by_what_shows_it_where_that_is_said():
    exercise = random_search_exercise()
    exercise.twisted_by({"one try": "Try again.", "no rng": "Use rng."}, {"one try": bool})(put)
    _, one_try, no_rng = exercise.mistakes
    assert one_try.shows is bool and no_rng.shows is None
    assert exercise.twisted[0].mistake("one try", "no rng").shows is None
