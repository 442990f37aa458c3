"""Exercises of 09-learned-features: a two-layer network, convolution and pooling, both ways."""

import numpy as np

from cs231n_utils.checking.channel import Recipe

from .compare import same
from .describe import Case, Exercise, Written, no_loop_over_images

ASSIGNMENT = "09-learned-features"


def _draw_params(rng, n_inputs, n_hidden, n_classes):
    """Weights and biases of both signs, large enough that none can be forgotten unseen."""
    return {
        "W1": rng.standard_normal((n_inputs, n_hidden)),
        "b1": rng.choice([-1, 1], n_hidden) * rng.uniform(0.4, 1.2, n_hidden),
        "W2": rng.standard_normal((n_hidden, n_classes)),
        "b2": rng.choice([-1, 1], n_classes) * rng.uniform(0.4, 1.2, n_classes),
    }


# ------------------------------------------------------------------------- two-layer network

forward = Exercise(
    "two_layer_forward",
    assignment=ASSIGNMENT,
    parts={"scores": 2},
    hints=(
        "Three steps: a matrix product plus bias, a function that keeps what is positive, and "
        "another matrix product plus bias.",
        "The hidden layer is the ReLU, np.maximum(0, ...), of X @ W1 + b1: shape (N, H).",
        "The scores are the hidden layer times W2, plus b2, with no ReLU behind them. The arrays "
        "are params['W1'], params['b1'], and so on.",
    ),
)


@forward.solved_by
def two_layer_forward(params, X):
    hidden = np.maximum(0, X @ params["W1"] + params["b1"])
    return hidden @ params["W2"] + params["b2"]


@forward.examined_by
def _(rng):
    for n, d, h, c in ((1, 3, 8, 4), (7, 4, 6, 3), (12, 5, 9, 10)):
        params = Recipe("params", **_draw_params(rng, d, h, c))
        yield Case("scores", [(params, rng.standard_normal((n, d)))])


@forward.mistake(
    "no ReLU",
    "Without a ReLU between them, two matrices are as good as one: take np.maximum(0, ...) of "
    "the hidden layer.",
)
def _(params, X):
    return (X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]


@forward.mistake(
    "ReLU on the scores too", "Scores may be negative: the ReLU belongs to the hidden layer only."
)
def _(params, X):
    hidden = np.maximum(0, X @ params["W1"] + params["b1"])
    return np.maximum(0, hidden @ params["W2"] + params["b2"])


@forward.mistake("ReLU before the bias", "Add b1 first: max(0, X @ W1 + b1).")
def _(params, X):
    hidden = np.maximum(0, X @ params["W1"]) + params["b1"]
    return hidden @ params["W2"] + params["b2"]


@forward.mistake("forgets b1", "The hidden layer has biases too: add b1 before the ReLU.")
def _(params, X):
    return np.maximum(0, X @ params["W1"]) @ params["W2"] + params["b2"]


@forward.mistake("forgets b2", "The scores have biases too: add b2 at the end.")
def _(params, X):
    return np.maximum(0, X @ params["W1"] + params["b1"]) @ params["W2"]


@forward.mistake("forgets both biases", "Add b1 before the ReLU and b2 after the second product.")
def _(params, X):
    return np.maximum(0, X @ params["W1"]) @ params["W2"]


@forward.mistake(
    "ReLU the wrong way around",
    "ReLU keeps what is positive: np.maximum(0, ...), not np.minimum.",
)
def _(params, X):
    hidden = np.minimum(0, X @ params["W1"] + params["b1"])
    return hidden @ params["W2"] + params["b2"]


@forward.mistake(
    "np.max in place of np.maximum",
    "np.max(0, A) takes A for an axis; np.maximum(0, A) compares number by number.",
)
def _(params, X):
    return np.max(0, X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]


@forward.mistake(
    "absolute value in place of ReLU", "A negative hidden value becomes 0, not its absolute value."
)
def _(params, X):
    hidden = np.abs(X @ params["W1"] + params["b1"])
    return hidden @ params["W2"] + params["b2"]


@forward.mistake(
    "probabilities, not scores",
    "Return the scores; softmax is a part of the loss and comes in the next exercise.",
)
def _(params, X):
    scores = two_layer_forward(params, X)
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@forward.mistake(
    "stops at the hidden layer",
    "The hidden layer goes through W2 and b2 before it gives (N, C) scores.",
)
def _(params, X):
    return np.maximum(0, X @ params["W1"] + params["b1"])


