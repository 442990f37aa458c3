"""Gradients and gradient checks, against PyTorch, SciPy and hand computations."""

import numpy as np
import pytest

from cs231n_utils.gradcheck import check_gradient, relative_error
from grading.exercises import EXERCISES
from grading.judge.diagnosis import judge_here

LOSSES = {
    "svm": EXERCISES["svm_loss_and_gradient"].reference,
    "softmax": EXERCISES["softmax_loss_and_gradient"].reference,
}


def batch(seed, n=12, d=7, c=5):
    rng = np.random.default_rng(seed)
    W, X = rng.standard_normal((d, c)), rng.standard_normal((n, d))
    return W, X, rng.integers(0, c, n)


@pytest.mark.xdist_group("torch")
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("reg", [0.0, 0.3])
def test_gradient_is_that_of_autograd(loss, reg):
    torch = pytest.importorskip("torch")
    for seed in range(5):
        W, X, y = batch(seed)
        value, gradient = LOSSES[loss](W, X, y, reg)
        weights = torch.tensor(W, requires_grad=True)
        scores, labels = torch.tensor(X) @ weights, torch.tensor(y)
        if loss == "svm":
            # PyTorch's loss is a mean over the classes too.
            data_loss = torch.nn.functional.multi_margin_loss(scores, labels) * W.shape[1]
        else:
            data_loss = torch.nn.functional.cross_entropy(scores, labels)
        expected = data_loss + reg * (weights**2).sum()
        expected.backward()
        assert np.isclose(value, expected.item(), rtol=1e-12)
        np.testing.assert_allclose(gradient, weights.grad.numpy(), rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("loss", LOSSES)
def test_gradient_passes_scipys_check_grad(loss):
    optimize = pytest.importorskip("scipy.optimize")
    W, X, y = batch(1)

    def f(flat):
        return LOSSES[loss](flat.reshape(W.shape), X, y, 0.3)[0]

    def gradient(flat):
        return LOSSES[loss](flat.reshape(W.shape), X, y, 0.3)[1].ravel()

    assert optimize.check_grad(f, gradient, W.ravel(), epsilon=1e-7) < 1e-5


def test_loops_and_matrices_give_one_hinge_gradient():
    for seed in range(5):
        arguments = (*batch(seed), 0.3)
        expected = EXERCISES["svm_gradient_naive"].reference(*arguments)
        np.testing.assert_allclose(
            EXERCISES["svm_loss_and_gradient"].reference(*arguments)[1], expected
        )


@pytest.mark.xdist_group("torch")
@pytest.mark.slow
def test_softmax_jacobian_is_that_of_jacrev():
    torch = pytest.importorskip("torch")
    scores = torch.tensor(np.random.default_rng(0).standard_normal(6))
    p = torch.softmax(scores, 0).numpy()
    expected = torch.func.jacrev(lambda s: torch.softmax(s, 0))(scores).numpy()
    np.testing.assert_allclose(EXERCISES["softmax_jacobian"].reference(p), expected, atol=1e-14)
    v = np.random.default_rng(1).standard_normal(6)
    np.testing.assert_allclose(EXERCISES["softmax_vjp"].reference(p, v), v @ expected, atol=1e-14)


def penalty_gradient(W, kind, strength, l1_ratio):
    l1, l2 = np.sign(W), 2 * W
    mixed = l1_ratio * l1 + (1 - l1_ratio) * l2
    return strength * {"l1": l1, "l2": l2, "elastic_net": mixed}[kind]


def penalized(loss, X, y, kind, strength=0.3, l1_ratio=0.4):
    """A loss with any penalty, and its gradient, as functions of W."""

    def f(W):
        penalty = EXERCISES["regularization"].reference(W, kind, strength, l1_ratio)
        return LOSSES[loss](W, X, y, 0.0)[0] + penalty

    def gradient(W):
        return LOSSES[loss](W, X, y, 0.0)[1] + penalty_gradient(W, kind, strength, l1_ratio)

    return f, gradient


@pytest.mark.parametrize("kind", ["l1", "l2", "elastic_net"])
@pytest.mark.parametrize("loss", LOSSES)
def test_analytic_and_numeric_gradient_agree_away_from_kinks(loss, kind):
    for seed in range(5):
        W, X, y = batch(seed)
        f, gradient = penalized(loss, X, y, kind)
        report = check_gradient(f, gradient(W), W)
        assert report.worst <= 1e-7 and len(report.coordinates) == W.size, str(report)
        assert not any(found.kink for found in report.coordinates)


@pytest.mark.parametrize("subgradient", [-1.0, -0.9, -0.2, 0.0, 0.5, 1.0])
def test_any_subgradient_is_accepted_at_a_kink(subgradient):
    W, X, y = batch(3)
    W[::2, ::2] = 0.0
    f, gradient = penalized("softmax", X, y, "l1")
    claimed = gradient(W) + 0.3 * subgradient * (W == 0)
    report = check_gradient(f, claimed, W)
    assert report.passed, str(report)
    rng = np.random.default_rng(0)
    assert EXERCISES["gradient_check"].reference(f, lambda _: claimed, W, W.size, rng) < 1e-7


@pytest.mark.parametrize("outside", [-1.1, 1.001, 4.0])
def test_a_value_outside_the_slopes_of_a_kink_is_rejected(outside):
    W, X, y = batch(3)
    W[2, 1] = 0.0
    f, gradient = penalized("softmax", X, y, "l1")
    claimed = gradient(W) + 0.3 * outside * (W == 0)
    report = check_gradient(f, claimed, W)
    assert not report.passed and report.coordinates[0].index == (2, 1)
    assert report.coordinates[0].kink and "outside" in report.coordinates[0].verdict


def gradients_of_a_mistake(exercise, mistake):
    """A batch with zeros in W, the loss there, the right gradient and the mistake's."""
    W, X, y = batch(4)
    W[1:3, 1:3] = 0.0
    loss = LOSSES["softmax" if exercise is EXERCISES["softmax_loss_and_gradient"] else "svm"]
    claimed = mistake(W, X, y, 0.3)
    if isinstance(claimed, tuple):
        claimed = claimed[1]
    return W, lambda W: loss(W, X, y, 0.3)[0], loss(W, X, y, 0.3)[1], claimed


def is_in_the_gradient(exercise, mistake):
    """Some mistakes are in the loss, or in how much work it is, or end in an error."""
    try:
        *_, right, claimed = gradients_of_a_mistake(exercise, mistake)
    except (TypeError, ValueError):
        return False
    return np.shape(claimed) != right.shape or not np.allclose(claimed, right)


WRONG = [
    pytest.param(exercise, mistake, id=f"{exercise.id}-{mistake.name.replace(' ', '_')}")
    for exercise in (
        EXERCISES["svm_gradient_naive"],
        EXERCISES["svm_loss_and_gradient"],
        EXERCISES["softmax_loss_and_gradient"],
    )
    for mistake in exercise.mistakes
    if is_in_the_gradient(exercise, mistake)
]


@pytest.mark.parametrize(("exercise", "mistake"), WRONG)
def test_known_wrong_gradients_are_rejected_even_among_kinks(exercise, mistake):
    W, loss, right, claimed = gradients_of_a_mistake(exercise, mistake)

    def f(W):
        return loss(W) + 0.1 * np.abs(W).sum()

    assert check_gradient(f, right + 0.1 * np.sign(W), W).passed
    if np.shape(claimed) != W.shape:
        with pytest.raises(ValueError, match="the shape of x"):
            check_gradient(f, claimed, W)
    else:
        assert not check_gradient(f, claimed + 0.1 * np.sign(W), W).passed


@pytest.mark.parametrize("distance", [0.0, 1e-9, 3e-7, 6e-7, 3e-6, 9e-6])
def test_a_kink_within_reach_of_the_step_is_no_error(distance):
    x = np.array([0.5, distance])

    def f(x):
        return np.sum(x**2) + np.abs(x[1])

    assert check_gradient(f, 2 * x + np.array([0.0, 1.0]), x).passed
    assert not check_gradient(f, 2 * x + np.array([0.0, 1.2]), x).passed
    assert not check_gradient(f, 2 * x + np.array([0.01, 1.0]), x).passed


def test_curvature_does_not_excuse_a_wrong_gradient():
    """The one-sided slopes lie far apart, but they come closer with a smaller step."""
    x = np.array([1e-3])
    report = check_gradient(lambda x: 1e4 * np.sum(x**2), np.array([20.05]), x)
    low, high = sorted((report.coordinates[0].left, report.coordinates[0].right))
    assert low < 20.05 < high
    assert not report.passed and not report.coordinates[0].kink


def test_one_wrong_coordinate_is_found_and_named():
    W, X, y = batch(5)
    gradient = EXERCISES["softmax_loss_and_gradient"].reference(W, X, y, 0.0)[1]
    gradient[4, 2] *= 1.5
    report = check_gradient(lambda W: LOSSES["softmax"](W, X, y, 0.0)[0], gradient, W)
    assert report.coordinates[0].index == (4, 2)
    assert report.coordinates[0].verdict == "WRONG"
    assert report.coordinates[1].verdict == "agrees"
    assert report.worst == pytest.approx(0.2, abs=1e-6)  # 0.5 / 2.5
    assert f"FAILED at 1 of {gradient.size} coordinates" in str(report)
    assert "[4, 2]" in str(report).splitlines()[2]


def test_a_gradient_below_rounding_is_not_called_wrong():
    x = np.array([0.3, 0.2])
    report = check_gradient(lambda x: 1e6 + np.sin(x[0]), np.array([np.cos(0.3), 0.0]), x)
    assert report.passed, str(report)


def test_sparse_check_draws_distinct_coordinates_and_leaves_x_alone():
    points = []
    x = np.random.default_rng(0).standard_normal((9, 8))
    before = x.copy()

    def f(x):
        points.append(x.copy())
        return np.sum(x**3)

    def coordinates(seed):
        rng = np.random.default_rng(seed)
        return {
            found.index
            for found in check_gradient(f, 3 * x**2, x, n_checks=10, rng=rng).coordinates
        }

    first = coordinates(0)
    assert len(points) == 1 + 2 * 10
    assert all(np.count_nonzero(point != x) <= 1 for point in points)
    assert np.array_equal(x, before)
    assert len(first) == 10 and first == coordinates(0) != coordinates(1)


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        ({"x": np.ones(3, np.float32)}, TypeError, "x of dtype float32, expected a float64 array"),
        ({"x": [1.0, 2.0, 3.0]}, TypeError, "x of type list, expected a float64 array"),
        (
            {"gradient": np.ones(4)},
            ValueError,
            r"gradient of shape \(4,\), expected \(3,\)",
        ),
        ({"n_checks": 2}, TypeError, "n_checks without rng"),
        ({"n_checks": 0, "rng": np.random.default_rng(0)}, ValueError, "got 0 of 3 coordinates"),
    ],
)
def test_what_cannot_be_checked_is_refused_with_a_sentence(change, error, sentence):
    arguments = {"f": np.sum, "gradient": np.ones(3), "x": np.ones(3)} | change
    with pytest.raises(error, match=sentence):
        check_gradient(**arguments)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (2.0, 1.0, 1 / 3),
        (np.array([3.0, -1.0]), np.array([3.0, 1.0]), 1.0),
        (np.zeros(3), np.zeros(3), 0.0),
        (1e-9, 0.0, 0.1),
        (np.array([1e6, 1.0]), np.array([1e6 + 1, 3.0]), 0.5),
    ],
)
def test_relative_error_by_hand(a, b, expected):
    assert relative_error(a, b) == pytest.approx(expected)
    assert EXERCISES["relative_error"].reference(a, b) == pytest.approx(expected)


