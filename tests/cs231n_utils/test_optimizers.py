"""The update rules against PyTorch step by step and against CS231n's published fixtures."""

import copy

import numpy as np
import pytest

from cs231n_utils.optimizers import (
    RULES,
    adagrad,
    adam,
    cosine_schedule,
    inverse_schedule,
    momentum,
    nesterov,
    rmsprop,
    sgd,
    step_schedule,
)
from grading.exercises import EXERCISES
from grading.exercises.optimizers.minimize_valley import minimize_valley
from grading.judge.diagnosis import judge_here

SHAPE = (4, 5)
N_STEPS = 60


def gradients(rng):
    """A gradient for every step: a bowl's, and noise, of very different sizes by weight."""
    sizes = 10.0 ** rng.uniform(-3, 2, SHAPE)
    return [sizes * rng.standard_normal(SHAPE) for _ in range(N_STEPS)]


def torch_path(make, w, dws, schedule=None):
    torch = pytest.importorskip("torch")
    weights = torch.tensor(w.copy(), dtype=torch.float64, requires_grad=True)
    optimizer = make(torch.optim)([weights])
    path = []
    for step, dw in enumerate(dws):
        if schedule:
            optimizer.param_groups[0]["lr"] = schedule(step)
        weights.grad = torch.tensor(dw)
        optimizer.step()
        path.append(weights.detach().numpy().copy())
    return np.array(path)


def own_path(rule, w, dws, config, schedule=None):
    path = []
    for step, dw in enumerate(dws):
        if schedule:
            config["learning_rate"] = schedule(step)
        w, config = rule(w, dw, config)
        path.append(w)
    return np.array(path)


PEERS = {
    "sgd": (sgd, {"learning_rate": 0.3}, lambda o: lambda p: o.SGD(p, lr=0.3)),
    "momentum": (
        momentum,
        {"learning_rate": 0.3, "momentum": 0.8},
        lambda o: lambda p: o.SGD(p, lr=0.3, momentum=0.8),
    ),
    "nesterov": (
        nesterov,
        {"learning_rate": 0.3, "momentum": 0.8},
        lambda o: lambda p: o.SGD(p, lr=0.3, momentum=0.8, nesterov=True),
    ),
    "adagrad": (
        adagrad,
        {"learning_rate": 0.3, "epsilon": 0.05},
        lambda o: lambda p: o.Adagrad(p, lr=0.3, eps=0.05),
    ),
    "rmsprop": (
        rmsprop,
        {"learning_rate": 0.3, "decay_rate": 0.95, "epsilon": 0.05},
        lambda o: lambda p: o.RMSprop(p, lr=0.3, alpha=0.95, eps=0.05),
    ),
    "adam": (
        adam,
        {"learning_rate": 0.3, "beta1": 0.8, "beta2": 0.97, "epsilon": 0.05},
        lambda o: lambda p: o.Adam(p, lr=0.3, betas=(0.8, 0.97), eps=0.05),
    ),
}


@pytest.mark.xdist_group("torch")
@pytest.mark.parametrize("name", PEERS)
def test_rule_agrees_with_pytorch_at_every_step(name):
    # Epsilon is large on purpose: it must be outside the root, as it is in both.
    rule, config, make = PEERS[name]
    rng = np.random.default_rng(0)
    w, dws = rng.standard_normal(SHAPE), gradients(rng)
    np.testing.assert_allclose(
        own_path(rule, w, dws, dict(config)), torch_path(make, w, dws), rtol=1e-11, atol=1e-11
    )


@pytest.mark.xdist_group("torch")
@pytest.mark.parametrize("name", ["adagrad", "rmsprop", "adam"])
def test_adaptive_rule_agrees_with_pytorch_under_a_falling_learning_rate(name):
    rule, config, make = PEERS[name]
    rng = np.random.default_rng(1)
    w, dws = rng.standard_normal(SHAPE), gradients(rng)

    def schedule(step):
        return 0.3 / (1 + step)

    mine = own_path(rule, w, dws, dict(config), schedule)
    np.testing.assert_allclose(mine, torch_path(make, w, dws, schedule), rtol=1e-11, atol=1e-11)