backward = Exercise(
    "two_layer_loss_and_gradient",
    assignment=ASSIGNMENT,
    parts={
        "loss": 1,
        "gradients": 2.5,
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


@backward.solved_by
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
    """So that params left alone earn nothing by themselves; one right value is enough."""
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


def _params_unchanged(observations):
    before = observations[-1].arguments[0].ingredients
    after = observations[-1].records["0"]["params"]
    name = next(
        (
            name
            for name in {**before, **after}
            if name not in before
            or name not in after
            or not np.array_equal(before[name], after[name])
        ),
        None,
    )
    if name is None:
        return None
    return (
        f"two_layer_loss_and_gradient changed params[{name!r}], expected params left as they "
        "were: put the gradients into a new dict."
    )


@backward.examined_by
def _(rng):
    def draw(n, d, h, c, scale=1.0):
        params = Recipe("params", **_draw_params(rng, d, h, c))
        # Every class occurs, so that no gradient is made of wrong classes alone.
        y = rng.permutation(np.arange(n) % c)
        return params, scale * rng.standard_normal((n, d)), y

    small, large = draw(6, 4, 5, 3), draw(14, 3, 8, 6)
    for question in (small, large):
        yield Case("loss", [(*question, 0.0)], answer=_loss, measures="the loss")
        yield Case("gradients", [(*question, 0.0)], answer=_gradients, measures="the gradients")
    params, X, _ = draw(6, 4, 5, 3, scale=2_000.0)
    # The least likely label of each image, so that its probability rounds to 0.
    y = two_layer_forward(params.ingredients, X).argmin(axis=1)
    yield Case("loss", [(params, X, y, 0.0)], answer=_loss, measures="the loss, of large scores")
    reg = float(rng.uniform(0.2, 0.6))
    yield Case(
        "regularization",
        [(*small, reg), (*small, 0.0)],
        answer=_penalty,
        measures="what reg adds to the loss and to the gradients",
        atol=1e-5,
    )
    for strength, verify in ((reg, _params_unchanged), (0.0, _something_is_right)):
        yield Case(
            "params unchanged",
            [(*large, strength)],
            answer=None,
            verify=verify,
            trusts_client=True,
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


@backward.mistake(
    "no gradient of the ReLU",
    "Where the ReLU gave 0, nothing flows back: multiply dhidden by (hidden > 0).",
)
def _(params, X, y, reg):
    return _network(params, X, y, reg, mask=lambda hidden, dhidden: 1.0)


@backward.mistake(
    "masks by the gradient",
    "What decides is the sign of the hidden value in the forward pass, not the sign of its "
    "gradient: use (hidden > 0).",
)
def _(params, X, y, reg):
    return _network(params, X, y, reg, mask=lambda hidden, dhidden: dhidden > 0)


@backward.mistake(
    "hidden layer before the ReLU in dW2",
    "W2 was multiplied with the hidden layer after the ReLU: its gradient is hidden.T @ dscores.",
)
def _(params, X, y, reg):
    return _network(params, X, y, reg, activations=lambda before: before)


@backward.mistake(
    "sum in place of mean", "The data loss is a mean: divide it and dscores by N, the images."
)
def _(params, X, y, reg):
    return _network(params, X, y, reg, n_for_loss=1, n_for_gradient=1)


@backward.mistake(
    "gradients not divided by N",
    "The loss is a mean over the images, so its gradients are too: divide dscores by N.",
)
def _(params, X, y, reg):
    return _network(params, X, y, reg, n_for_gradient=1)


@backward.mistake(
    "divides by the classes", "The mean is over the N images, not over the C classes."
)
def _(params, X, y, reg):
    n_classes = params["W2"].shape[1]
    return _network(params, X, y, reg, n_for_loss=n_classes, n_for_gradient=n_classes)


@backward.mistake(
    "log of a probability that rounds to 0",
    "With large scores p becomes 0, and log(0) is -inf: take the log of the sum, not of the "
    "quotient, log(sum(exp(s))) - s[y], with the shifted scores.",
)
def _(params, X, y, reg):
    return _network(params, X, y, reg, floor=0)


def _overflows(observations):
    """Not even the gradients are numbers where the scores are large."""
    *ordinary, large = (_first_slopes(asked[0]) for asked in observations[:5:2])
    return np.isfinite(ordinary).all() and not np.isfinite(large)


def _first_slopes(observation):
    return observation.value[1]["b2"].sum()


@backward.mistake(
    "large scores overflow",
    "np.exp overflows above about 709: subtract each image's largest score first.",
    shows=_overflows,
)
def _(params, X, y, reg):
    return _network(params, X, y, reg, shift=False)


def _has_a_floor(observations):
    """The losses are those of log(p + floor), for one of the floors that people write."""
    asked = [case[0] for case in observations[:5:2]]
    losses = [one.value[0] for one in asked]
    inputs = [(one.arguments[0].ingredients, *one.arguments[1:]) for one in asked]
    floors = (np.finfo(np.float32).eps, np.finfo(np.float64).eps, *10.0 ** -np.arange(4, 31))
    # The ordinary losses only roughly: it is much the same to add a floor and to clip there.
    bounds = (0.1, 0.1, 1e-3)
    return any(
        np.isclose(losses, [_network(*one, floor=floor)[0] for one in inputs], bounds).all()
        for floor in floors
    )


@backward.mistake(
    "a constant inside the log",
    "It caps the loss where p rounds to 0: take the log of the sum, not of the quotient, "
    "log(sum(exp(s))) - s[y], with the shifted scores.",
    shows=_has_a_floor,
)
def _(params, X, y, reg):
    return _network(params, X, y, reg, floor=1e-12)


@backward.mistake(
    "subtracts 1 from whole columns",
    "Each image has its own right class: p[np.arange(N), y] -= 1, since p[:, y] takes the columns "
    "of all labels for every image.",
)
def _(params, X, y, reg):
    return _network(params, X, y, reg, right_class=lambda rows, y: (slice(None), y))


@backward.mistake(
    "half of the penalty",
    "The penalty has no 1/2 here: add reg * W**2 to the loss and 2 * reg * W to the gradients.",
)
def _(params, X, y, reg):
    return _network(params, X, y, reg / 2)


@backward.mistake(
    "half of the penalty's gradient", "The derivative of reg * W**2 is 2 * reg * W: keep the 2."
)
def _(params, X, y, reg):
    loss, grads = _network(params, X, y, reg)
    return loss, {**grads, **{name: grads[name] - reg * params[name] for name in ("W1", "W2")}}


@backward.mistake(
    "penalty without a gradient",
    "The penalty is a part of the loss: add 2 * reg * W to the gradients of W1 and W2.",
)
def _(params, X, y, reg):
    return _network(params, X, y, reg)[0], _network(params, X, y, 0.0)[1]


@backward.mistake(
    "gradient of a penalty that is not in the loss",
    "Add reg * (sum(W1**2) + sum(W2**2)) to the loss, as you did in its gradient.",
)
def _(params, X, y, reg):
    return _network(params, X, y, 0.0)[0], _network(params, X, y, reg)[1]


@backward.mistake(
    "penalizes the biases", "Only W1 and W2 are penalized here; leave b1 and b2 out of it."
)
def _(params, X, y, reg):
    loss, grads = _network(params, X, y, reg)
    penalty = reg * (np.sum(params["b1"] ** 2) + np.sum(params["b2"] ** 2))
    biases = {name: grads[name] + 2 * reg * params[name] for name in ("b1", "b2")}
    return loss + float(penalty), {**grads, **biases}


@backward.mistake(
    "penalizes one layer only", "Both W1 and W2 are penalized: in the loss and in the gradients."
)
def _(params, X, y, reg):
    loss, grads = _network(params, X, y, 0.0)
    W2 = params["W2"]
    return loss + float(reg * np.sum(W2**2)), {**grads, "W2": grads["W2"] + 2 * reg * W2}


@backward.mistake(
    "penalizes the first layer only",
    "Both W1 and W2 are penalized: in the loss and in the gradients.",
)
def _(params, X, y, reg):
    loss, grads = _network(params, X, y, 0.0)
    W1 = params["W1"]
    return loss + float(reg * np.sum(W1**2)), {**grads, "W1": grads["W1"] + 2 * reg * W1}


@backward.mistake(
    "averages the gradients of the biases",
    "A bias is added to every image: sum over the images; dscores is divided by N already.",
)
def _(params, X, y, reg):
    loss, grads = _network(params, X, y, reg)
    return loss, {**grads, "b1": grads["b1"] / len(y), "b2": grads["b2"] / len(y)}


@backward.mistake(
    "changes params",
    "params belongs to the caller: put the gradients into a new dict, and leave the step to the "
    "training loop.",
)
def _(params, X, y, reg):
    loss, grads = _network(params, X, y, reg)
    params.update(grads)
    return loss, dict(params)


# -------------------------------------------------------------------------------- convolution

convolve = Exercise(
    "conv_forward",
    assignment=ASSIGNMENT,
    parts={"values": 1, "padding": 1, "stride": 1, "no loop over images": 1},
    hints=(
        "At every place, each filter is multiplied with the window beneath it and summed: a dot "
        "product. How large is the output, and where does window (i, j) begin?",
        "Pad the last two axes of x with zeros: np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, "
        "pad))). Window (i, j) begins at row i * stride and column j * stride; loop over the "
        "places only.",
        "The window of all images at once has shape (N, C, HH, WW). Reshape it to (N, C * HH * "
        "WW) and the filters to (F, C * HH * WW): one product with the filters transposed, plus "
        "b, gives out[:, :, i, j].",
    ),
)


@convolve.solved_by
def conv_forward(x, w, b, stride, pad):
    (n, _, height, width), (f, _, hh, ww) = x.shape, w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows = 1 + (height + 2 * pad - hh) // stride
    columns = 1 + (width + 2 * pad - ww) // stride
    out = np.empty((n, f, rows, columns), x.dtype)
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            window = padded[:, :, top : top + hh, left : left + ww]
            out[:, :, i, j] = window.reshape(n, -1) @ w.reshape(f, -1).T + b
    return out


def _draw_convolution(rng, x_shape, w_shape):
    b = rng.choice([-1, 1], w_shape[0]) * rng.uniform(0.5, 2, w_shape[0])
    return rng.standard_normal(x_shape), rng.standard_normal(w_shape), b


@convolve.examined_by
def _(rng):
    for part, x_shape, w_shape, stride, pad in (
        ("values", (1, 1, 4, 5), (2, 1, 3, 2), 1, 0),
        ("values", (2, 3, 5, 6), (4, 3, 2, 3), 1, 0),
        ("padding", (2, 3, 4, 5), (4, 3, 3, 3), 1, 1),
        ("padding", (3, 2, 4, 3), (4, 2, 2, 5), 1, 2),
        ("stride", (2, 3, 7, 8), (4, 3, 3, 2), 2, 0),
        ("stride", (3, 2, 9, 11), (4, 2, 2, 3), 3, 0),  # neither side divides evenly
    ):
        yield Case(part, [(*_draw_convolution(rng, x_shape, w_shape), stride, pad)])
    few = (*_draw_convolution(rng, (2, 3, 4, 5), (4, 3, 3, 2)), 1, 0)
    many = (rng.standard_normal((40, 3, 4, 5)), *few[1:])
    yield no_loop_over_images("no loop over images", few, many)


def _padded(x, pad, **how):
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), **how)


def _slide(padded, w, b, stride, step=None, n_places=None):
    """Convolve; windows may be moved by another step than the one that sets their number."""
    hh, ww = w.shape[2:]
    rows, columns = n_places or (
        1 + (padded.shape[2] - hh) // stride,
        1 + (padded.shape[3] - ww) // stride,
    )
    step = stride if step is None else step
    out = np.empty((len(padded), len(w), rows, columns), padded.dtype)
    for i in range(rows):
        for j in range(columns):
            window = padded[:, :, i * step : i * step + hh, j * step : j * step + ww]
            out[:, :, i, j] = window.reshape(len(window), -1) @ w.reshape(len(w), -1).T + b
    return out


@convolve.mistake(
    "turns the filter around",
    "Networks slide the filter as it is; only signal processing flips it first.",
)
def _(x, w, b, stride, pad):
    return _slide(_padded(x, pad), w[:, :, ::-1, ::-1], b, stride)


@convolve.mistake(
    "rounds the size up",
    "A window must fit in the image: 1 + (H + 2 pad - HH) // stride rounds down.",
)
def _(x, w, b, stride, pad):
    beyond = np.pad(x, ((0, 0), (0, 0), (0, stride - 1), (0, stride - 1)))
    return _slide(_padded(beyond, pad), w, b, stride)


@convolve.mistake("forgets the bias", "Add b[f] to every number that filter f gives.")
def _(x, w, b, stride, pad):
    return _slide(_padded(x, pad), w, 0 * b, stride)


@convolve.mistake(
    "ignores the padding", "Put pad zeros around each image first: four sides, no other axis."
)
def _(x, w, b, stride, pad):
    return _slide(x, w, b, stride)


@convolve.mistake(
    "pads two sides only", "pad zeros go on all four sides: (pad, pad) for the rows and columns."
)
def _(x, w, b, stride, pad):
    return _slide(np.pad(x, ((0, 0), (0, 0), (0, pad), (0, pad))), w, b, stride)


@convolve.mistake("pads with copies of the edge", "The padding is zeros: np.pad's default mode.")
def _(x, w, b, stride, pad):
    return _slide(_padded(x, pad, mode="edge"), w, b, stride)


@convolve.mistake(
    "pads the images and channels too",
    "Pad the last two axes only: np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad))).",
)
def _(x, w, b, stride, pad):
    return _slide(np.pad(x, pad), w, b, stride)


@convolve.mistake(
    "pads all four axes",
    "np.pad(x, pad) adds images and channels of zeros: np.pad(x, ((0, 0), (0, 0), (pad, pad), "
    "(pad, pad))).",
)
def _(x, w, b, stride, pad):
    n, _, height, width = x.shape
    padded, (f, _, hh, ww) = np.pad(x, pad), w.shape
    rows = 1 + (height + 2 * pad - hh) // stride
    columns = 1 + (width + 2 * pad - ww) // stride
    out = np.empty((n, f, rows, columns), x.dtype)
    for i in range(rows):
        for j in range(columns):
            window = padded[:, :, i * stride : i * stride + hh, j * stride : j * stride + ww]
            out[:, :, i, j] = window.reshape(n, -1) @ w.reshape(f, -1).T + b
    return out


@convolve.mistake(
    "counts the padding once",
    "The padding is on two sides of each axis: 1 + (H + 2 * pad - HH) // stride windows.",
)
def _(x, w, b, stride, pad):
    rows, columns = (
        1 + (side + pad - size) // stride
        for side, size in zip(x.shape[2:], w.shape[2:], strict=True)
    )
    return _slide(_padded(x, pad), w, b, stride, n_places=(rows, columns))


@convolve.mistake(
    "as many windows across as down",
    "Images and filters need not be square: count the windows across by W and WW.",
)
def _(x, w, b, stride, pad):
    rows = 1 + (x.shape[2] + 2 * pad - w.shape[2]) // stride
    return _slide(_padded(x, pad), w, b, stride, n_places=(rows, rows))


@convolve.mistake(
    "ignores the stride", "Window (i, j) starts at row i * stride and column j * stride."
)
def _(x, w, b, stride, pad):
    return _slide(_padded(x, pad), w, b, 1)


@convolve.mistake(
    "windows not moved by the stride",
    "The number of windows is right, but each starts at (i * stride, j * stride), not at (i, j).",
)
def _(x, w, b, stride, pad):
    return _slide(_padded(x, pad), w, b, stride, step=1)


@convolve.mistake(
    "one window short", "There are 1 + (H + 2 * pad - HH) // stride windows: mind the 1."
)
def _(x, w, b, stride, pad):
    padded = _padded(x, pad)
    rows, columns = (
        (side - size) // stride for side, size in zip(padded.shape[2:], w.shape[2:], strict=True)
    )
    return _slide(padded, w, b, stride, n_places=(rows, columns))


@convolve.mistake(
    "first channel only", "A filter has a layer for every channel: sum over the channels too."
)
def _(x, w, b, stride, pad):
    return _slide(_padded(x, pad)[:, :1], w[:, :1], b, stride)


@convolve.mistake(
    "mean in place of sum", "Each output is a dot product: the sum of the products, not the mean."
)
def _(x, w, b, stride, pad):
    return _slide(_padded(x, pad), w / w[0].size, b, stride)


@convolve.mistake(
    "loops over the images",
    "Cut the same window out of all images at once, x[:, :, rows, columns], and multiply it with "
    "all filters in one product.",
)
def _(x, w, b, stride, pad):
    padded, (hh, ww) = _padded(x, pad), w.shape[2:]
    rows = 1 + (padded.shape[2] - hh) // stride
    columns = 1 + (padded.shape[3] - ww) // stride
    out = np.empty((len(x), len(w), rows, columns))
    for n in range(len(x)):
        for i in range(rows):
            for j in range(columns):
                top, left = i * stride, j * stride
                window = padded[n, :, top : top + hh, left : left + ww]
                out[n, :, i, j] = np.tensordot(w, window, axes=3) + b
    return out


unconvolve = Exercise(
    "conv_backward",
    assignment=ASSIGNMENT,
    parts={"db": 1, "dw": 1.5, "dx": 1.5, "padding": 0.5, "stride": 0.5},
    hints=(
        "Go through the same windows as in conv_forward. At each of them the output was window @ "
        "filters + b: you know the gradients of a product.",
        "At place (i, j), with slopes = dout[:, :, i, j] of shape (N, F) and the window as rows: "
        "dw gains slopes.T @ window, and the window itself gets back slopes @ filters.",
        "Windows overlap and filters are used at every place, so add with +=: into zeros like w, "
        "and into zeros like the padded x. At the end cut the padding off, rows pad : pad + H and "
        "columns pad : pad + W. db is the sum of dout over images and places.",
    ),
)


@unconvolve.solved_by
def conv_backward(dout, x, w, b, stride, pad):
    (n, _, height, width), (f, _, hh, ww) = x.shape, w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows = slice(i * stride, i * stride + hh)
            columns = slice(j * stride, j * stride + ww)
            window, slopes = padded[:, :, rows, columns], dout[:, :, i, j]
            dw += (slopes.T @ window.reshape(n, -1)).reshape(w.shape)
            dpadded[:, :, rows, columns] += (slopes @ w.reshape(f, -1)).reshape(window.shape)
    dx = dpadded[:, :, pad : pad + height, pad : pad + width]
    return dx, dw, dout.sum(axis=(0, 2, 3))


def _value(index):
    return lambda observations: observations[-1].value[index]


def _dx_and_dw(observations):
    dx, dw, _ = observations[-1].value
    return dx, dw


@unconvolve.examined_by
def _(rng):
    def draw(x_shape, w_shape, stride, pad):
        x, w, b = _draw_convolution(rng, x_shape, w_shape)
        rows = 1 + (x_shape[2] + 2 * pad - w_shape[2]) // stride
        columns = 1 + (x_shape[3] + 2 * pad - w_shape[3]) // stride
        dout = rng.standard_normal((x_shape[0], w_shape[0], rows, columns))
        return dout, x, w, b, stride, pad

    question = draw((3, 2, 5, 6), (4, 2, 3, 2), 1, 0)
    for index, name in enumerate(("dx", "dw", "db")):
        yield Case(name, [question], answer=_value(index), measures=name)
    for part, *shapes_and_steps in (
        ("padding", (2, 3, 4, 5), (4, 3, 3, 3), 1, 1),
        ("padding", (3, 2, 4, 3), (4, 2, 2, 5), 1, 2),
        ("stride", (2, 3, 7, 8), (4, 3, 3, 2), 2, 0),
        ("stride", (3, 2, 8, 9), (4, 2, 3, 4), 2, 1),
    ):
        yield Case(part, [draw(*shapes_and_steps)], answer=_dx_and_dw, measures="dx and dw")


def _scatter(
    dout,
    x,
    w,
    stride,
    pad,
    step=None,
    add_dw=True,
    add_dx=True,
    w_for_dx=None,
):
    """The reference with one thing changed; dx comes with its padding."""
    (hh, ww), padded = w.shape[2:], _padded(x, pad)
    w_for_dx = w if w_for_dx is None else w_for_dx
    step = stride if step is None else step
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows, columns = slice(i * step, i * step + hh), slice(j * step, j * step + ww)
            slopes = dout[:, :, i, j]
            part = np.tensordot(slopes, padded[:, :, rows, columns], axes=(0, 0))
            dw = dw + part if add_dw else part
            spread = np.tensordot(slopes, w_for_dx, axes=1)
            dpadded[:, :, rows, columns] = spread + add_dx * dpadded[:, :, rows, columns]
    return dpadded, dw, dout.sum(axis=(0, 2, 3))


def _cropped(dpadded, x, pad):
    return dpadded[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]]