def hinge_over_classes(W, X, y, reg):
    scores, dW, loss = X @ W, 2 * reg * W, reg * np.linalg.norm(W) ** 2
    correct = scores[range(len(y)), y]
    for j in range(W.shape[1]):
        margins = np.where(y == j, 0, scores[:, j] - correct + 1)
        inside = margins > 0
        loss += margins[inside].sum() / len(y)
        dW[:, j] += X[inside].sum(axis=0) / len(y)
        for label in range(W.shape[1]):
            dW[:, label] -= X[inside & (y == label)].sum(axis=0) / len(y)
    return loss, dW


def softmax_in_float32(W, X, y, reg):
    W, X = W.astype(np.float32), X.astype(np.float32)
    scores = X @ W
    scores -= scores.max(1, keepdims=True)
    log_p = scores - np.log(np.exp(scores).sum(1, keepdims=True))
    truth = np.eye(W.shape[1], dtype=np.float32)[y]
    gradient = np.einsum("nd,nc->dc", X, np.exp(log_p) - truth) / len(y) + 2 * reg * W
    return [-(log_p * truth).sum() / len(y) + reg * (W**2).sum(), gradient]


def vjp_with_a_loop(p, v):
    weighted = sum(a * b for a, b in zip(p, v, strict=True))
    return np.array([a * (b - weighted) for a, b in zip(p, v, strict=True)], dtype=np.float32)


