"""Reach the bottom of a long valley within a hundred gradients."""

import numpy as np

from cs231n_utils.checking.channel import Recipe

from ..compare import kind_of
from ..describe import Case, Exercise
from ..draws import every_call
from .adam import adam
from .momentum import momentum
from .sgd import sgd

MOST_GRADIENTS = 100

TARGET = 1e-6

CURVATURES = (1.0, 100.0)

START = (4.0, 0.8)
"""How far the start lies from the bottom along the valley and across: always as far, so that
rules that do not care how the valley is turned get the same verdict in every examination."""

exercise = Exercise(
    "minimize_valley",
    assignment="07-optimizers",
    parts={"below 1e-6": 3},
    hints=(
        "Plain descent is limited by the steep direction (curvature 100) and creeps along the "
        "flat one (curvature 1). Which of your update rules builds up speed along the valley?",
        "Use momentum: call loss_and_gradient once per step, 100 steps at most, and pass the "
        "config that momentum returns to the next step.",
        "Start from {'learning_rate': ..., 'momentum': ...}. Curvature 100 allows a learning rate "
        "below 2 (1 + momentum) / 100; with a momentum of 0.9 you still swing after 100 steps. "
        "Try 0.6 to 0.8, and a learning rate near 0.03.",
    ),
)


@exercise.solved_by
def minimize_valley(loss_and_gradient, w0):
    w, config = w0.copy(), {"learning_rate": 0.03, "momentum": 0.7}
    for _ in range(100):
        _, gradient = loss_and_gradient(w)
        w, config = momentum(w, gradient, config)
    return w


exercise.as_right(
    "The start may be changed, and is not, as momentum makes a new array.",
    "w, config = (w0, {'learning_rate': 0.03, 'momentum': 0.7})",
)
exercise.as_right(
    "The bottom is reached before the last gradient.",
    "for _ in range(1, 100):",
    "for _ in range(99):",
)


@exercise.examined_by
def cases(rng):
    for _ in range(2):
        angle = float(rng.uniform(0.2, 0.6)) + float(rng.integers(4)) * np.pi / 2
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        hessian = turn @ np.diag(CURVATURES) @ turn.T
        center = rng.uniform(-3.0, 3.0, 2)
        w0 = center + turn @ (rng.choice([-1.0, 1.0], 2) * START)
        yield Case(
            "below 1e-6",
            [(Recipe("valley", center=center, hessian=hessian), w0)],
            answer=None,
            verify=_reason,
            keeps_arguments=False,
        )


def _reason(observations):
    (call,) = observations
    if not isinstance(call.value, np.ndarray | list | tuple) or np.shape(call.value) != (2,):
        return (
            f"minimize_valley returned {kind_of(call.value)}, expected weights, an array of shape "
            "(2,)."
        )
    asked, reached = call.usage["0"]["n_calls"], _height(call, call.value)
    if asked < 2:
        return f"minimize_valley asked for {asked} gradients: call loss_and_gradient(w) in a loop."
    if asked > MOST_GRADIENTS:
        return f"minimize_valley asked for {asked} gradients, expected at most {MOST_GRADIENTS}."
    if reached < TARGET:
        return None
    return (
        f"minimize_valley reached a loss of {reached:.3g} with {asked} gradients, expected less "
        f"than {TARGET:g} with at most {MOST_GRADIENTS}."
    )


def _height(call, w):
    ingredients = call.arguments[0].ingredients
    offset = np.asarray(w, dtype=float) - ingredients["center"]
    with np.errstate(all="ignore"):
        return float(0.5 * offset @ ingredients["hessian"] @ offset)


def _walk(call):
    """The steps of a run, and the gradients that each started from; asking twice is no step."""
    ingredients = call.arguments[0].ingredients
    asked = np.vstack([call.usage["0"]["points"], call.value])
    points = asked[np.append(True, np.any(np.diff(asked, axis=0) != 0, axis=1))]
    gradients = (points - ingredients["center"]) @ ingredients["hessian"]
    return np.diff(points, axis=0), gradients[:-1]