@unconvolve.mistake(
    "dx is overwritten",
    "A pixel is in many windows: add what each of them sends back, +=, not =.",
)
def _(dout, x, w, b, stride, pad):
    dpadded, dw, db = _scatter(dout, x, w, stride, pad, add_dx=False)
    return _cropped(dpadded, x, pad), dw, db


@unconvolve.mistake(
    "dw of the last window only", "A filter is used at every place: add over the places, +=."
)
def _(dout, x, w, b, stride, pad):
    dpadded, dw, db = _scatter(dout, x, w, stride, pad, add_dw=False)
    return _cropped(dpadded, x, pad), dw, db


@unconvolve.mistake(
    "dx keeps the padding",
    "dx has the shape of x: cut the padding off, pad rows and columns on each side.",
)
def _(dout, x, w, b, stride, pad):
    return _scatter(dout, x, w, stride, pad)


@unconvolve.mistake(
    "cuts from the wrong side",
    "The padding is on all four sides: dx starts at row pad and column pad.",
)
def _(dout, x, w, b, stride, pad):
    dpadded, dw, db = _scatter(dout, x, w, stride, pad)
    return dpadded[:, :, : x.shape[2], : x.shape[3]], dw, db


@unconvolve.mistake(
    "empty dx without padding",
    "With pad = 0, pad:-pad is 0:0, which is empty: cut with pad : pad + H.",
)
def _(dout, x, w, b, stride, pad):
    dpadded, dw, db = _scatter(dout, x, w, stride, pad)
    return dpadded[:, :, pad:-pad, pad:-pad], dw, db


