"""Compute the loss of a network with one hidden layer and the gradients of its parameters."""

import numpy as np

from cs231n_utils.checking.channel import Recipe
from cs231n_utils.checking.observe import UNCOUNTED

from ..compare import same
from ..describe import Case, Exercise
from .network_params import changed_params, draw_params
from .two_layer_forward import two_layer_forward

exercise = Exercise(
    "two_layer_loss_and_gradient",
    assignment="09-learned-features",
    parts={
        "loss": 1,
        "gradients": 2,
        "no loop over the weights": 0.5,
        "regularization": 1,
        "params unchanged": 0.5,
    },
    hints=(
        "The second layer is a softmax classifier on the hidden layer: its loss, stable for large "
        "scores, and dscores you know from notebook 05. Then go back through the network, one step "
        "at a time.",
        "Back through the second product: dW2 is hidden.T @ dscores, db2 the sum of dscores over "
        "the images, and dhidden is dscores @ W2.T. Back through the ReLU: dhidden is 0 where "
        "hidden was 0.",
        "Back through the first product: dW1 is X.T @ dhidden, db1 the sum of dhidden over the "
        "images. dscores is divided by N once, at the start. Add 2 * reg * W to dW1 and dW2, reg "
        "times both sums of squares to the loss, and return a new dict.",
    ),
)


@exercise.solved_by
def two_layer_loss_and_gradient(params, X, y, reg):
    W1, b1, W2, b2 = (params[name] for name in ("W1", "b1", "W2", "b2"))
    rows = np.arange(len(y))
    hidden = np.maximum(0, X @ W1 + b1)
    scores = hidden @ W2 + b2
    scores -= np.max(scores, axis=1, keepdims=True)
    powers = np.exp(scores)
    totals = powers.sum(axis=1, keepdims=True)
    data_loss = np.mean(np.log(totals[:, 0]) - scores[rows, y])
    loss = data_loss + reg * (np.sum(W1**2) + np.sum(W2**2))

    dscores = powers / totals
    dscores[rows, y] -= 1
    dscores /= len(y)
    dhidden = (dscores @ W2.T) * (hidden > 0)
    grads = {
        "W1": X.T @ dhidden + 2 * reg * W1,
        "b1": dhidden.sum(axis=0),
        "W2": hidden.T @ dscores + 2 * reg * W2,
        "b2": dscores.sum(axis=0),
    }
    return float(loss), grads


exercise.as_right(
    "Each row has one total, and the mean of all differences of two lists is that of the pairs.",
    "data_loss = np.mean(np.log(totals) - scores[rows, y])",
    "data_loss = np.mean(np.log(totals[:, -1]) - scores[rows, y])",
)


def _loss(observations):
    return observations[-1].value[0]


def _gradients(observations):
    return observations[-1].value[1]


def _penalty(observations):
    """What reg adds to the loss and to each gradient."""
    (loss, grads), (loss_without, grads_without) = (one.value for one in observations)
    shapes = {name: value.shape for name, value in grads.items()}
    if shapes != {name: value.shape for name, value in grads_without.items()}:
        raise ValueError("gradients of two shapes")
    return loss - loss_without, {name: grads[name] - grads_without[name] for name in grads}


def _something_is_right(observations):
    """Why nothing returned is right; without this, leaving params unchanged would earn a part."""
    (params, *rest), (loss, grads) = observations[-1].arguments, observations[-1].value
    expected_loss, expected = two_layer_loss_and_gradient(params.ingredients, *rest)
    if np.isclose(loss, expected_loss, rtol=1e-4):
        return None
    with np.errstate(all="ignore"):
        for name, slopes in expected.items():
            mine, theirs = (value / np.linalg.norm(value) for value in (grads[name], slopes))
            if same(mine, theirs, rtol=1e-4, atol=1e-6):
                return None
    return "Not judged until the loss or a gradient is right, at least up to a factor."


def _numbers_in(params):
    return sum(values.size for values in params.ingredients.values())