def _climbed(call):
    return not _height(call, call.value) < _height(call, call.arguments[1])


def _equal_first_step(call):
    """Adaptive rules move all weights alike at first; the loss tells them from a plain step."""
    first = np.abs(_walk(call)[0][0])
    return np.isclose(first[0], first[1], rtol=1e-3)


def _follows_the_gradient(call):
    steps, gradients = _walk(call)
    long = np.linalg.norm(steps, axis=1) > 1e-9
    crossed = steps[:, 0] * gradients[:, 1] - steps[:, 1] * gradients[:, 0]
    lengths = np.linalg.norm(steps, axis=1) * np.linalg.norm(gradients, axis=1)
    return long.any() and np.all(np.abs(crossed[long]) < 1e-3 * lengths[long])


def _rate_for_each_axis(call):
    steps, gradients = _walk(call)
    rates = -steps[:5] / gradients[:5]
    alike = np.isclose(*rates[0], rtol=1e-3)
    return len(rates) > 1 and np.allclose(rates, rates[0], rtol=1e-4) and not alike


def _asks_twice(call):
    """A run that spends its gradients on half as many points."""
    n_calls, n_steps = call.usage["0"]["n_calls"], len(_walk(call)[0])
    return n_calls >= MOST_GRADIENTS - 2 and 2 * n_steps <= n_calls


def _fitted_momentum(call):
    """Momentum and learning rate of a run by `momentum` or `nesterov`; an error if by neither."""
    steps, gradients = _walk(call)
    causes = np.stack([steps[:-1], -gradients[1:], gradients[:-1]], axis=-1).reshape(-1, 3)
    target = steps[1:].ravel()
    (mu, now, before), *_ = np.linalg.lstsq(causes, target, rcond=None)
    if not np.allclose(causes @ (mu, now, before), target, atol=1e-4 * np.abs(target).max()):
        raise ValueError("neither momentum nor nesterov")
    return mu, now - before


def _short_of_the_goal(call):
    """A run by `momentum` or `nesterov` that misses the goal with gradients to spare."""
    missed = _height(call, call.value) >= TARGET
    spared = call.usage["0"]["n_calls"] < MOST_GRADIENTS
    return not missed or (spared and _fitted_momentum(call)[0] > 0)


@exercise.mistake(
    "more than 100 gradients",
    "Each call of loss_and_gradient counts: use the gradient of one call for one step, and make "
    "100 steps at most.",
    shows=every_call(lambda call: call.usage["0"]["n_calls"] > MOST_GRADIENTS),
)
def goes_on(loss_and_gradient, w0):
    w, config = w0, {"learning_rate": 0.02, "momentum": 0.7}
    for _ in range(300):
        w, config = momentum(w, loss_and_gradient(w)[1], config)
    return w


@exercise.mistake(
    "returns the start",
    "Return the weights of the last step; yours are the ones that came in.",
    shows=every_call(lambda call: np.array_equal(call.value, call.arguments[1])),
)
def returns_the_start(loss_and_gradient, w0):
    w, config = w0, {"learning_rate": 0.02, "momentum": 0.7}
    for _ in range(100):
        w, config = momentum(w, loss_and_gradient(w)[1], config)
    return w0


@exercise.mistake(
    "a rate for each axis",
    "You take one learning rate for x and another for y, but the valley lies askew: both its "
    "directions mix x and y. Take one learning rate, and momentum.",
    shows=every_call(_rate_for_each_axis),
)
def takes_two_rates(loss_and_gradient, w0):
    w = w0
    for _ in range(100):
        w = w - np.array([0.5, 0.01]) * loss_and_gradient(w)[1]
    return w


@exercise.mistake(
    "diverges",
    "The loss grew: across the valley (curvature 100) the steps overshoot by more each time. "
    "Lower the learning rate below 2 (1 + momentum) / 100. Or the config is not passed on from "
    "step to step: then it is plain descent, which overshoots above 0.02.",
    shows=every_call(lambda call: call.usage["0"]["n_calls"] > 1 and _climbed(call)),
)
def diverges(loss_and_gradient, w0):
    w, config = w0, {"learning_rate": 0.05}
    for _ in range(100):
        w, config = sgd(w, loss_and_gradient(w)[1], config)
    return w