@unconvolve.mistake(
    "db of the images only",
    "One bias serves all images and all places: sum over the axes 0, 2 and 3.",
)
def _(dout, x, w, b, stride, pad):
    dpadded, dw, _ = _scatter(dout, x, w, stride, pad)
    return _cropped(dpadded, x, pad), dw, dout.sum(axis=0)


@unconvolve.mistake(
    "mean over the images",
    "Sum over the images: the 1 / N of the loss is in dout already.",
)
def _(dout, x, w, b, stride, pad):
    dpadded, dw, db = _scatter(dout, x, w, stride, pad)
    return _cropped(dpadded, x, pad), dw / len(x), db / len(x)


@unconvolve.mistake(
    "mean in db", "One bias serves all images and places: its gradient is the sum, not the mean."
)
def _(dout, x, w, b, stride, pad):
    dpadded, dw, _ = _scatter(dout, x, w, stride, pad)
    return _cropped(dpadded, x, pad), dw, dout.mean(axis=(0, 2, 3))


@unconvolve.mistake(
    "dw divided by the images", "Sum over the images: the 1 / N of the loss is in dout already."
)
def _(dout, x, w, b, stride, pad):
    dpadded, dw, db = _scatter(dout, x, w, stride, pad)
    return _cropped(dpadded, x, pad), dw / len(x), db