def paths_forward(edges, source, target):
    import functools

    @functools.cache
    def slope(node):
        if node == source:
            return 1.0
        return sum(d * slope(start) for (start, end), d in edges.items() if end == node)

    return np.float64(slope(target))


def check_in_place(f, grad, x, n_checks, rng, h=1e-5):
    analytic, errors = grad(x), [0.0]
    for flat in rng.permutation(x.size)[:n_checks]:
        index = np.unravel_index(flat, x.shape)
        old = x[index]
        values = []
        for new in (old - h, old, old + h):
            x[index] = new
            values.append(f(x))
        x[index] = old
        left, right = (values[1] - values[0]) / h, (values[2] - values[1]) / h
        if min(left, right) <= analytic[index] <= max(left, right):
            continue
        errors.append(EXERCISES["relative_error"].reference(analytic[index], (left + right) / 2))
    return np.max(errors)


def bugs_by_elimination(candidates, f, x, rng):
    suspects = set(candidates)
    for name in candidates:
        if (
            EXERCISES["gradient_check"].reference(f, candidates[name], x, x.size, rng, h=1e-6)
            < 1e-4
        ):
            suspects.remove(name)
    return suspects


@pytest.mark.parametrize(
    ("exercise", "function"),
    [
        (EXERCISES["svm_loss_and_gradient"], hinge_over_classes),
        (EXERCISES["svm_gradient_naive"], lambda *a: hinge_over_classes(*a)[1].astype(np.float32)),
        (EXERCISES["softmax_loss_and_gradient"], softmax_in_float32),
        (EXERCISES["softmax_jacobian"], lambda p: np.eye(len(p)) * p - p[:, None] * p),
        (EXERCISES["softmax_vjp"], vjp_with_a_loop),
        (EXERCISES["softmax_vjp"], lambda p, v: p * v - p * (p @ v)),
        (EXERCISES["chain_rule_paths"], paths_forward),
        (EXERCISES["gradient_check"], check_in_place),
        (EXERCISES["find_the_bug"], bugs_by_elimination),
    ],
)
@pytest.mark.parametrize("n_seeds", [10, pytest.param(30, marks=pytest.mark.slow)])
def test_right_answers_in_other_forms_pass(exercise, function, n_seeds):
    for seed in range(n_seeds):
        verdict = judge_here(exercise, function, np.random.default_rng(seed))
        assert verdict.passed, (seed, str(verdict))


def jacobian_of_plain_arrays(p, v):
    p = np.asarray(p, dtype=np.float32).view(np.ndarray)
    return v @ (np.diag(p) - np.outer(p, p))


def jacobian_in_lists(p, v):
    rows = [[a * ((i == j) - b) for j, b in enumerate(p)] for i, a in enumerate(p)]
    return np.array([sum(a * b for a, b in zip(v, row, strict=True)) for row in np.array(rows).T])


def test_print_is_not_taken_for_a_jacobian():
    def softmax_vjp(p, v):
        print(p, v)
        return EXERCISES["softmax_vjp"].reference(p, v)

    assert judge_here(EXERCISES["softmax_vjp"], softmax_vjp, np.random.default_rng(0)).passed


@pytest.mark.parametrize(
    "function",
    [jacobian_of_plain_arrays, pytest.param(jacobian_in_lists, marks=pytest.mark.slow)],
)
def test_a_jacobian_formed_in_any_way_is_noticed(function):
    verdict = judge_here(EXERCISES["softmax_vjp"], function, np.random.default_rng(0))
    assert verdict.parts == {"value": True, "no Jacobian": False}
    assert "it forms the Jacobian" in verdict.message