@pytest.mark.xdist_group("torch")
def test_momentum_keeps_the_learning_rate_in_its_velocity_unlike_pytorch():
    # CS231n: v = mu v - lr dw, w + v. PyTorch: b = mu b + dw, w - lr b. They part as soon as
    # the rate changes; CS231n's older steps keep the rate they were made with.
    rule, config, make = PEERS["momentum"]
    rng = np.random.default_rng(2)
    w, dws = rng.standard_normal(SHAPE), gradients(rng)
    rates = [0.3] * 10 + [0.03] * (N_STEPS - 10)
    mine = own_path(rule, w, dws, dict(config), rates.__getitem__)
    theirs = torch_path(make, w, dws, rates.__getitem__)
    np.testing.assert_allclose(mine[:10], theirs[:10], rtol=1e-11, atol=1e-11)
    assert not np.allclose(mine[10], theirs[10], rtol=1e-3)
    # The first step after the change, by hand: 0.8 v from the old rate, 0.03 dw from the new.
    velocity = -0.3 * sum(0.8 ** (9 - i) * dws[i] for i in range(10))
    np.testing.assert_allclose(mine[10] - mine[9], 0.8 * velocity - 0.03 * dws[10])


@pytest.mark.xdist_group("torch")
@pytest.mark.parametrize(
    ("rule", "own", "make"),
    [
        (adam, {}, lambda o: lambda p: o.Adam(p)),
        (sgd, {}, lambda o: lambda p: o.SGD(p, lr=1e-2)),
        (momentum, {}, lambda o: lambda p: o.SGD(p, lr=1e-2, momentum=0.9)),
        (nesterov, {}, lambda o: lambda p: o.SGD(p, lr=1e-2, momentum=0.9, nesterov=True)),
        (adagrad, {}, lambda o: lambda p: o.Adagrad(p, eps=1e-8)),  # PyTorch: 1e-10
        (rmsprop, {}, lambda o: lambda p: o.RMSprop(p)),
    ],
)
def test_defaults_are_cs231ns(rule, own, make):
    rng = np.random.default_rng(3)
    w, dws = rng.standard_normal(SHAPE), gradients(rng)[:10]
    np.testing.assert_allclose(own_path(rule, w, dws, own), torch_path(make, w, dws), rtol=1e-10)


# Inputs and expected values of CS231n assignment 2, FullyConnectedNets.ipynb.
FIXTURE_W = np.linspace(-0.4, 0.6, num=20).reshape(4, 5)
FIXTURE_DW = np.linspace(-0.6, 0.4, num=20).reshape(4, 5)
FIXTURES = {
    "momentum": (
        {"learning_rate": 1e-3, "velocity": np.linspace(0.6, 0.9, num=20).reshape(4, 5)},
        {
            "next_w": [
                [0.1406, 0.20738947, 0.27417895, 0.34096842, 0.40775789],
                [0.47454737, 0.54133684, 0.60812632, 0.67491579, 0.74170526],
                [0.80849474, 0.87528421, 0.94207368, 1.00886316, 1.07565263],
                [1.14244211, 1.20923158, 1.27602105, 1.34281053, 1.4096],
            ],
            "velocity": [
                [0.5406, 0.55475789, 0.56891579, 0.58307368, 0.59723158],
                [0.61138947, 0.62554737, 0.63970526, 0.65386316, 0.66802105],
                [0.68217895, 0.69633684, 0.71049474, 0.72465263, 0.73881053],
                [0.75296842, 0.76712632, 0.78128421, 0.79544211, 0.8096],
            ],
        },
    ),
    "rmsprop": (
        {"learning_rate": 1e-2, "cache": np.linspace(0.6, 0.9, num=20).reshape(4, 5)},
        {
            "next_w": [
                [-0.39223849, -0.34037513, -0.28849239, -0.23659121, -0.18467247],
                [-0.132737, -0.08078555, -0.02881884, 0.02316247, 0.07515774],
                [0.12716641, 0.17918792, 0.23122175, 0.28326742, 0.33532447],
                [0.38739248, 0.43947102, 0.49155973, 0.54365823, 0.59576619],
            ],
            "cache": [
                [0.5976, 0.6126277, 0.6277108, 0.64284931, 0.65804321],
                [0.67329252, 0.68859723, 0.70395734, 0.71937285, 0.73484377],
                [0.75037008, 0.7659518, 0.78158892, 0.79728144, 0.81302936],
                [0.82883269, 0.84469141, 0.86060554, 0.87657507, 0.8926],
            ],
        },
    ),
    "adam": (
        {
            "learning_rate": 1e-2,
            "m": np.linspace(0.6, 0.9, num=20).reshape(4, 5),
            "v": np.linspace(0.7, 0.5, num=20).reshape(4, 5),
            "t": 5,
        },
        {
            "next_w": [
                [-0.40094747, -0.34836187, -0.29577703, -0.24319299, -0.19060977],
                [-0.1380274, -0.08544591, -0.03286534, 0.01971428, 0.0722929],
                [0.1248705, 0.17744702, 0.23002243, 0.28259667, 0.33516969],
                [0.38774145, 0.44031188, 0.49288093, 0.54544852, 0.59801459],
            ],
            "m": [
                [0.48, 0.49947368, 0.51894737, 0.53842105, 0.55789474],
                [0.57736842, 0.59684211, 0.61631579, 0.63578947, 0.65526316],
                [0.67473684, 0.69421053, 0.71368421, 0.73315789, 0.75263158],
                [0.77210526, 0.79157895, 0.81105263, 0.83052632, 0.85],
            ],
            "v": [
                [0.69966, 0.68908382, 0.67851319, 0.66794809, 0.65738853],
                [0.64683452, 0.63628604, 0.6257431, 0.61520571, 0.60467385],
                [0.59414753, 0.58362676, 0.57311152, 0.56260183, 0.55209767],
                [0.54159906, 0.53110598, 0.52061845, 0.51013645, 0.49966],
            ],
        },
    ),
}