@unconvolve.mistake(
    "turns the filter around",
    "Window by window, dx gets dout times the filter as it is; it is flipped only when dx is "
    "written as one convolution of dout.",
)
def _(dout, x, w, b, stride, pad):
    turned = w[:, :, ::-1, ::-1]
    dpadded, dw, db = _scatter(dout, x, w, stride, pad, w_for_dx=turned)
    return _cropped(dpadded, x, pad), dw, db


@unconvolve.mistake(
    "ignores the stride",
    "Window (i, j) starts at (i * stride, j * stride), in the backward pass as in the forward.",
)
def _(dout, x, w, b, stride, pad):
    dpadded, dw, db = _scatter(dout, x, w, stride, pad, step=1)
    return _cropped(dpadded, x, pad), dw, db


@unconvolve.mistake(
    "gradients in another order", "Return them in the order of the inputs: dx, dw, db."
)
def _(dout, x, w, b, stride, pad):
    dpadded, dw, db = _scatter(dout, x, w, stride, pad)
    return dw, _cropped(dpadded, x, pad), db


# ------------------------------------------------------------------------------------- pooling

pool = Exercise(
    "max_pool_forward",
    assignment=ASSIGNMENT,
    parts={"values": 1, "overlapping windows": 1},
    hints=(
        "It is the sliding window of conv_forward without filters: each channel keeps its largest "
        "number in the window.",
        "There are 1 + (H - size) // stride windows down and 1 + (W - size) // stride across. "
        "Window (i, j) begins at row i * stride and column j * stride.",
        "Cut the window out of all images and channels at once, x[:, :, rows, columns], and take "
        "its maximum over the axes 2 and 3.",
    ),
)