def _weight_by_weight(observations):
    """Why the gradient was not computed with matrix products, going back once."""
    (call,) = observations
    weights = _numbers_in(call.arguments[0])
    if call.work < weights or call.work == UNCOUNTED:
        return None
    return (
        f"Python ran {call.work} lines for the gradient with respect to {weights} weights and "
        "biases, expected far fewer: go back through the network once, with matrix products."
    )


def _left_params_alone(observations):
    return changed_params("two_layer_loss_and_gradient", observations)


@exercise.examined_by
def cases(rng):
    def draw(n, d, h, c, scale=1.0):
        params = Recipe("params", **draw_params(rng, d, h, c))
        # Every class occurs, so that no gradient is made of wrong classes alone.
        y = rng.permutation(np.arange(n) % c)
        return params, scale * rng.standard_normal((d, n)).T, y

    small, large = draw(6, 4, 5, 3), draw(28, 3, 8, 12)
    for question in (small, large, draw(1, 3, 6, 2)):
        yield Case("loss", [(*question, 0.0)], answer=_loss, measures="the loss")
        yield Case("gradients", [(*question, 0.0)], answer=_gradients, measures="the gradients")
    params, X, _ = draw(6, 4, 5, 3, scale=2_000.0)
    # The least likely label of each image, so that its probability rounds to 0.
    y = two_layer_forward(params.ingredients, X).argmin(axis=1)
    yield Case("loss", [(params, X, y, 0.0)], answer=_loss, measures="the loss, of large scores")
    reg = float(rng.uniform(0.2, 0.6))
    yield Case(
        "no loop over the weights",
        [(*draw(4, 24, 12, 3), 0.0)],
        answer=_gradients,
        measures="the gradients",
        verify=_weight_by_weight,
        asks_how=True,
        count_work=True,
        rtol=1e-3,
        atol=1e-5,
    )
    yield Case(
        "regularization",
        [(*small, reg), (*small, 0.0)],
        answer=_penalty,
        measures="what reg adds to the loss and to the gradients",
        atol=1e-5,
    )
    for strength, verify in ((reg, _left_params_alone), (0.0, _something_is_right)):
        yield Case(
            "params unchanged",
            [(*large, strength)],
            answer=None,
            verify=verify,
        )