@pytest.mark.parametrize("source", ["library", "reference solution"])
@pytest.mark.parametrize("name", FIXTURES)
def test_published_fixture_of_cs231n(name, source):
    config, expected = FIXTURES[name]
    rule = RULES[name] if source == "library" else EXERCISES[name].reference
    next_w, config = rule(FIXTURE_W.copy(), FIXTURE_DW, copy.deepcopy(config))
    for key, values in expected.items():
        got = next_w if key == "next_w" else config[key]
        np.testing.assert_allclose(got, values, atol=5.1e-9, rtol=0)


@pytest.mark.parametrize("name", RULES)
def test_rule_leaves_weights_and_gradient_alone_and_keeps_float32(name):
    rng = np.random.default_rng(4)
    w, dw = rng.standard_normal((2, *SHAPE), dtype=np.float32)
    kept = w.copy(), dw.copy()
    config = None
    for _ in range(3):
        next_w, config = RULES[name](w, dw, config)
    assert np.array_equal(w, kept[0]) and np.array_equal(dw, kept[1])
    assert next_w.dtype == np.float32
    assert all(value.dtype == np.float32 for value in config.values() if np.ndim(value))


@pytest.mark.parametrize("name", RULES)
def test_reference_solution_and_library_walk_alike(name):
    rng = np.random.default_rng(5)
    w, dws = rng.standard_normal(SHAPE), gradients(rng)
    reference = own_path(EXERCISES[name].reference, w, dws, None)
    np.testing.assert_allclose(reference, own_path(RULES[name], w, dws, None), rtol=1e-13)


def test_nesterov_is_momentum_with_the_gradient_taken_ahead():
    curvature = np.array([1.0, 7.0])
    settings = {"learning_rate": 0.1, "momentum": 0.8}
    w, velocity = np.array([2.0, -1.0]), np.zeros(2)
    ahead, config = w.copy(), dict(settings)
    for _ in range(20):
        velocity = 0.8 * velocity - 0.1 * curvature * (w + 0.8 * velocity)
        w = w + velocity
        ahead, config = nesterov(ahead, curvature * ahead, config)
        np.testing.assert_allclose(ahead, w + 0.8 * velocity, rtol=1e-12)


def test_adam_does_not_notice_the_scale_of_the_loss():
    rng = np.random.default_rng(6)
    w, dws = rng.standard_normal(SHAPE), gradients(rng)
    one = own_path(adam, w, dws, {"epsilon": 0.0})
    large = own_path(adam, w, [1000 * dw for dw in dws], {"epsilon": 0.0})
    np.testing.assert_allclose(one, large, rtol=1e-12)


@pytest.mark.xdist_group("torch")
def test_cosine_schedule_agrees_with_pytorch():
    torch = pytest.importorskip("torch")
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.7)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=30, eta_min=0.05)
    for step in range(31):
        theirs = optimizer.param_groups[0]["lr"]
        assert cosine_schedule(step, 30, 0.7, 0.05) == pytest.approx(theirs, rel=1e-9)
        optimizer.step()
        scheduler.step()