@exercise.mistake(
    "adaptive rule",
    "Your first step is equally long in every weight, as with Adagrad, RMSProp or Adam. They scale "
    "each weight apart, which does not help in a valley that lies askew: try momentum.",
    shows=every_call(_equal_first_step),
)
def takes_adam(loss_and_gradient, w0):
    w, config = w0, {"learning_rate": 0.1}
    for _ in range(100):
        w, config = adam(w, loss_and_gradient(w)[1], config)
    return w


@exercise.mistake(
    "plain gradient descent",
    "Every step goes straight against the gradient, so along the valley at most 2 % of the way "
    "is made each time. Use momentum, and pass its config on from step to step.",
    shows=every_call(_follows_the_gradient),
)
def takes_sgd(loss_and_gradient, w0):
    w, config = w0, {"learning_rate": 0.0198}
    for _ in range(100):
        w, config = sgd(w, loss_and_gradient(w)[1], config)
    return w


@exercise.mistake(
    "asks twice at each point",
    "Loss and gradient come from one call: loss, gradient = loss_and_gradient(w). Yours asks twice "
    "at each point, so that 100 gradients are enough for 50 steps only.",
    shows=every_call(_asks_twice),
)
def asks_twice(loss_and_gradient, w0):
    w, config = w0, {"learning_rate": 0.02, "momentum": 0.8}
    for _ in range(50):
        if loss_and_gradient(w)[0] > TARGET:
            w, config = momentum(w, loss_and_gradient(w)[1], config)
    return w


def _creeps_and_swings(call):
    """Momentum too high for the way across, and with it the step too short for that along."""
    mu, rate = _fitted_momentum(call)
    return mu > 0.82 and rate * CURVATURES[0] < (1 - mu**0.5) ** 2


@exercise.mistake(
    "creeps along and swings across",
    "Along the valley (curvature 1) the learning rate is so low that you creep, and across it "
    "(curvature 100) the momentum is so high that you swing for long: raise the learning rate to "
    "about 0.03 and lower the momentum to 0.6 to 0.8.",
    shows=every_call(_creeps_and_swings),
)
def creeps_and_swings(loss_and_gradient, w0):
    w, config = w0, {"learning_rate": 0.001, "momentum": 0.9}
    for _ in range(100):
        w, config = momentum(w, loss_and_gradient(w)[1], config)
    return w


@exercise.mistake(
    "momentum too high",
    "With momentum m the distance shrinks by about sqrt(m) per step: with 0.9 you are still "
    "swinging after 100 steps. Lower the momentum.",
    shows=every_call(lambda call: _fitted_momentum(call)[0] > 0.82),
)
def swings(loss_and_gradient, w0):
    w, config = w0, {"learning_rate": 0.02, "momentum": 0.93}
    for _ in range(100):
        w, config = momentum(w, loss_and_gradient(w)[1], config)
    return w


@exercise.mistake(
    "learning rate too low",
    "The momentum is fine, but along the valley you creep: raise the learning rate, up to about "
    "2 (1 + momentum) / 100.",
    shows=every_call(lambda call: _fitted_momentum(call)[1] < 0.02),
)
def creeps(loss_and_gradient, w0):
    w, config = w0, {"learning_rate": 0.002, "momentum": 0.7}
    for _ in range(100):
        w, config = momentum(w, loss_and_gradient(w)[1], config)
    return w


@exercise.mistake(
    "stops too early",
    "You stopped before 100 gradients, with a loss not yet below 1e-6: go on. If that is what you "
    "tested, the loss belongs to the weights before the step: return those.",
    shows=every_call(_short_of_the_goal),
)
def stops_by_the_loss_before(loss_and_gradient, w0):
    w, config = w0, {"learning_rate": 0.03, "momentum": 0.7}
    for _ in range(100):
        loss, gradient = loss_and_gradient(w)
        w, config = momentum(w, gradient, config)
        if loss < 1e-6:
            break
    return w