@pool.solved_by
def max_pool_forward(x, size, stride):
    rows = 1 + (x.shape[2] - size) // stride
    columns = 1 + (x.shape[3] - size) // stride
    out = np.empty((*x.shape[:2], rows, columns), x.dtype)
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            out[:, :, i, j] = x[:, :, top : top + size, left : left + size].max(axis=(2, 3))
    return out


POOLINGS = (
    ("values", (2, 3, 4, 6), 2, 2),
    ("values", (3, 2, 7, 9), 3, 3),
    ("overlapping windows", (2, 3, 5, 6), 2, 1),
    ("overlapping windows", (3, 2, 8, 9), 3, 2),
)


def _draw_pixels(rng, shape):
    """Mostly negative, so that windows without a positive number occur."""
    return rng.standard_normal(shape) - 1.0


@pool.examined_by
def _(rng):
    for part, shape, size, stride in POOLINGS:
        yield Case(part, [(_draw_pixels(rng, shape), size, stride)])


def _pool(x, size, stride, reduce, step=None, axis=(2, 3)):
    """Pool by any reduction; windows may be moved by another step than the number asks for."""
    rows, columns = (1 + (side - size) // stride for side in x.shape[2:])
    step = stride if step is None else step
    out = np.empty((*x.shape[:2], rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = x[:, :, i * step : i * step + size, j * step : j * step + size]
            out[:, :, i, j] = reduce(window, axis=axis)
    return out


@pool.mistake("mean in place of maximum", "Max pooling keeps the largest number of a window.")
def _(x, size, stride):
    return _pool(x, size, stride, np.mean)


@pool.mistake("minimum in place of maximum", "Keep the largest number of a window, not the least.")
def _(x, size, stride):
    return _pool(x, size, stride, np.min)


@pool.mistake(
    "never below zero",
    "A window may hold negative numbers only: compare its pixels with each other, not with 0.",
)
def _(x, size, stride):
    return np.maximum(0, _pool(x, size, stride, np.max))


@pool.mistake(
    "largest in absolute value", "The largest of (-3, 1) is 1: compare the numbers as they are."
)
def _(x, size, stride):
    return _pool(np.abs(x), size, stride, np.max)


@pool.mistake(
    "windows never overlap",
    "Windows start stride pixels apart, whatever their size: use i * stride.",
)
def _(x, size, stride):
    return _pool(x, size, size, np.max)


@pool.mistake(
    "windows moved by their size",
    "Window (i, j) starts at (i * stride, j * stride), not at (i * size, j * size).",
)
def _(x, size, stride):
    return _pool(x, size, stride, np.max, step=size)


@pool.mistake(
    "counts the windows by the size",
    "There are 1 + (H - size) // stride windows down, not H // size: they may overlap.",
)
def _(x, size, stride):
    rows, columns = (side // size for side in x.shape[2:])
    return _pool(x, size, stride, np.max)[:, :, :rows, :columns]


@pool.mistake(
    "cuts the image into blocks",
    "A reshape works only where the blocks fit and do not overlap: move a window by the stride.",
)
def _(x, size, stride):
    n, c, height, width = x.shape
    return x.reshape(n, c, height // size, size, width // size, size).max(axis=(3, 5))


@pool.mistake(
    "one maximum for all images",
    "Each image and each channel keeps its own: the maximum over axes 2 and 3.",
)
def _(x, size, stride):
    return _pool(x, size, stride, np.max, axis=None)


@pool.mistake(
    "windows not moved by the stride",
    "Window (i, j) starts at (i * stride, j * stride), not at (i, j).",
)
def _(x, size, stride):
    return _pool(x, size, stride, np.max, step=1)


@pool.mistake(
    "pools over the channels too",
    "Each channel is pooled by itself: the maximum over axes 2 and 3.",
)
def _(x, size, stride):
    by_place = _pool(x, size, stride, np.max)
    return by_place.max(axis=1, keepdims=True) + 0 * by_place


@pool.mistake("one window short", "There are 1 + (H - size) // stride windows down: mind the 1.")
def _(x, size, stride):
    return _pool(x, size, stride, np.max)[:, :, :-1, :-1]


@pool.mistake(
    "every pixel starts a window",
    "Leave out the windows that would not fit, and mind the stride: the output is smaller than x.",
)
def _(x, size, stride):
    lowest = np.pad(x, ((0, 0), (0, 0), (0, size - 1), (0, size - 1)), constant_values=-np.inf)
    return _pool(lowest, size, 1, np.max)


unpool = Exercise(
    "max_pool_backward",
    assignment=ASSIGNMENT,
    parts={"values": 2, "overlapping windows": 1},
    hints=(
        "Only the largest number of a window decided the output. Which entries of dx get a "
        "gradient then, and how much?",
        "For each window, compare it with its own maximum over the axes 2 and 3 (keepdims=True): "
        "the result is True at the winner of each image and channel.",
        "Multiply this mask by dout[:, :, i : i + 1, j : j + 1], a slice that keeps the axes, and "
        "add it with += to the window's place in dx: windows may overlap.",
    ),
)


@unpool.solved_by
def max_pool_backward(dout, x, size, stride):
    dx = np.zeros_like(x)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows = slice(i * stride, i * stride + size)
            columns = slice(j * stride, j * stride + size)
            window = x[:, :, rows, columns]
            winner = window == window.max(axis=(2, 3), keepdims=True)
            dx[:, :, rows, columns] += winner * dout[:, :, i : i + 1, j : j + 1]
    return dx


@unpool.examined_by
def _(rng):
    for part, shape, size, stride in POOLINGS:
        places = (1 + (side - size) // stride for side in shape[2:])
        dout = rng.standard_normal((*shape[:2], *places))
        yield Case(part, [(dout, _draw_pixels(rng, shape), size, stride)])


def _unpool(dout, x, size, stride, step=None, share=None, add=True):
    """Send back to each window what ``share(window)`` gives its pixels, times dout."""
    share = share or (lambda window: window == window.max(axis=(2, 3), keepdims=True))
    step, dx = stride if step is None else step, np.zeros_like(x)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows, columns = slice(i * step, i * step + size), slice(j * step, j * step + size)
            sent = share(x[:, :, rows, columns]) * dout[:, :, i : i + 1, j : j + 1]
            dx[:, :, rows, columns] = sent + add * dx[:, :, rows, columns]
    return dx


@unpool.mistake(
    "every pixel gets the gradient",
    "Only the largest pixel decided the output, so it alone gets the gradient.",
)
def _(dout, x, size, stride):
    return _unpool(dout, x, size, stride, share=np.ones_like)


@unpool.mistake(
    "gradient of mean pooling",
    "The gradient is not shared among the pixels: all of it goes to the largest.",
)
def _(dout, x, size, stride):
    return _unpool(dout, x, size, stride, share=lambda window: np.ones_like(window) / size**2)


@unpool.mistake(
    "overwritten where windows overlap",
    "A pixel can win in several windows: add up what they send back, +=, not =.",
)
def _(dout, x, size, stride):
    return _unpool(dout, x, size, stride, add=False)


@unpool.mistake(
    "marks the winners only", "Multiply the mask of the winners by dout: the chain rule."
)
def _(dout, x, size, stride):
    return _unpool(np.ones_like(dout), x, size, stride)


@unpool.mistake(
    "sends the pixels back", "The slope of a maximum is 1 at the winner: dx is dout there, not x."
)
def _(dout, x, size, stride):
    return _unpool(np.ones_like(dout), x, size, stride) * x


@unpool.mistake(
    "gradient to positive pixels",
    "That is the mask of a ReLU; here the largest pixel of a window gets the gradient, whatever "
    "its sign.",
)
def _(dout, x, size, stride):
    return _unpool(dout, x, size, stride, share=lambda window: window > 0)


@unpool.mistake(
    "windows not moved by the stride",
    "Window (i, j) starts at (i * stride, j * stride), in the backward pass as in the forward.",
)
def _(dout, x, size, stride):
    return _unpool(dout, x, size, stride, step=1)


@unpool.mistake(
    "one winner for all channels",
    "Each image and each channel has a winner of its own: the maximum over axes 2 and 3.",
)
def _(dout, x, size, stride):
    def share(window):
        return window == window.max(axis=(1, 2, 3), keepdims=True)

    return _unpool(dout, x, size, stride, share=share)


@unpool.mistake(
    "one winner for all images",
    "Each image and each channel has a winner of its own: the maximum over axes 2 and 3.",
)
def _(dout, x, size, stride):
    return _unpool(dout, x, size, stride, share=lambda window: window == window.max())


@unpool.mistake(
    "repeated indices are lost",
    "dx[indices] += dout adds once where an index occurs twice: use np.add.at, or loop over the "
    "windows.",
)
def _(dout, x, size, stride):
    dx = np.zeros_like(x)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            top, left = i * stride, j * stride
            sent, window = (a[:, :, top : top + size, left : left + size] for a in (dx, x))
            winner = window == window.max(axis=(2, 3), keepdims=True)
            np.copyto(sent, dout[:, :, i : i + 1, j : j + 1], where=winner)
    return dx


@unpool.mistake(
    "gradient to the smallest pixel", "The largest pixel of a window gets the gradient."
)
def _(dout, x, size, stride):
    def share(window):
        return window == window.min(axis=(2, 3), keepdims=True)

    return _unpool(dout, x, size, stride, share=share)


EXERCISES = (forward, backward, convolve, unconvolve, pool, unpool)

WRITTEN = (
    Written(
        "written-two-minima-of-a-network",
        ASSIGNMENT,
        2,
        "1 point for (a): two points with low loss and a higher loss on the straight way between "
        "them break the midpoint inequality of a convex function, so the loss is not convex; it "
        "does not follow that either run is bad, or that one is the better minimum: both reach "
        "about the same loss and accuracy, and hidden units may simply be in another order. "
        "1 point for (b): with all weights 0 the hidden layer is 0, so dW2 (hidden.T @ dscores) "
        "and dW1 (through W2.T = 0) are 0 and only b2 learns; more generally equal units get equal "
        "gradients and stay equal. The linear classifier's gradient X.T @ dscores does not "
        "pass through other weights, and its loss is convex, so 0 is as good a start as any.",
    ),
    Written(
        "written-learned-or-designed",
        ASSIGNMENT,
        2,
        "1 point for (a): the templates are whole blurred pictures, one for each class; filters "
        "and codebook are small edges, bars and color blobs that serve all classes; k-means never "
        "saw a label, the filters were shaped by the loss. "
        "1 point for (b): an argument with numbers from the notebook, such as: the same few "
        "filter weights are used at every place, so far fewer parameters learn from far more "
        "examples and a shifted object gives shifted features; the fully connected layer has to "
        "learn an edge anew at every place. A full mark needs the comparison of weights or of "
        "accuracies.",
    ),
)