def test_other_schedules_by_hand():
    assert [step_schedule(step, 2, 8.0, 0.5) for step in range(6)] == [8, 8, 4, 4, 2, 2]
    assert [inverse_schedule(step, 10, 6.0) for step in (0, 10, 20)] == [6, 3, 2]


# ------------------------------------------------------------ answers in a student's own style


def momentum_in_place(w, dw, config=None):
    if config is None:
        config = {}
    v = config.get("velocity", np.zeros_like(w))
    v *= config.setdefault("momentum", 0.9)
    v -= config.setdefault("learning_rate", 1e-2) * dw
    w += v
    config["velocity"] = v
    return w, config


def adam_in_float32(w, dw, config=None):
    config = {
        "learning_rate": 1e-3,
        "beta1": 0.9,
        "beta2": 0.999,
        "epsilon": 1e-8,
        **(config or {}),
    }
    t = config["t"] = config.get("t", 0) + 1
    b1, b2 = config["beta1"], config["beta2"]
    g = dw.astype(np.float32)
    config["m"] = np.float32(b1) * config.get("m", np.zeros(w.shape)) + np.float32(1 - b1) * g
    config["v"] = np.float32(b2) * config.get("v", np.zeros(w.shape)) + np.float32(1 - b2) * g * g
    rate = config["learning_rate"] * np.sqrt(1 - b2**t) / (1 - b1**t)
    epsilon = config["epsilon"] * np.sqrt(1 - b2**t)
    return (w - rate * config["m"] / (np.sqrt(config["v"]) + epsilon)).astype(w.dtype), config


def nesterov_looking_ahead(w, dw, config=None):
    config = dict(config or {})
    mu, rate = config.setdefault("momentum", 0.9), config.setdefault("learning_rate", 0.01)
    config["velocity"] = mu * config.get("velocity", 0 * w) - rate * dw
    return w + mu * config["velocity"] - rate * dw, config


def adagrad_one_by_one(w, dw, config=None):
    config = {"learning_rate": 1e-2, "epsilon": 1e-8} | (config or {})
    cache = np.array(config.get("cache", np.zeros(w.shape)))
    next_w = np.empty_like(w)
    for i in np.ndindex(w.shape):
        cache[i] += dw[i] * dw[i]
        divisor = cache[i] ** 0.5 + config["epsilon"]
        next_w[i] = w[i] - config["learning_rate"] * dw[i] / divisor
    return next_w, config | {"cache": cache}


def newton(loss_and_gradient, w0):
    _, at_start = loss_and_gradient(w0)
    columns = [loss_and_gradient(w0 + step)[1] - at_start for step in np.eye(2)]
    return w0 - np.linalg.solve(np.array(columns).T, at_start)


def conjugate_gradients(loss_and_gradient, w0):
    w, direction, last = w0.astype(np.float64), 0, None
    for _ in range(4):
        slope = loss_and_gradient(w)[1]
        if slope @ slope < 1e-20:
            break
        direction = -slope + (slope @ slope / (last @ last) if last is not None else 0) * direction
        curved = loss_and_gradient(w + direction)[1] - slope
        w, last = w - (slope @ direction) / (direction @ curved) * direction, slope
    return w


@pytest.mark.parametrize(
    ("function", "exercise"),
    [
        (momentum_in_place, "momentum"),
        (adam_in_float32, "adam"),
        (nesterov_looking_ahead, "nesterov"),
        (adagrad_one_by_one, "adagrad"),
        (newton, "minimize_valley"),
        (conjugate_gradients, "minimize_valley"),
    ],
)
@pytest.mark.parametrize("n_seeds", [10, pytest.param(50, marks=pytest.mark.slow)])
def test_correct_answers_in_other_forms_pass(function, exercise, n_seeds):
    for seed in range(n_seeds):
        verdict = judge_here(EXERCISES[exercise], function, np.random.default_rng(seed))
        assert verdict.passed, str(verdict)


def test_valley_refuses_a_guess_without_gradients():
    exercise = EXERCISES["minimize_valley"]
    verdict = judge_here(exercise, lambda f, w0: w0, np.random.default_rng(7))
    assert not verdict.passed and "asked for 0 gradients" in verdict.message


def test_valley_reference_needs_its_momentum():
    start = np.array([3.0, 0.5])
    end = minimize_valley(lambda w: (0.5 * (w[0] ** 2 + 100 * w[1] ** 2), w * [1, 100]), start)
    assert 0.5 * (end[0] ** 2 + 100 * end[1] ** 2) < 1e-10
    assert np.array_equal(start, [3.0, 0.5])