def _network(
    params,
    X,
    y,
    reg,
    *,
    mask=lambda hidden, dhidden: hidden > 0,
    shift=True,
    floor=None,
    right_class=lambda rows, y: (rows, y),
    activations=lambda before: np.maximum(0, before),
    n_for_loss=None,
    n_for_gradient=None,
):
    """The reference with one thing changed, and the pieces that mistakes start from."""
    W1, b1, W2, b2 = (params[name] for name in ("W1", "b1", "W2", "b2"))
    rows, before = np.arange(len(y)), X @ W1 + b1
    hidden = np.maximum(0, before)
    scores = hidden @ W2 + b2
    if shift:
        scores = scores - scores.max(axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        powers = np.exp(scores)
        p = powers / powers.sum(axis=1, keepdims=True)
        if floor is None:
            losses = np.log(powers.sum(axis=1)) - scores[rows, y]
        else:
            losses = -np.log(p[rows, y] + floor)
    loss = losses.sum() / (n_for_loss or len(y)) + reg * (np.sum(W1**2) + np.sum(W2**2))
    p[right_class(rows, y)] -= 1
    dscores = p / (n_for_gradient or len(y))
    dhidden = dscores @ W2.T
    dhidden = dhidden * mask(hidden, dhidden)
    grads = {
        "W1": X.T @ dhidden + 2 * reg * W1,
        "b1": dhidden.sum(axis=0),
        "W2": activations(before).T @ dscores + 2 * reg * W2,
        "b2": dscores.sum(axis=0),
    }
    return float(loss), grads


def _differences_are_right(observations):
    gradients = observations[1][0]
    counted = next(call for asked in observations for call in asked if call.work)
    right = two_layer_loss_and_gradient(
        gradients.arguments[0].ingredients, *gradients.arguments[1:]
    )
    return counted.work >= _numbers_in(counted.arguments[0]) and same(
        gradients.value[1], right[1], rtol=1e-2, atol=1e-3
    )


@exercise.mistake(
    "numerical gradient",
    "That is the slow way: two losses for each single weight, 300,000 of them for one step on "
    "CIFAR-10. Go back through the network once, with matrix products.",
    shows=_differences_are_right,
)
def numerical_gradient(params, X, y, reg):
    h, grads = 1e-5, {name: np.zeros_like(values) for name, values in params.items()}
    for name, values in params.items():
        for place in np.ndindex(values.shape):
            kept = values[place]
            values[place] = kept + h
            above, _ = _network(params, X, y, reg)
            values[place] = kept - h
            below, _ = _network(params, X, y, reg)
            values[place] = kept
            grads[name][place] = (above - below) / (2 * h)
    return _network(params, X, y, reg)[0], grads


@exercise.mistake(
    "no gradient of the ReLU",
    "Where the ReLU gave 0, nothing flows back: multiply dhidden by (hidden > 0).",
)
def _(params, X, y, reg):
    return _network(params, X, y, reg, mask=lambda hidden, dhidden: 1.0)


@exercise.mistake(
    "masks by the gradient",
    "What decides is the sign of the hidden value in the forward pass, not the sign of its "
    "gradient: use (hidden > 0).",
)
def _(params, X, y, reg):
    return _network(params, X, y, reg, mask=lambda hidden, dhidden: dhidden > 0)


@exercise.mistake(
    "hidden layer before the ReLU in dW2",
    "W2 was multiplied with the hidden layer after the ReLU: its gradient is hidden.T @ dscores.",
)
def _(params, X, y, reg):
    return _network(params, X, y, reg, activations=lambda before: before)


@exercise.mistake(
    "sum instead of mean", "The data loss is a mean: divide it and dscores by N, the images."
)
def _(params, X, y, reg):
    return _network(params, X, y, reg, n_for_loss=1, n_for_gradient=1)


@exercise.mistake(
    "gradients not divided by N",
    "The loss is a mean over the images, so its gradients are too: divide dscores by N.",
)
def _(params, X, y, reg):
    return _network(params, X, y, reg, n_for_gradient=1)


@exercise.mistake(
    "divides by the classes", "The mean is over the N images, not over the C classes."
)
def _(params, X, y, reg):
    n_classes = params["W2"].shape[1]
    return _network(params, X, y, reg, n_for_loss=n_classes, n_for_gradient=n_classes)


@exercise.mistake(
    "log of a probability that rounds to 0",
    "With large scores p becomes 0, and log(0) is -inf: take the log of the sum, not of the "
    "quotient, log(sum(exp(s))) - s[y], with the shifted scores.",
)
def _(params, X, y, reg):
    return _network(params, X, y, reg, floor=0)


def _overflows(observations):
    """Whether even the gradients are not finite where the scores are large."""
    *ordinary, large = (_first_slopes(asked[0]) for asked in observations[:7:2])
    return np.isfinite(ordinary).all() and not np.isfinite(large)


def _first_slopes(observation):
    return observation.value[1]["b2"].sum()


@exercise.mistake(
    "large scores overflow",
    "np.exp overflows above about 709: subtract each image's largest score first.",
    shows=_overflows,
)
def _(params, X, y, reg):
    return _network(params, X, y, reg, shift=False)


def _has_a_floor(observations):
    """Whether the losses are those of log(p + floor), for one of the floors that people write."""
    asked = [case[0] for case in observations[:7:2]]
    losses = [one.value[0] for one in asked]
    inputs = [(one.arguments[0].ingredients, *one.arguments[1:]) for one in asked]
    floors = (np.finfo(np.float32).eps, np.finfo(np.float64).eps, *10.0 ** -np.arange(4, 31))
    # Ordinary losses are compared roughly, since adding a floor and clipping differ little there.
    bounds = (0.1, 0.1, 0.1, 1e-3)
    return any(
        np.isclose(losses, [_network(*one, floor=floor)[0] for one in inputs], bounds).all()
        for floor in floors
    )


@exercise.mistake(
    "a constant inside the log",
    "It caps the loss where p rounds to 0: take the log of the sum, not of the quotient, "
    "log(sum(exp(s))) - s[y], with the shifted scores.",
    shows=_has_a_floor,
)
def _(params, X, y, reg):
    return _network(params, X, y, reg, floor=1e-12)


@exercise.mistake(
    "subtracts 1 from whole columns",
    "Each image has its own right class: p[np.arange(N), y] -= 1, since p[:, y] takes the columns "
    "of all labels for every image.",
)
def _(params, X, y, reg):
    return _network(params, X, y, reg, right_class=lambda rows, y: (slice(None), y))


@exercise.mistake(
    "half of the penalty",
    "The penalty has no 1/2 here: add reg * W**2 to the loss and 2 * reg * W to the gradients.",
)
def _(params, X, y, reg):
    return _network(params, X, y, reg / 2)


@exercise.mistake(
    "half of the penalty's gradient", "The derivative of reg * W**2 is 2 * reg * W: keep the 2."
)
def _(params, X, y, reg):
    loss, grads = _network(params, X, y, reg)
    return loss, {**grads, **{name: grads[name] - reg * params[name] for name in ("W1", "W2")}}


@exercise.mistake(
    "penalty without a gradient",
    "The penalty is a part of the loss: add 2 * reg * W to the gradients of W1 and W2.",
)
def _(params, X, y, reg):
    return _network(params, X, y, reg)[0], _network(params, X, y, 0.0)[1]


@exercise.mistake(
    "gradient of a penalty that is not in the loss",
    "Add reg * (sum(W1**2) + sum(W2**2)) to the loss, as you did in its gradient.",
)
def _(params, X, y, reg):
    return _network(params, X, y, 0.0)[0], _network(params, X, y, reg)[1]


@exercise.mistake(
    "penalizes the biases", "Only W1 and W2 are penalized here; leave b1 and b2 out of it."
)
def _(params, X, y, reg):
    loss, grads = _network(params, X, y, reg)
    penalty = reg * (np.sum(params["b1"] ** 2) + np.sum(params["b2"] ** 2))
    biases = {name: grads[name] + 2 * reg * params[name] for name in ("b1", "b2")}
    return loss + float(penalty), {**grads, **biases}


@exercise.mistake(
    "penalizes one layer only", "Both W1 and W2 are penalized: in the loss and in the gradients."
)
def _(params, X, y, reg):
    loss, grads = _network(params, X, y, 0.0)
    W2 = params["W2"]
    return loss + float(reg * np.sum(W2**2)), {**grads, "W2": grads["W2"] + 2 * reg * W2}


@exercise.mistake(
    "penalizes the first layer only",
    "Both W1 and W2 are penalized: in the loss and in the gradients.",
)
def _(params, X, y, reg):
    loss, grads = _network(params, X, y, 0.0)
    W1 = params["W1"]
    return loss + float(reg * np.sum(W1**2)), {**grads, "W1": grads["W1"] + 2 * reg * W1}


@exercise.mistake(
    "averages the gradients of the biases",
    "A bias is added to every image: sum over the images; dscores is divided by N already.",
)
def _(params, X, y, reg):
    loss, grads = _network(params, X, y, reg)
    return loss, {**grads, "b1": grads["b1"] / len(y), "b2": grads["b2"] / len(y)}


@exercise.mistake(
    "changes params",
    "params belongs to the caller: put the gradients into a new dict, and leave the step to the "
    "training loop.",
)
def _(params, X, y, reg):
    loss, grads = _network(params, X, y, reg)
    params.update(grads)
    return loss, dict(params)
