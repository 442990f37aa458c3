"""Exercises of 05-analytic-gradient: chain rule, gradients of the losses, gradient checks."""

import numpy as np

from cs231n_utils.checking.channel import Recipe

from .compare import same
from .describe import MANY_IMAGES, Case, Exercise, Written, no_loop_over_images
from .draws import every_call, generator

ASSIGNMENT = "05-analytic-gradient"


paths = Exercise(
    "chain_rule_paths",
    assignment=ASSIGNMENT,
    parts={"one path": 0.5, "several paths": 1, "no edges to follow": 0.5},
    hints=(
        "Along a path the derivatives are multiplied, and different paths are added. How does the "
        "answer for a variable follow from the answers for the variables that come right after "
        "it?",
        "d target / d source is the sum, over all edges (source, v), of the edge's derivative "
        "times d target / d v. That is a function that calls itself.",
        "It ends in two ways: if source == target, return 1.0; if no edge leaves source, the sum "
        "has no terms and stays 0.0. Loop over edges.items() and take those that begin at source.",
    ),
)


@paths.solved_by
def chain_rule_paths(edges, source, target):
    if source == target:
        return 1.0
    total = 0.0
    for (here, there), derivative in edges.items():
        if here == source:
            total += derivative * chain_rule_paths(edges, there, target)
    return total


def _graph(rng, arrows):
    """Edges like "xw" between nodes with new names, in random order, with random slopes.

    Returns the edges, and a function from a node to its name: a new object at each call, so that
    an answer which compares names with ``is`` fails here as it does over the channel.
    """
    nodes = sorted(set("".join(arrows)))
    letters = dict(zip(nodes, rng.permutation(list("abcdefghklm"))[: len(nodes)], strict=True))

    def name(node):
        return f"node {letters[node]}"

    slopes = rng.choice([-1, 1], len(arrows)) * np.round(rng.uniform(0.3, 2.5, len(arrows)), 2)
    edges = {
        (name(arrows[i][0]), name(arrows[i][1])): float(slopes[i])
        for i in rng.permutation(len(arrows))
    }
    return edges, name


@paths.examined_by
def _(rng):
    chain = ["xy", "yz", "zu", "uv"]
    notes = ["xw", "wu", "wv", "up", "vp", "pr", "xq", "qr"]
    dead_ends = ["sw", "vt", "xk", "rm"]
    edges, name = _graph(rng, chain)
    yield Case("one path", [(edges, name("x"), name("v"))], atol=1e-5)
    yield Case("one path", [(edges, name("y"), name("u"))], atol=1e-5)
    for arrows in (notes, [*notes, "xr", "wp", "qp"]):
        edges, name = _graph(rng, arrows)
        yield Case("several paths", [(edges, name("x"), name("r"))], atol=1e-5)
    edges, name = _graph(rng, notes + dead_ends)
    dead_end = name("x"), name("k")
    edges = {dead_end: edges.pop(dead_end), **edges}
    yield Case("several paths", [(edges, name("x"), name("r"))], atol=1e-5)
    for source, target in ("rx", "uq", "ww"):
        yield Case("no edges to follow", [(edges, name(source), name(target))], atol=1e-5)


def _from(edges, node):
    """The edges that leave a node: (slope, end)."""
    return [(slope, end) for (start, end), slope in edges.items() if start == node]


def _all_paths(edges, source, target):
    """Every path as the list of the slopes along it."""
    if source == target:
        return [[]]
    return [
        [slope, *rest]
        for slope, end in _from(edges, source)
        for rest in _all_paths(edges, end, target)
    ]


@paths.mistake(
    "only one path", "Every path counts: add the products of all paths, do not stop at the first."
)
def _(edges, source, target):
    found = _all_paths(edges, source, target)
    return float(np.prod(found[0])) if found else 0.0


@paths.mistake(
    "adds along a path", "Along a path the derivatives are multiplied; only whole paths are added."
)
def _(edges, source, target):
    return float(sum(sum(path) for path in _all_paths(edges, source, target)))


@paths.mistake(
    "multiplies the paths", "Different paths are added: the product is taken along one path only."
)
def _(edges, source, target):
    found = _all_paths(edges, source, target)
    return float(np.prod([np.prod(path) for path in found])) if found else 0.0


@paths.mistake(
    "multiplies as it goes",
    "Different paths are added: begin with 0 and add each path's product, `total += ...`.",
)
def _(edges, source, target):
    def walk(node):
        return 1.0 if node == target else np.prod([d * walk(end) for d, end in _from(edges, node)])

    return float(walk(source))


@paths.mistake(
    "adds as it goes",
    "Along a path the derivatives are multiplied: the edge's derivative times that of the rest.",
)
def _(edges, source, target):
    def walk(node):
        return 1.0 if node == target else sum(d + walk(end) for d, end in _from(edges, node))

    return float(walk(source))


@paths.mistake(
    "keeps the last edge alone",
    "`total = ...` forgets the paths before: add each edge's share, `total += ...`.",
)
def _(edges, source, target):
    def walk(node):
        return 1.0 if node == target else [0.0, *(d * walk(v) for d, v in _from(edges, node))][-1]

    return float(walk(source))


@paths.mistake(
    "keeps the first edge alone",
    "The return statement is inside the loop: add the shares of all edges first, then return.",
)
def _(edges, source, target):
    def walk(node):
        return 1.0 if node == target else next((d * walk(v) for d, v in _from(edges, node)), 0.0)

    return float(walk(source))


@paths.mistake(
    "counts the paths",
    "Each edge's own derivative belongs to the product: its derivative times that of the rest.",
)
def _(edges, source, target):
    return float(len(_all_paths(edges, source, target)))


@paths.mistake("averages the paths", "Add the products of the paths; they are not averaged.")
def _(edges, source, target):
    found = _all_paths(edges, source, target)
    return float(np.mean([np.prod(path) for path in found])) if found else 0.0


@paths.mistake(
    "visits a node once",
    "Two paths may share a node: do not skip a node because another path has been there.",
)
def _(edges, source, target):
    seen = set()

    def walk(node):
        if node == target:
            return 1.0
        if node in seen:
            return 0.0
        seen.add(node)
        return sum(slope * walk(end) for slope, end in _from(edges, node))

    return float(walk(source))


@paths.mistake(
    "ignores the direction of the edges",
    "An edge (u, v) leads from u to v only: dv/du says nothing about how u depends on v.",
)
def _(edges, source, target):
    forward = _all_paths(edges, source, target) or _all_paths(edges, target, source)
    return float(sum(np.prod(path) for path in forward))


@paths.mistake(
    "walks against the edges",
    "An edge (u, v) leads from u to v: begin with the edges whose first name is the source.",
)
def _(edges, source, target):
    return float(sum(np.prod(path) for path in _all_paths(edges, target, source)))


@paths.mistake(
    "relies on the order of the edges",
    "The edges come in any order: when your loop meets an edge, what it builds on may not be known "
    "yet. Let the function call itself.",
)
def _(edges, source, target):
    slopes = {source: 1.0}
    for (start, end), slope in edges.items():
        slopes[end] = slopes.get(end, 0.0) + slope * slopes.get(start, 0.0)
    return slopes.get(target, 0.0)


@paths.mistake(
    "0 for a variable by itself",
    "The derivative of a variable by itself is 1: return 1.0 if source == target.",
)
def _(edges, source, target):
    return float(sum(np.prod(path) for path in _all_paths(edges, source, target) if path))


@paths.mistake(
    "never reaches the target",
    "Every path must end: without `if source == target: return 1.0` (== and not `is`), all "
    "products are 0.",
)
def _(edges, source, target):
    return 0.0


@paths.mistake(
    "fails where there is no path",
    "A target that does not depend on the source has derivative 0: return 0.0 when no path is "
    "found.",
)
def _(edges, source, target):
    found = _all_paths(edges, source, target)
    return float(sum(np.prod(path) for path in found)) if found else None


@paths.mistake(
    "edge from source to target only",
    "The source reaches the target through other variables: follow the edges through them.",
)
def _(edges, source, target):
    return edges.get((source, target), 0.0)


jacobian = Exercise(
    "softmax_jacobian",
    assignment=ASSIGNMENT,
    parts={"value": 1},
    hints=(
        "Differentiate p_i = exp(s_i) / sum(exp(s)) by s_j. There are two cases: i = j, and i not "
        "equal to j. Both can be written with p alone.",
        "On the diagonal stands p_i (1 - p_i), which is p_i - p_i p_i. Off the diagonal stands "
        "-p_i p_j.",
        "So one matrix of all products p_i p_j is subtracted from a matrix with p on its "
        "diagonal: np.outer and np.diag.",
    ),
)


@jacobian.solved_by
def softmax_jacobian(p):
    return np.diag(p) - np.outer(p, p)


def _probabilities(rng, n_classes):
    weights = np.exp(1.2 * rng.standard_normal(n_classes))
    return weights / np.sum(weights)


@jacobian.examined_by
def _(rng):
    for n_classes in (3, 5, 10):
        yield Case("value", [(_probabilities(rng, n_classes),)])


@jacobian.mistake(
    "only the diagonal",
    "Raising one score lowers all other probabilities: off the diagonal stands -p_i p_j.",
)
def _(p):
    return np.diag(p * (1 - p))


@jacobian.mistake("no outer product", "Subtract p p^T, np.outer(p, p), from the diagonal matrix.")
def _(p):
    return np.diag(p)


@jacobian.mistake(
    "dot product in place of outer product",
    "p is 1-D, so p.T is p and p @ p.T is one number: use np.outer(p, p).",
)
def _(p):
    return np.diag(p) - p @ p.T


@jacobian.mistake(
    "squares in place of outer product",
    "p is 1-D, so p.T is p and p * p.T holds C squares: use np.outer(p, p).",
)
def _(p):
    return np.diag(p) - p * p.T


@jacobian.mistake("sign turned around", "It is diag(p) - p p^T: the diagonal is positive.")
def _(p):
    return np.outer(p, p) - np.diag(p)


@jacobian.mistake("adds the outer product", "Subtract p p^T: the entries of each row sum to 0.")
def _(p):
    return np.diag(p) + np.outer(p, p)


@jacobian.mistake(
    "p in place of diag(p)",
    "p - np.outer(p, p) broadcasts p over all rows: put p on the diagonal with np.diag(p).",
)
def _(p):
    return p - np.outer(p, p)


@jacobian.mistake(
    "identity in place of diag(p)", "On the diagonal stands p_i - p_i**2, not 1 - p_i**2."
)
def _(p):
    return np.eye(len(p)) - np.outer(p, p)


@jacobian.mistake(
    "takes p for scores", "p already holds probabilities: do not apply softmax to it again."
)
def _(p):
    q = np.exp(p) / np.sum(np.exp(p))
    return np.diag(q) - np.outer(q, q)


@jacobian.mistake(
    "one derivative a class",
    "The Jacobian is a matrix (C, C): C outputs, each with a derivative by each of C inputs.",
)
def _(p):
    return p * (1 - p)


vjp = Exercise(
    "softmax_vjp",
    assignment=ASSIGNMENT,
    parts={"value": 1, "no Jacobian": 1},
    hints=(
        "Multiply v by diag(p) - p p^T with pencil and paper, one term at a time.",
        "v times diag(p) is the entrywise product of v and p. v times p p^T is the number v . p "
        "times the vector p.",
        "Take p out of both terms: entry j is p_j times (v_j minus the number v . p). No matrix "
        "is needed.",
    ),
)

METERED_CLASSES = 700
MAX_METERED_BYTES = 3 * METERED_CLASSES**2 // 2
"""A print or a plot of all classes takes half of it."""


@vjp.solved_by
def softmax_vjp(p, v):
    return p * (v - np.sum(p * v))


def _needs_no_matrix(observations):
    """A matrix of METERED_CLASSES**2 numbers, in half precision even, is over the bound."""
    peak = observations[0].records["0"]["peak_bytes"]
    if peak < MAX_METERED_BYTES:
        return None
    return (
        f"softmax_vjp took {peak / 1e6:.1f} MB for {METERED_CLASSES} classes, expected a few "
        "kilobytes: it forms the Jacobian."
    )


@vjp.examined_by
def _(rng):
    for n_classes in (3, 5, 10):
        yield Case("value", [(_probabilities(rng, n_classes), rng.standard_normal(n_classes))])
    p = Recipe("metered", values=_probabilities(rng, METERED_CLASSES))
    v = 10 * rng.standard_normal(METERED_CLASSES)
    yield Case("no Jacobian", [(p, v)], verify=_needs_no_matrix, asks_how=True, trusts_client=True)


@vjp.mistake(
    "forms the Jacobian",
    "Expand v^T (diag(p) - p p^T) with pencil and paper: only vectors and one dot product remain.",
)
def _(p, v):
    return v @ (np.diag(p) - np.outer(p, p))


@vjp.mistake("only the diagonal", "The outer product matters too: subtract p times (p . v).")
def _(p, v):
    return p * v


@vjp.mistake("only p (1 - p)", "p (1 - p) v is the diagonal alone: every p depends on every score.")
def _(p, v):
    return p * (1 - p) * v


@vjp.mistake("p missing before the dot product", "The second term is the vector p times (p . v).")
def _(p, v):
    return p * v - np.sum(p * v)


@vjp.mistake("p missing before v", "The first term is p * v: diag(p) multiplies v by p.")
def _(p, v):
    return v - p * np.sum(p * v)


@vjp.mistake("sign turned around", "It is p * v minus p * (p . v), not the other way round.")
def _(p, v):
    return p * (np.sum(p * v) - v)


@vjp.mistake("adds the second term", "Subtract p times (p . v): diag(p) - p p^T has a minus.")
def _(p, v):
    return p * (v + np.sum(p * v))


@vjp.mistake(
    "p and v exchanged",
    "Outside the parentheses stands p, inside v: v times diag(p) is p * v, and p p^T ends in p.",
)
def _(p, v):
    return v * (p - np.sum(p * v))


@vjp.mistake(
    "v missing in the second term", "The second term is p times the number v . p, not p alone."
)
def _(p, v):
    return p * v - p


@vjp.mistake("sum of v without p", "The number to subtract is p . v = sum(p * v), not sum(v).")
def _(p, v):
    return p * (v - np.sum(v))


@vjp.mistake("mean of v", "The number to subtract is p . v, the mean of v weighted by p.")
def _(p, v):
    return p * (v - np.mean(v))


@vjp.mistake(
    "takes p for scores", "p already holds probabilities: do not apply softmax to it again."
)
def _(p, v):
    q = np.exp(p) / np.sum(np.exp(p))
    return q * (v - np.sum(q * v))


naive_svm = Exercise(
    "svm_gradient_naive",
    assignment=ASSIGNMENT,
    parts={"gradient": 1.5, "regularization": 0.5},
    hints=(
        "A term max(0, s_j - s_y + 1) of the loss has slope 1 or 0. Which columns of W does it "
        "depend on, and with which sign?",
        "If the margin is above 0, raising s_j raises the loss and raising s_y lowers it. s_j is "
        "x_i . W[:, j]: its derivative by that column is x_i.",
        "Two loops as in svm_loss_naive. For each margin above 0, add X[i] to column j of dW and "
        "subtract X[i] from column y[i]. At the end divide by N and add the gradient of the "
        "penalty, 2 * reg * W.",
    ),
)
fast_svm = Exercise(
    "svm_loss_and_gradient",
    assignment=ASSIGNMENT,
    parts={"loss": 0.5, "gradient": 1.5, "regularization": 1, "no loops": 1},
    hints=(
        "Go by way of the scores: first find the derivative of the loss by each score, an (N, C) "
        "array; the chain rule through scores = X @ W is then one product.",
        "For a wrong class the derivative by its score is 1 where its margin is above 0, else 0. "
        "For the correct class it is minus the number of these ones in the row.",
        "Make dscores from margins > 0 as numbers, with the margins of the correct classes set to "
        "0 before; write minus the row sums at [np.arange(N), y]. dW is X.T @ dscores / N plus 2 "
        "* reg * W. Return loss and dW, in this order.",
    ),
)
fast_softmax = Exercise(
    "softmax_loss_and_gradient",
    assignment=ASSIGNMENT,
    parts={"loss": 0.5, "gradient": 1, "regularization": 1, "stable": 0.5, "no loops": 1},
    hints=(
        "Go by way of the scores: the derivative of an image's loss by its scores is a short "
        "formula in the probabilities. Differentiate log(sum(exp(s))) - s_y by s_j to find it.",
        "It is p_j for a wrong class and p_y - 1 for the correct one. The loss itself comes from "
        "log(sum(exp(s))) - s_y, with each row's maximum subtracted before.",
        "dscores is the array of probabilities with 1 subtracted at [np.arange(N), y]. dW is X.T "
        "@ dscores / N plus 2 * reg * W. Return loss and dW, in this order.",
    ),
)


@naive_svm.solved_by
def svm_gradient_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    for i in range(len(X)):
        scores = X[i] @ W
        for j in range(W.shape[1]):
            if j != y[i] and scores[j] - scores[y[i]] + 1 > 0:
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    return dW / len(X) + 2 * reg * W


@fast_svm.solved_by
def svm_loss_and_gradient(W, X, y, reg):
    images = np.arange(len(X))
    scores = X @ W
    margins = np.maximum(0, scores - scores[images, y][:, np.newaxis] + 1)
    margins[images, y] = 0
    loss = np.sum(margins) / len(X) + reg * np.sum(W**2)
    dscores = (margins > 0).astype(W.dtype)
    dscores[images, y] = -np.sum(dscores, axis=1)
    dW = X.T @ dscores / len(X) + 2 * reg * W
    return float(loss), dW


@fast_softmax.solved_by
def softmax_loss_and_gradient(W, X, y, reg):
    images = np.arange(len(X))
    scores = X @ W
    scores = scores - np.max(scores, axis=1, keepdims=True)
    sums = np.sum(np.exp(scores), axis=1, keepdims=True)
    loss = np.mean(np.log(sums[:, 0]) - scores[images, y]) + reg * np.sum(W**2)
    dscores = np.exp(scores) / sums
    dscores[images, y] -= 1
    dW = X.T @ dscores / len(X) + 2 * reg * W
    return float(loss), dW


SIZES = ((1, 4, 3), (50, 5, 4), (9, 7, 10))
"""N, D and C of batches; among 50 images some violate no margin and some violate several."""

PIXEL = 1e8
"""A unit for pixels in which every usual step of a weight is too long for a finite difference."""

DIFFERENCE = "its value with reg minus its value with reg = 0"


def _batch(rng, n, d, c):
    """Weights, images and labels whose scores spread over a few margins; N, D, C differ."""
    W = rng.standard_normal((d, c))
    X = rng.standard_normal((n, d))
    X[:, -1] = 1.0
    return W, X, rng.integers(0, c, n)


def _batch_in_small_units(rng, n, d, c):
    """Like `_batch`, with such scores from huge pixels and tiny weights."""
    W, X, y = _batch(rng, n, d, c)
    return W / PIXEL, X * PIXEL, y


def _loss_and_gradient(observation):
    loss, gradient = observation.value
    return loss, gradient


def _loss(observations):
    return _loss_and_gradient(observations[-1])[0]


def _gradient(observations):
    return _loss_and_gradient(observations[-1])[1]


def _in_pixels(observations):
    loss, gradient = _loss_and_gradient(observations[-1])
    return loss, gradient / PIXEL


def _penalty(observations):
    """What the regularization adds to loss and gradient."""
    without, with_penalty = (_loss_and_gradient(observation) for observation in observations)
    return with_penalty[0] - without[0], np.subtract(with_penalty[1], without[1])


@naive_svm.examined_by
def _(rng):
    for n, d, c in SIZES:
        yield Case("gradient", [(*_batch(rng, n, d, c), 0.0)])
    yield Case(
        "gradient",
        [(*_batch_in_small_units(rng, 6, 5, 4), 0.0)],
        answer=lambda seen: seen[0].value / PIXEL,
        measures="dW / 1e8",
    )
    for reg in (0.7, float(rng.uniform(0.5, 3.0))):
        batch = _batch(rng, 5, 4, 3)
        calls = [(*batch, 0.0), (*batch, reg)]
        yield Case(
            "regularization",
            calls,
            answer=lambda seen: seen[1].value - seen[0].value,
            measures=DIFFERENCE,
        )


def _loss_and_gradient_cases(rng):
    for n, d, c in SIZES:
        batch = _batch(rng, n, d, c)
        yield Case("loss", [(*batch, 0.0)], answer=_loss)
        yield Case("gradient", [(*batch, 0.0)], answer=_gradient)
    call = (*_batch_in_small_units(rng, 6, 5, 4), 0.0)
    yield Case("gradient", [call], answer=lambda seen: _gradient(seen) / PIXEL, measures="dW / 1e8")
    for reg in (0.7, float(rng.uniform(0.5, 3.0))):
        batch = _batch(rng, 5, 4, 3)
        calls = [(*batch, 0.0), (*batch, reg)]
        yield Case("regularization", calls, answer=_penalty, measures=DIFFERENCE)
    W, X, y = _batch_in_small_units(rng, MANY_IMAGES, 5, 4)
    # Without the penalty: a mistake in it has cost its own part already.
    few, many = (W, X[:8], y[:8], 0.0), (W, X, y, 0.0)
    yield no_loop_over_images(
        "no loops", few, many, answer=_in_pixels, measures="loss and dW / 1e8"
    )


fast_svm.examined_by(_loss_and_gradient_cases)


@fast_softmax.examined_by
def _(rng):
    yield from _loss_and_gradient_cases(rng)
    for biases in ([1000.0] * 4, [0.0, -1500.0, 0.0, -1500.0]):
        W, X, y = _batch(rng, 6, 5, 4)
        W[-1] = biases
        y[0] = 1
        # A score of 1,000 is rounded to 1e-4 in float32.
        yield Case("stable", [(W, X, y, 0.0)], rtol=1e-3, atol=1e-3)
    W, X, y = _batch(rng, 6, 5, 4)
    W[0], X[:, 0] = 1000.0, rng.permutation([-1.0, -1.0, 0.0, 0.0, 1.0, 1.0])
    yield Case("stable", [(W, X, y, 0.0)], rtol=1e-3, atol=1e-3)


def _margins(W, X, y, delta=1.0):
    """Margins (N, C) after the max, zero at the correct class."""
    images = np.arange(len(X))
    scores = X @ W
    margins = np.maximum(0, scores - scores[images, y][:, np.newaxis] + delta)
    margins[images, y] = 0
    return margins


def _hinge_loss(W, X, y):
    return np.sum(_margins(W, X, y)) / len(X)


def _own_maximum(scores):
    return np.max(scores, axis=1, keepdims=True)


def _column_maximum(scores):
    return np.max(scores, axis=0)


def _log_probabilities(W, X):
    scores = X @ W
    scores = scores - _own_maximum(scores)
    return scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))


def _cross_entropy(W, X, y):
    return -np.mean(_log_probabilities(W, X)[np.arange(len(X)), y])


def _balanced(wrong, y):
    """dscores (N, C) from those of the wrong classes: the correct class takes minus their sum."""
    dscores = wrong.astype(np.float64)
    dscores[np.arange(len(y)), y] = -np.sum(dscores, axis=1)
    return dscores


def _hinge_dscores(W, X, y):
    return _balanced(_margins(W, X, y) > 0, y)


def _softmax_dscores(W, X, y):
    dscores = np.exp(_log_probabilities(W, X))
    dscores[np.arange(len(X)), y] -= 1
    return dscores


def _penalized(loss, gradient, W, reg):
    return loss + reg * np.sum(W**2), gradient + 2 * reg * W


def _shows_gradient(gradient):
    """A `shows` that holds if every call returned this gradient, whatever its loss."""
    return every_call(
        lambda call: same(call.value[1], gradient(*call.arguments), rtol=1e-3, atol=1e-3)
    )


def _wrong_gradients(exercise, loss):
    """Register mistakes of the gradient; ``loss`` is what stands before it, if anything."""

    def register(name, hint):
        def decorate(gradient):
            if loss is None:

                @exercise.mistake(name, hint)
                def _(W, X, y, reg):
                    return gradient(W, X, y, reg)
            else:

                @exercise.mistake(name, hint, shows=_shows_gradient(gradient))
                def _(W, X, y, reg):
                    return loss(W, X, y) + reg * np.sum(W**2), gradient(W, X, y, reg)

        return decorate

    return register


def _numerical(loss, W, *data):
    """Centered differences of ``loss(W, *data)`` over all of W."""
    slopes = np.zeros(W.shape)
    for index in np.ndindex(*W.shape):
        step = np.zeros(W.shape)
        step[index] = 1e-5
        slopes[index] = (loss(W + step, *data) - loss(W - step, *data)) / 2e-5
    return slopes


def _shows_differences(exercise, gradient):
    """A `shows` that holds if the gradient is off in small units, where every step is too long."""

    def differs(call):
        small_units = np.max(np.abs(call.arguments[1])) > PIXEL / 100
        right = gradient(exercise.reference(*call.arguments))
        scale = PIXEL if small_units else 1.0
        close = same(gradient(call.value) / scale, right / scale, rtol=1e-2, atol=1e-2)
        return close != small_units

    return every_call(lambda call: call.arguments[3] != 0 or differs(call))


_NUMERICAL = (
    "numerical gradient",
    "This evaluates the loss again for every weight, and its step is too long for some data. Code "
    "the formula for dW.",
)


def _mistakes_of_the_hinge_gradient(exercise, loss):
    mistake = _wrong_gradients(exercise, loss)

    @mistake(
        "correct class gets no gradient",
        "Every margin that is violated also pulls on the correct class: its column gets -x_i.",
    )
    def _(W, X, y, reg):
        return X.T @ (_margins(W, X, y) > 0) / len(X) + 2 * reg * W

    @mistake(
        "correct class counted once",
        "The correct class's column gets -x_i once for each violated margin, not once an image.",
    )
    def _(W, X, y, reg):
        dscores = (_margins(W, X, y) > 0).astype(np.float64)
        dscores[np.arange(len(y)), y] = -np.max(dscores, axis=1)
        return X.T @ dscores / len(X) + 2 * reg * W

    @mistake(
        "correct class gets -x_i for every image",
        "The correct class's column gets -x_i once for each violated margin: several times for "
        "some images, and not at all for an image that violates none.",
    )
    def _(W, X, y, reg):
        dscores = (_margins(W, X, y) > 0).astype(np.float64)
        dscores[np.arange(len(y)), y] = -1
        return X.T @ dscores / len(X) + 2 * reg * W

    @mistake(
        "counts the correct class",
        "Leave j = y_i out when you count the violated margins: its own margin is always 1.",
    )
    def _(W, X, y, reg):
        dscores = _hinge_dscores(W, X, y)
        dscores[np.arange(len(y)), y] -= 1
        return X.T @ dscores / len(X) + 2 * reg * W

    @mistake(
        "margin in place of indicator",
        "The derivative of max(0, m) by m is 1 or 0: the size of the margin does not enter.",
    )
    def _(W, X, y, reg):
        return X.T @ _balanced(_margins(W, X, y), y) / len(X) + 2 * reg * W

    @mistake(
        "margin in place of indicator for the wrong classes",
        "The derivative of max(0, m) by m is 1 or 0: the size of the margin does not enter.",
    )
    def _(W, X, y, reg):
        dscores = _margins(W, X, y)
        dscores[np.arange(len(y)), y] = -np.sum(dscores > 0, axis=1)
        return X.T @ dscores / len(X) + 2 * reg * W

    @mistake(
        "no indicator",
        "A class outside the margin adds no gradient: only margins above 0 count.",
    )
    def _(W, X, y, reg):
        wrong = np.ones((len(X), W.shape[1]))
        wrong[np.arange(len(y)), y] = 0
        return X.T @ _balanced(wrong, y) / len(X) + 2 * reg * W

    @mistake("no margin", "The condition is s_j - s_y + 1 > 0: the margin of 1 belongs to it.")
    def _(W, X, y, reg):
        return X.T @ _balanced(_margins(W, X, y, delta=0.0) > 0, y) / len(X) + 2 * reg * W

    _mistakes_of_any_gradient(mistake, _hinge_dscores)


def _mistakes_of_any_gradient(mistake, dscores):
    @mistake("no mean over the images", "The loss is a mean over N images, so divide dW by N.")
    def _(W, X, y, reg):
        return X.T @ dscores(W, X, y) + 2 * reg * W

    @mistake("averages over classes", "Divide by the number of images, N, not of classes.")
    def _(W, X, y, reg):
        return X.T @ dscores(W, X, y) / W.shape[1] + 2 * reg * W

    @mistake("divided by N twice", "Divide once: if dscores is divided by N, X.T @ dscores is not.")
    def _(W, X, y, reg):
        return X.T @ dscores(W, X, y) / len(X) ** 2 + 2 * reg * W

    @mistake(
        "sign turned around",
        "The gradient points uphill: wrong classes get +x_i and the correct class -x_i.",
    )
    def _(W, X, y, reg):
        return -X.T @ dscores(W, X, y) / len(X) + 2 * reg * W

    @mistake("transposed", "dW has the shape of W, (D, C): it is X.T @ dscores.")
    def _(W, X, y, reg):
        return (X.T @ dscores(W, X, y) / len(X) + 2 * reg * W).T

    @mistake("no regularization", "The penalty has a gradient too: add 2 * reg * W.")
    def _(W, X, y, reg):
        return X.T @ dscores(W, X, y) / len(X)

    @mistake(
        "regularization without the 2",
        "The penalty is reg * sum(W**2), without 1/2, so its gradient is 2 * reg * W.",
    )
    def _(W, X, y, reg):
        return X.T @ dscores(W, X, y) / len(X) + reg * W

    @mistake(
        "regularization averaged over the images",
        "Add 2 * reg * W after the division by N: the penalty is no sum over images.",
    )
    def _(W, X, y, reg):
        return (X.T @ dscores(W, X, y) + 2 * reg * W) / len(X)

    @mistake(
        "regularization added for every image",
        "Add 2 * reg * W once, outside the loop over images.",
    )
    def _(W, X, y, reg):
        return X.T @ dscores(W, X, y) / len(X) + 2 * reg * W * len(X)

    @mistake(
        "regularization leaves out the bias row",
        "In this course all of W is regularized, the bias row included.",
    )
    def _(W, X, y, reg):
        dW = X.T @ dscores(W, X, y) / len(X)
        dW[:-1] += 2 * reg * W[:-1]
        return dW

    @mistake(
        "penalty in place of its gradient",
        "reg * sum(W**2) is the penalty itself; its gradient is the matrix 2 * reg * W.",
    )
    def _(W, X, y, reg):
        return X.T @ dscores(W, X, y) / len(X) + reg * np.sum(W**2)


def _mistakes_of_loss_and_gradient(exercise, loss, dscores):
    """Mistakes in the loss, in what is returned, and in how it is computed."""

    def dW(W, X, y, reg):
        return X.T @ dscores(W, X, y) / len(X) + 2 * reg * W

    @exercise.mistake(*_NUMERICAL, shows=_shows_differences(exercise, lambda value: value[1]))
    def _(W, X, y, reg):
        return _penalized(loss(W, X, y), _numerical(loss, W, X, y), W, reg)

    @exercise.mistake("returns the gradient alone", "Return both: `return loss, dW`.")
    def _(W, X, y, reg):
        return dW(W, X, y, reg)

    @exercise.mistake("gradient before loss", "The loss comes first: `return loss, dW`.")
    def _(W, X, y, reg):
        return dW(W, X, y, reg), loss(W, X, y) + reg * np.sum(W**2)

    @exercise.mistake("loss without mean", "Divide the summed loss by the number of images.")
    def _(W, X, y, reg):
        return loss(W, X, y) * len(X) + reg * np.sum(W**2), dW(W, X, y, reg)

    @exercise.mistake(
        "no mean in loss and gradient",
        "The loss is a mean over N images: divide both the summed loss and dW by N.",
    )
    def _(W, X, y, reg):
        penalty, its_gradient = reg * np.sum(W**2), 2 * reg * W
        return loss(W, X, y) * len(X) + penalty, X.T @ dscores(W, X, y) + its_gradient

    @exercise.mistake(
        "loss without regularization", "The loss includes the penalty, reg * np.sum(W**2)."
    )
    def _(W, X, y, reg):
        return loss(W, X, y), dW(W, X, y, reg)

    @exercise.mistake(
        "half the regularization in the loss",
        "The course's penalty is reg * sum(W**2), without 1/2; your gradient belongs to that one.",
    )
    def _(W, X, y, reg):
        return loss(W, X, y) + 0.5 * reg * np.sum(W**2), dW(W, X, y, reg)

    @exercise.mistake(
        "half the regularization",
        "The course's penalty is reg * sum(W**2), without 1/2, and its gradient is 2 * reg * W.",
    )
    def _(W, X, y, reg):
        half = 0.5 * reg
        return loss(W, X, y) + half * np.sum(W**2), dW(W, X, y, half)

    @exercise.mistake(
        "loops over the images",
        "Work on the whole (N, C) array at once: dW is one product, X.T @ dscores.",
    )
    def _(W, X, y, reg):
        gradient = np.zeros(W.shape)
        for image, row in zip(X, dscores(W, X, y), strict=True):
            gradient += np.outer(image, row)
        return _penalized(loss(W, X, y), gradient / len(X), W, reg)


_mistakes_of_the_hinge_gradient(naive_svm, None)


@naive_svm.mistake(
    "returns inside the loop",
    "The return statement is indented into the loop: only the first image is counted.",
)
def _(W, X, y, reg):
    return X[:1].T @ _hinge_dscores(W, X[:1], y[:1]) / len(X) + 2 * reg * W


@naive_svm.mistake(
    "divides inside the loop",
    "`dW /= N` is indented into the loop: what the first images gave is divided again and again.",
)
def _(W, X, y, reg):
    dW = np.zeros(W.shape)
    for i in range(len(X)):
        dW = (dW + X[i : i + 1].T @ _hinge_dscores(W, X[i : i + 1], y[i : i + 1])) / len(X)
    return dW + 2 * reg * W


@naive_svm.mistake(*_NUMERICAL, shows=_shows_differences(naive_svm, lambda value: value))
def _(W, X, y, reg):
    return _numerical(_hinge_loss, W, X, y) + 2 * reg * W


@naive_svm.mistake(
    "rows in place of columns",
    "The weights of class j are a column: dW[:, j], where dW[j] is a row.",
)
def _(W, X, y, reg):
    dW = np.zeros(W.shape)
    for i, j in np.argwhere(_margins(W, X, y) > 0):
        dW[j] += X[i]
        dW[y[i]] -= X[i]
    return dW / len(X) + 2 * reg * W


# Mistakes of both come first: the others are recognized by the gradient alone.
_mistakes_of_loss_and_gradient(fast_svm, _hinge_loss, _hinge_dscores)


@fast_svm.mistake(
    "loss averaged over images and classes",
    "The hinge loss sums over the classes; only the images are averaged.",
)
def _(W, X, y, reg):
    loss = np.mean(_margins(W, X, y))
    return _penalized(loss, X.T @ _hinge_dscores(W, X, y) / len(X), W, reg)


@fast_svm.mistake(
    "zeroes whole columns",
    "margins[:, y] = 0 clears N whole columns; margins[np.arange(N), y] = 0 clears one margin per "
    "image.",
)
def _(W, X, y, reg):
    margins = _margins(W, X, y)
    margins[:, y] = 0
    gradient = X.T @ _balanced(margins > 0, y) / len(X)
    return _penalized(np.sum(margins) / len(X), gradient, W, reg)


@fast_svm.mistake(
    "max in place of np.maximum",
    "max and if take a single number: np.maximum(0, ...) compares an array entry by entry.",
)
def _(W, X, y, reg):
    return max(0, X @ W), W


@fast_svm.mistake(
    "counts the correct class in the loss",
    "Set margins[np.arange(N), y] to 0 before you sum them: the correct class's own margin is "
    "always 1, so your loss is 1 too high.",
)
def _(W, X, y, reg):
    dscores = _hinge_dscores(W, X, y)
    return _penalized(_hinge_loss(W, X, y) + 1, X.T @ dscores / len(X), W, reg)


@fast_svm.mistake(
    "counts the correct class in loss and gradient",
    "Set margins[np.arange(N), y] to 0 before you sum them and before you count those above 0: "
    "the correct class's own margin is always 1.",
)
def _(W, X, y, reg):
    dscores = _hinge_dscores(W, X, y)
    dscores[np.arange(len(X)), y] -= 1
    return _penalized(_hinge_loss(W, X, y) + 1, X.T @ dscores / len(X), W, reg)


_mistakes_of_the_hinge_gradient(fast_svm, _hinge_loss)


@fast_svm.mistake(
    "the mask is boolean",
    "The mask is boolean: minus 3 becomes True in it. Make it floats first: "
    "`(margins > 0).astype(float)`.",
)
def _(W, X, y, reg):
    violated = _margins(W, X, y) > 0
    violated[np.arange(len(X)), y] = -np.sum(violated, axis=1)
    return _penalized(_hinge_loss(W, X, y), X.T @ violated / len(X), W, reg)


_WHOLE_COLUMNS = "`[:, y]` takes whole columns: one entry an image is `[np.arange(N), y]`."


@fast_svm.mistake("writes whole columns", _WHOLE_COLUMNS)
def _(W, X, y, reg):
    dscores = (_margins(W, X, y) > 0).astype(np.float64)
    dscores[:, y] = -np.sum(dscores, axis=1)
    return _penalized(_hinge_loss(W, X, y), X.T @ dscores / len(X), W, reg)


@fast_svm.mistake("writes whole columns, row by row", _WHOLE_COLUMNS)
def _(W, X, y, reg):
    dscores = (_margins(W, X, y) > 0).astype(np.float64)
    dscores[:, y] = -np.sum(dscores, axis=1, keepdims=True)
    return _penalized(_hinge_loss(W, X, y), X.T @ dscores / len(X), W, reg)


def _mistakes_of_the_softmax_gradient(mistake):
    @mistake("no 1 subtracted", "At the correct class the derivative by the score is p - 1, not p.")
    def _(W, X, y, reg):
        return X.T @ np.exp(_log_probabilities(W, X)) / len(X) + 2 * reg * W

    @mistake(
        "1 subtracted everywhere",
        "Subtract 1 at the correct class alone: dscores[np.arange(N), y] -= 1.",
    )
    def _(W, X, y, reg):
        return X.T @ (np.exp(_log_probabilities(W, X)) - 1) / len(X) + 2 * reg * W

    @mistake("1 added", "At the correct class the derivative by the score is p - 1, not p + 1.")
    def _(W, X, y, reg):
        dscores = np.exp(_log_probabilities(W, X))
        dscores[np.arange(len(X)), y] += 1
        return X.T @ dscores / len(X) + 2 * reg * W

    @mistake("1 subtracted from whole columns", _WHOLE_COLUMNS)
    def _(W, X, y, reg):
        dscores = np.exp(_log_probabilities(W, X))
        dscores[:, y] -= 1
        return X.T @ dscores / len(X) + 2 * reg * W

    def _sums_of_each_class(shift):
        def gradient(W, X, y, reg):
            scores = X @ W
            with np.errstate(all="ignore"):
                exponentials = np.exp(scores - shift(scores))
                dscores = exponentials / np.sum(exponentials, axis=0)
            dscores[np.arange(len(X)), y] -= 1
            return X.T @ dscores / len(X) + 2 * reg * W

        return gradient

    for name, shift in (("sums", _own_maximum), ("maxima and sums", _column_maximum)):
        mistake(
            f"{name} of each class",
            "Sum row by row, axis=1 with keepdims=True: axis=0 sums each class over the images.",
        )(_sums_of_each_class(shift))

    @mistake(
        "1 subtracted after the mean",
        "Divide by N after subtracting 1: otherwise the 1 outweighs the probabilities N times.",
    )
    def _(W, X, y, reg):
        dscores = np.exp(_log_probabilities(W, X)) / len(X)
        dscores[np.arange(len(X)), y] -= 1
        return X.T @ dscores + 2 * reg * W

    @mistake(
        "only the correct class",
        "The other classes have a gradient too: their probability p_j, times x_i.",
    )
    def _(W, X, y, reg):
        images, dscores = np.arange(len(X)), np.zeros((len(X), W.shape[1]))
        dscores[images, y] = np.exp(_log_probabilities(W, X))[images, y] - 1
        return X.T @ dscores / len(X) + 2 * reg * W

    @mistake(
        "diagonal of the Jacobian",
        "p (1 - p) is the softmax's own slope; with the logarithm in front it becomes p - 1.",
    )
    def _(W, X, y, reg):
        p = np.exp(_log_probabilities(W, X))
        dscores = p * (1 - p)
        dscores[np.arange(len(X)), y] *= -1
        return X.T @ dscores / len(X) + 2 * reg * W

    _mistakes_of_any_gradient(mistake, _softmax_dscores)


# Mistakes of both come first: the others are recognized by the gradient alone.
_mistakes_of_loss_and_gradient(fast_softmax, _cross_entropy, _softmax_dscores)
_mistakes_of_the_softmax_gradient(_wrong_gradients(fast_softmax, _cross_entropy))


_SHIFTS = (
    (
        "no shift",
        "exp of a large score overflows: subtract each image's largest score first.",
        lambda scores: 0.0,
    ),
    (
        "one maximum for all images",
        "Shift every row by its own maximum: `scores.max(axis=1, keepdims=True)`. With one shift "
        "for all, an image with small scores underflows.",
        np.max,
    ),
    (
        "maximum of each class",
        "Shift every row by its own maximum: `scores.max(axis=1, keepdims=True)`. axis=0 takes "
        "that of each class over the images.",
        _column_maximum,
    ),
)

_SUMS = (
    (
        "sums over all images",
        "Sum the exponentials row by row, axis=1 with keepdims=True: each image has its own sum.",
        _own_maximum,
    ),
    (
        "softmax of a single image for all",
        "`softmax` of section 5 takes one image: here each row needs its own maximum and sum, "
        "axis=1 with keepdims=True.",
        np.max,
    ),
)


def _mistakes_of_the_exponentials(ending, shifts, sums=(), loss_from_p=False, p_from_loss=False):
    """Wrong shifts and sums, with the loss from log-sum-exp or from the probabilities."""

    def register(name, hint, shift, axis):
        @fast_softmax.mistake(name + ending, hint)
        def _(W, X, y, reg):
            images, scores = np.arange(len(X)), X @ W
            shifted = scores - shift(scores)
            with np.errstate(all="ignore"):
                sums = np.sum(np.exp(shifted), axis=axis, keepdims=True)
                p = np.exp(shifted - np.log(sums)) if p_from_loss else np.exp(shifted) / sums
                by_lse = np.log(sums[:, 0]) - shifted[images, y]
                losses = -np.log(p[images, y]) if loss_from_p else by_lse
            p[images, y] -= 1
            return _penalized(np.mean(losses), X.T @ p / len(X), W, reg)

    for wrong_shift in shifts:
        register(*wrong_shift, axis=1)
    for wrong_sum in sums:
        register(*wrong_sum, axis=None)


_mistakes_of_the_exponentials("", _SHIFTS, _SUMS)
_mistakes_of_the_exponentials(", then a logarithm of p", _SHIFTS, _SUMS, loss_from_p=True)
_mistakes_of_the_exponentials(", then exp of the log-sum-exp", _SHIFTS, p_from_loss=True)


@fast_softmax.mistake(
    "score of the correct class not shifted",
    "Shift s_y as well: with m the largest score, the loss is log(sum(exp(s - m))) - (s_y - m).",
)
def _(W, X, y, reg):
    loss = _cross_entropy(W, X, y) - np.mean(_own_maximum(X @ W))
    return _penalized(loss, X.T @ _softmax_dscores(W, X, y) / len(X), W, reg)


@fast_softmax.mistake(
    "logarithm of the mean probability",
    "Take the logarithm of each image's probability first, and the mean of the logarithms last.",
)
def _(W, X, y, reg):
    p = np.exp(_log_probabilities(W, X))[np.arange(len(X)), y]
    with np.errstate(divide="ignore"):
        loss = -np.log(np.mean(p))
    return _penalized(loss, X.T @ _softmax_dscores(W, X, y) / len(X), W, reg)


def _logarithm_of_p(epsilon):
    """An answer whose loss is -log(p + epsilon)."""

    def answer(W, X, y, reg):
        p = np.exp(_log_probabilities(W, X))
        with np.errstate(divide="ignore"):
            loss = -np.mean(np.log(p[np.arange(len(X)), y] + epsilon))
        return _penalized(loss, X.T @ _softmax_dscores(W, X, y) / len(X), W, reg)

    return answer


@fast_softmax.mistake(
    "logarithm of a probability that is 0",
    "A tiny p is rounded to 0 and log(0) is -inf: use log(sum(exp(s))) - s_y for the loss.",
)
def _(W, X, y, reg):
    return _logarithm_of_p(0.0)(W, X, y, reg)


@fast_softmax.mistake(
    "sum of the logarithms of p",
    "Divide the summed loss by the number of images. And where p is rounded to 0, log(0) is -inf: "
    "use log(sum(exp(s))) - s_y.",
)
def _(W, X, y, reg):
    loss, gradient = _logarithm_of_p(0.0)(W, X, y, 0.0)
    return _penalized(len(X) * loss, gradient, W, reg)


def _shows_an_epsilon(cases):
    """Whether the losses are those of -log(p + epsilon), for a usual epsilon."""

    def fits(answer):
        return every_call(
            lambda call: same(call.value, answer(*call.arguments), rtol=1e-3, atol=1e-3)
        )

    return any(fits(_logarithm_of_p(10.0**-exponent))(cases) for exponent in range(6, 21))


@fast_softmax.mistake(
    "a small number added to p",
    "With p + 1e-12 no loss is above 27.6, however wrong the scores are: use log(sum(exp(s))) - "
    "s_y, where no logarithm of 0 can come up.",
    shows=_shows_an_epsilon,
)
def _(W, X, y, reg):
    return _logarithm_of_p(1e-12)(W, X, y, reg)


error = Exercise(
    "relative_error",
    assignment=ASSIGNMENT,
    parts={"value": 0.5, "near zero": 0.5},
    hints=(
        "The formula is applied to every element by itself; only at the end is one number taken.",
        "np.abs works on numbers and arrays alike. np.maximum compares element by element and so "
        "keeps the denominator at 1e-8 at least; np.max looks for the largest in an array.",
        "Divide np.abs of the difference by np.maximum of 1e-8 and the sum of both absolute "
        "values, then take np.max.",
    ),
)


@error.solved_by
def relative_error(a, b):
    return float(np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))))


@error.examined_by
def _(rng):
    a = 3 * rng.standard_normal((4, 3))
    noise = rng.uniform(0.05, 0.3, a.shape)
    yield Case("value", [(a, a * (1 + noise))])
    yield Case("value", [(a[0], -a[0] * (1 + noise[0]))])
    yield Case("value", [(100 * a, 100 * a + noise)])
    yield Case("value", [(float(a[0, 0]), float(a[0, 0] + noise[0, 0]))])
    tiny = rng.uniform(1, 4, 5) * 1e-9
    yield Case("near zero", [(np.zeros(3), np.zeros(3))])
    yield Case("near zero", [(tiny, np.zeros(5))])
    yield Case("near zero", [(tiny, -tiny / 3)])


@error.mistake(
    "absolute error",
    "Divide by the size of the numbers: 0.001 is much between 0.002 and 0.003, little between "
    "1,000 and 1,001.",
)
def _(a, b):
    return float(np.max(np.abs(a - b)))


@error.mistake(
    "divides by the larger one",
    "This is the other convention, up to a factor 2 larger: here you divide by |a| + |b|.",
)
def _(a, b):
    return float(np.max(np.abs(a - b) / np.maximum(1e-8, np.maximum(np.abs(a), np.abs(b)))))


@error.mistake("divides by one of them", "Divide by |a| + |b|, so that a and b play equal roles.")
def _(a, b):
    return float(np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a))))


@error.mistake(
    "absolute value of the sum",
    "|a + b| vanishes when the signs differ: take absolute values first, |a| + |b|.",
)
def _(a, b):
    return float(np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a + b))))


@error.mistake(
    "no absolute value", "Take |a - b|: a large negative difference is as wrong as a positive one."
)
def _(a, b):
    return float(np.max((a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))))


@error.mistake("mean in place of maximum", "Return the largest error: a mean hides a single bug.")
def _(a, b):
    return float(np.mean(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))))


@error.mistake(
    "largest difference over largest size",
    "Divide element by element first, and take the maximum last.",
)
def _(a, b):
    return float(np.max(np.abs(a - b)) / np.maximum(1e-8, np.max(np.abs(a) + np.abs(b))))


@error.mistake("no floor", "0 / 0 is not a number: divide by the larger of 1e-8 and |a| + |b|.")
def _(a, b):
    with np.errstate(invalid="ignore"):
        return float(np.max(np.abs(a - b) / (np.abs(a) + np.abs(b))))


@error.mistake("floor added", "Take the larger of 1e-8 and |a| + |b|, np.maximum, not their sum.")
def _(a, b):
    return float(np.max(np.abs(a - b) / (1e-8 + np.abs(a) + np.abs(b))))


@error.mistake(
    "max in place of np.maximum",
    "max and if take a single number: np.maximum(1e-8, ...) compares an array entry by entry.",
)
def _(a, b):
    return float(np.max(np.abs(a - b) / max(1e-8, np.abs(a) + np.abs(b))))


@error.mistake("one error an element", "Return one number, the largest error: take np.max.")
def _(a, b):
    return np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))


checker = Exercise(
    "gradient_check",
    assignment=ASSIGNMENT,
    parts={"error": 1, "kinks": 1, "random coordinates": 1},
    hints=(
        "For one coordinate you need three numbers: what grad says there, the slope of f on the "
        "left, and the slope on the right. When is grad right?",
        "Where f is smooth, both slopes nearly agree; at a kink they differ, and every value "
        "between them is right. So move grad's value to the nearest number between the smaller and "
        "the larger slope (np.clip), and compare it with that.",
        "Draw n_checks different positions with rng.choice(x.size, size=n_checks, replace=False), "
        "and turn each into an index with np.unravel_index(position, x.shape). Step by h at that "
        "index alone, and keep the largest relative_error.",
    ),
)


@checker.solved_by
def gradient_check(f, grad, x, n_checks, rng, h=1e-5):
    analytic, here = grad(x), f(x)
    worst = 0.0
    for flat in rng.choice(x.size, size=min(n_checks, x.size), replace=False):
        index = np.unravel_index(flat, x.shape)
        step = np.zeros(x.shape)
        step[index] = h
        left, right = (here - f(x - step)) / h, (f(x + step) - here) / h
        allowed = np.clip(analytic[index], min(left, right), max(left, right))
        worst = max(worst, relative_error(analytic[index], allowed))
    return worst


def _curved(rng, shape, sign=1.0):
    """Ingredients of a quadratic with penalties whose slopes are far from 0; concave if -1."""
    return {
        "center": rng.choice([-1, 1], shape) * rng.uniform(3.0, 5.0, shape),
        "curvature": sign * rng.uniform(1.0, 3.0, shape),
        "l2": sign * float(rng.uniform(0.5, 0.8)),
        "l1": sign * float(rng.uniform(0.5, 1.0)),
    }


def _off_the_kinks(rng, shape):
    return rng.choice([-1, 1], shape) * rng.uniform(0.5, 2.0, shape)


def _below(bound, sentence):
    def verify(observations):
        value = float(observations[-1].value)
        return None if 0 <= value < bound else f"gradient_check returned {value:.3g}, {sentence}"

    return verify


def _above(bound, sentence):
    def verify(observations):
        value = float(observations[-1].value)
        return None if value > bound else f"gradient_check returned {value:.3g}, {sentence}"

    return verify


def _call(bug, function, x, n_checks, seed, *h):
    grad = Recipe("planted_gradient", bug=bug, **function)
    return Recipe("quadratic_l1", **function), grad, x, n_checks, generator(seed), *h


def _moved(observation):
    """For each evaluation away from x: (coordinates moved, largest move, first coordinate)."""
    steps = observation.records["0"]["points"] - observation.arguments[2]
    steps = steps.reshape(len(steps), -1)
    return [
        (int(np.count_nonzero(step)), float(np.max(np.abs(step))), int(np.argmax(step != 0)))
        for step in steps
        if step.any()
    ]


def _visited(observation):
    return {coordinate for _, _, coordinate in _moved(observation)}


def _every_coordinate(observations):
    size, visited = observations[0].arguments[2].size, len(_visited(observations[0]))
    if visited == size:
        return None
    return (
        f"gradient_check checked {visited} different coordinates, expected all {size}, as n_checks "
        "is x.size: draw without replacement."
    )


def _random_coordinates(observations):
    first, again, other = observations
    n_checks, h = first.arguments[3], first.arguments[5]
    for observation in observations:
        moved = _moved(observation)
        if any(count != 1 for count, _, _ in moved):
            return "gradient_check moved several coordinates at once, expected one at a time."
        if not np.allclose([size for _, size, _ in moved], h, rtol=1e-3):
            return f"gradient_check stepped by {moved[0][1]:.3g}, expected h = {h:g}."
        visited = len(_visited(observation))
        if visited != n_checks:
            return f"gradient_check checked {visited} coordinates, expected {n_checks}."
    if _visited(first) != _visited(again):
        return "gradient_check chose other coordinates for the same rng: draw from rng alone."
    if _visited(first) == _visited(other):
        return "gradient_check chose the same coordinates for another rng: draw them at random."
    return None


@checker.examined_by
def _(rng):
    convex, concave = _curved(rng, (4, 5)), _curved(rng, (4, 5), sign=-1.0)
    x = _off_the_kinks(rng, (4, 5))
    seeds = [int(seed) for seed in rng.integers(2**32, size=5)]
    # A change that stays in x does no harm here, and costs the part on the coordinates.
    lenient = {"keeps_arguments": False}
    fine = _below(1e-6, "expected a number below 1e-6: that gradient is right.")
    for function, *h in ((convex,), (convex, 0.01), (concave, 0.01)):
        call = _call("right", function, x, 16, seeds[0], *h)
        yield Case("error", [call], answer=None, verify=fine, **lenient)
    yield Case("error", [_call("twice", convex, x, 16, seeds[1])], rtol=1e-3, **lenient)
    yield Case("error", [_call("first half twice", convex, x, 16, seeds[2])], rtol=1e-3, **lenient)
    local = [f"no l2 at {place}" for place in rng.permutation(20)[:3]]
    for bug, seed in zip([*local, *["four times the l2 gradient"] * 2], seeds, strict=True):
        yield Case("error", [_call(bug, convex, x, 20, seed)], rtol=1e-3, **lenient)

    at_kinks = x.copy()
    at_kinks.flat[rng.permutation(20)[:12]] = 0.0
    between = _below(1e-6, "expected 0: at its kinks, that gradient lies between the slopes.")
    outside = _above(1e-2, "expected more: at its kinks, that gradient lies outside the slopes.")
    for function, bug, verify in (
        (convex, "right", fine),
        (convex, "right, another subgradient", between),
        (convex, "right, a smaller subgradient", between),
        (concave, "right, another subgradient", between),
        (convex, "beyond the kink", outside),
    ):
        call = _call(bug, function, at_kinks, 16, seeds[0])
        yield Case("kinks", [call], answer=None, verify=verify, **lenient)

    h = float(10.0 ** rng.uniform(-4.0, -3.0))
    call = _call("right", convex, x, 20, seeds[0], h)
    yield Case(
        "random coordinates", [call], answer=None, verify=_every_coordinate, trusts_client=True
    )
    large, points = _curved(rng, (20, 10)), _off_the_kinks(rng, (20, 10))
    calls = [_call("right", large, points, 12, s, h) for s in (seeds[0], seeds[0], seeds[1])]
    yield Case(
        "random coordinates", calls, answer=None, verify=_random_coordinates, trusts_client=True
    )


def _slopes(f, x, index, h):
    """One-sided slopes (left, right) of f along one coordinate of x."""
    step = np.zeros(x.shape)
    step[index] = h
    return (f(x) - f(x - step)) / h, (f(x + step) - f(x)) / h


def _drawn(x, n_checks, rng):
    chosen = rng.choice(x.size, size=min(n_checks, x.size), replace=False)
    return [np.unravel_index(flat, x.shape) for flat in chosen]


def _errors(f, grad, x, coordinates, h, nearest):
    """Relative error at each coordinate against ``nearest(analytic, left, right)``."""
    analytic = grad(x)
    return [
        relative_error(analytic[index], nearest(analytic[index], *_slopes(f, x, index, h)))
        for index in coordinates
    ]


def _nearest(analytic, left, right):
    return np.clip(analytic, min(left, right), max(left, right))


def _centered(analytic, left, right):
    return (left + right) / 2


@checker.mistake(
    "not aware of kinks",
    "At a kink every value between the left and the right slope is right: accept it with error 0.",
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    return max(_errors(f, grad, x, _drawn(x, n_checks, rng), h, _centered))


@checker.mistake(
    "accepts anything at a kink",
    "A kink does not excuse every value: accept only those between the left and the right slope.",
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    def nearest(analytic, left, right):
        return analytic if abs(right - left) > 0.1 else (left + right) / 2

    return max(_errors(f, grad, x, _drawn(x, n_checks, rng), h, nearest))


@checker.mistake(
    "forward difference alone",
    "One side is not enough: take both one-sided slopes, (f(x) - f(x - h)) / h as well.",
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    return max(_errors(f, grad, x, _drawn(x, n_checks, rng), h, lambda a, left, right: right))


@checker.mistake(
    "difference over two steps divided by one",
    "f(x + h) - f(x - h) spans two steps: divide by 2 h.",
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    return max(
        _errors(f, grad, x, _drawn(x, n_checks, rng), h, lambda a, left, right: left + right)
    )


@checker.mistake(
    "left slope turned around",
    "The left slope is (f(x) - f(x - h)) / h: the value on the right minus the value on the left.",
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    def nearest(analytic, left, right):
        return _nearest(analytic, -left, right)

    return max(_errors(f, grad, x, _drawn(x, n_checks, rng), h, nearest))


@checker.mistake(
    "slopes not sorted",
    "Where f is concave, the left slope is the larger one: sort the two before np.clip, or it "
    "returns a wrong end.",
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    return max(_errors(f, grad, x, _drawn(x, n_checks, rng), h, np.clip))


@checker.mistake(
    "the nearer of the two slopes",
    "Between the two slopes every value is right, with error 0: compare with the nearest value "
    "between them (np.clip), not with the nearer of the two.",
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    def nearer(analytic, left, right):
        return min(left, right, key=lambda slope: abs(slope - analytic))

    return max(_errors(f, grad, x, _drawn(x, n_checks, rng), h, nearer))


def _mistake_of_a_moved_gradient(direction, sign):
    @checker.mistake(
        f"grad called while x is moved {direction}",
        "Call grad(x) once, before the loop: yours is called while a coordinate is moved by h.",
    )
    def _(f, grad, x, n_checks, rng, h=1e-5):
        errors = []
        for index in _drawn(x, n_checks, rng):
            step = np.zeros(x.shape)
            step[index] = sign * h
            analytic = grad(x + step)[index]
            nearest = _nearest(analytic, *_slopes(f, x, index, h))
            errors.append(relative_error(analytic, nearest))
        return max(errors)


_mistake_of_a_moved_gradient("up", 1)
_mistake_of_a_moved_gradient("down", -1)


@checker.mistake(
    "mean in place of the largest",
    "Return the largest error: a mean over the coordinates hides a bug in a few of them.",
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    return float(np.mean(_errors(f, grad, x, _drawn(x, n_checks, rng), h, _nearest)))


@checker.mistake("smallest in place of the largest", "Return the largest error, not the smallest.")
def _(f, grad, x, n_checks, rng, h=1e-5):
    return min(_errors(f, grad, x, _drawn(x, n_checks, rng), h, _nearest))


@checker.mistake(
    "absolute error", "Use relative_error: only a relative error says how wrong a gradient is."
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    analytic = grad(x)
    return max(
        float(abs(analytic[i] - _nearest(analytic[i], *_slopes(f, x, i, h))))
        for i in _drawn(x, n_checks, rng)
    )


@checker.mistake(
    "returns whether it is right", "Return the largest relative error, a float, not True or False."
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    return max(_errors(f, grad, x, _drawn(x, n_checks, rng), h, _nearest)) < 1e-6


@checker.mistake(
    "x not restored",
    "Put the old value itself back after each coordinate, x[index] = old_value: adding and "
    "subtracting h may leave a rounding error.",
    shows=every_call(lambda call: bool(np.any(call.after[2] != call.arguments[2]))),
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    analytic, worst = grad(x), 0.0
    for index in _drawn(x, n_checks, rng):
        left, right = _slopes(f, x, index, h)
        x[index] += h
        worst = max(worst, relative_error(analytic[index], _nearest(analytic[index], left, right)))
    return worst


def _shows_coordinates(condition):
    """Recognize a mistake by the coordinates that the last case of an examination recorded."""

    def shows(cases):
        return all(
            observation.outcome == "returned" and "points" in observation.records["0"]
            for observation in cases[-1]
        ) and condition(*cases[-1])

    return shows


@checker.mistake(
    "checks every coordinate",
    "Check n_checks coordinates, drawn at random: all 30,730 of CIFAR-10 would take minutes.",
    shows=_shows_coordinates(
        lambda first, again, other: len(_visited(first)) == first.arguments[2].size
    ),
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    return max(_errors(f, grad, x, list(np.ndindex(*x.shape)), h, _nearest))


def _draws_some_twice(cases):
    """Whether coordinates were repeated where each should be checked once."""
    observation = cases[-2][0]
    if observation.outcome != "returned" or "points" not in observation.records["0"]:
        return False
    evaluations, visited = len(_moved(observation)), len(_visited(observation))
    return evaluations == 2 * observation.arguments[3] > 2 * visited > 2


def _steps_add_up(first, again, other):
    counts = [count for count, _, _ in _moved(first)]
    return counts == sorted(counts) and {1, first.arguments[3]} <= set(counts)


@checker.mistake(
    "steps add up",
    "A step must be taken back: begin each coordinate with a fresh copy of x, or put the old value "
    "back.",
    shows=_shows_coordinates(_steps_add_up),
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    analytic, here, errors = grad(x), f(x), []
    plus, minus = x.copy(), x.copy()
    for index in _drawn(x, n_checks, rng):
        plus[index] += h
        minus[index] -= h
        nearest = _nearest(analytic[index], (here - f(minus)) / h, (f(plus) - here) / h)
        errors.append(relative_error(analytic[index], nearest))
    return max(errors)


@checker.mistake(
    "draws with replacement",
    "A coordinate may be drawn twice and another one never: rng.choice(x.size, size=n_checks, "
    "replace=False) draws each at most once.",
    shows=_draws_some_twice,
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    drawn = [np.unravel_index(flat, x.shape) for flat in rng.integers(x.size, size=n_checks)]
    return max(_errors(f, grad, x, drawn, h, _nearest))


@checker.mistake(
    "always the first coordinates",
    "Draw the coordinates from rng: the first n_checks of an image are one strip of its pixels.",
    shows=_shows_coordinates(
        lambda first, again, other: (
            _visited(first) == _visited(other) == set(range(first.arguments[3]))
        )
    ),
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    return max(_errors(f, grad, x, list(np.ndindex(*x.shape))[:n_checks], h, _nearest))


@checker.mistake(
    "a generator with a seed of its own",
    "Yours are the same coordinates for every rng: draw with the rng that is passed in.",
    shows=_shows_coordinates(
        lambda first, again, other: (
            _visited(first) == _visited(again) == _visited(other)
            and len(_visited(first)) == first.arguments[3]
        )
    ),
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    coordinates = _drawn(x, n_checks, np.random.default_rng(0))
    return max(_errors(f, grad, x, coordinates, h, _nearest))


@checker.mistake(
    "a generator of its own",
    "Draw from the rng that is passed in, so that a check can be repeated.",
    shows=_shows_coordinates(lambda first, again, other: _visited(first) != _visited(again)),
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    coordinates = _drawn(x, n_checks, np.random.default_rng())
    return max(_errors(f, grad, x, coordinates, h, _nearest))


@checker.mistake(
    "never leaves x",
    "f is called at x alone. `plus = x` gives x a second name, so `+= h` and `-= h` cancel: write "
    "`plus = x.copy()`.",
    shows=_shows_coordinates(
        lambda first, again, other: all(size < 1e-9 for _, size, _ in _moved(first))
    ),
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    plus = minus = x
    errors = []
    for index in _drawn(x, n_checks, rng):
        plus[index] += h
        minus[index] -= h
        left, right = (f(x) - f(minus)) / h, (f(plus) - f(x)) / h
        analytic = grad(x)[index]
        errors.append(relative_error(analytic, _nearest(analytic, left, right)))
    return max(errors)


@checker.mistake(
    "h ignored",
    "Use the h that is passed in: it is not always 1e-5.",
    shows=_shows_coordinates(
        lambda first, again, other: bool(
            np.allclose([size for _, size, _ in _moved(first)], 1e-5, rtol=1e-3)
        )
    ),
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    return max(_errors(f, grad, x, _drawn(x, n_checks, rng), 1e-5, _nearest))


@checker.mistake(
    "last in place of the largest",
    "Return the largest error: keep it with `worst = max(worst, ...)`. Yours is that of the last "
    "coordinate.",
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    return _errors(f, grad, x, _drawn(x, n_checks, rng), h, _nearest)[-1]


@checker.mistake(
    "moves all coordinates at once",
    "Move one coordinate at a time: step by h at one index and by 0 elsewhere.",
)
def _(f, grad, x, n_checks, rng, h=1e-5):
    analytic = grad(x)
    left, right = (f(x) - f(x - h)) / h, (f(x + h) - f(x)) / h
    return max(
        relative_error(analytic[i], _nearest(analytic[i], left, right))
        for i in _drawn(x, n_checks, rng)
    )


detective = Exercise(
    "find_the_bug",
    assignment=ASSIGNMENT,
    parts={"culprits": 1, "kinks": 1},
    hints=(
        "gradient_check measures one candidate. What is left is to ask it about each of them, and "
        "to decide which errors are too large.",
        "x is small, so check all of it: n_checks is x.size. A right gradient's error is far "
        "below 1e-4, a wrong one's far above.",
        "Start with an empty set(). Loop over candidates.items() and add the name when the error "
        "is above 1e-4.",
    ),
)


@detective.solved_by
def find_the_bug(candidates, f, x, rng):
    wrong = set()
    for name, grad in candidates.items():
        if gradient_check(f, grad, x, x.size, rng) > 1e-4:
            wrong.add(name)
    return wrong


def _line_up(rng, bugs, x):
    """Candidates under random names, and the other arguments of find_the_bug."""
    function = _curved(rng, x.shape)
    names = [f"by {letter}" for letter in rng.permutation(list("ABCDEFGHJKLM"))]
    named = dict(zip(names, rng.permutation(bugs), strict=False))
    candidates = Recipe("planted_gradients", bugs={n: str(b) for n, b in named.items()}, **function)
    return candidates, Recipe("quadratic_l1", **function), x, generator(231)


@detective.examined_by
def _(rng):
    culprits = (
        "twice",
        "four times the l2 gradient",
        "half the l2 gradient",
        "no l1",
        "sign of the data term",
        "one coordinate off",
    )
    x = _off_the_kinks(rng, (2, 3))
    local = [f"no l2 at {place}" for place in rng.permutation(x.size)]
    yield Case("culprits", [_line_up(rng, ["right", *culprits, *local[:3]], x)], trusts_client=True)
    some = rng.permutation(culprits)[:2]
    yield Case(
        "culprits", [_line_up(rng, ["right", "right", *some, *local[3:]], x)], trusts_client=True
    )
    x = x.copy()
    x.flat[rng.permutation(np.arange(1, 5))[:2]] = 0.0
    local = [f"no l2 at {place}" for place in np.flatnonzero(x)]
    bugs = ["right", "right, another subgradient", "beyond the kink", "no l1", *local, *local]
    yield Case("kinks", [_line_up(rng, bugs, x)], trusts_client=True)


def _suspects(candidates, f, x, nearest, threshold=1e-4):
    coordinates = list(np.ndindex(*x.shape))
    return {
        name
        for name, grad in candidates.items()
        if max(_errors(f, grad, x, coordinates, 1e-5, nearest)) > threshold
    }


@detective.mistake(
    "names the right ones", "Return the names of the gradients that are wrong, not of the right."
)
def _(candidates, f, x, rng):
    return set(candidates) - _suspects(candidates, f, x, _nearest)


@detective.mistake(
    "not aware of kinks",
    "A gradient that takes another subgradient at a kink is right: compare with both one-sided "
    "slopes.",
)
def _(candidates, f, x, rng):
    return _suspects(candidates, f, x, _centered)


@detective.mistake(
    "accepts anything at a kink",
    "A kink does not excuse every value: accept only those between the left and the right slope.",
)
def _(candidates, f, x, rng):
    return _suspects(
        candidates,
        f,
        x,
        lambda a, left, right: a if abs(right - left) > 0.1 else (left + right) / 2,
    )


@detective.mistake(
    "bound too loose",
    "A relative error of 1e-2 already means a bug: twice the gradient has only 0.33.",
)
def _(candidates, f, x, rng):
    return _suspects(candidates, f, x, _nearest, threshold=0.5)


def _checks_too_few(observation):
    """Whether f was evaluated beside x as often as for some coordinates of each candidate."""
    candidates, _, x, _ = observation.arguments
    moved = np.any(observation.records["1"]["points"] != x, axis=(1, 2))
    checked, rest = divmod(int(np.sum(moved)), 2 * len(candidates.ingredients["bugs"]))
    return rest == 0 and 0 < checked < x.size


@detective.mistake(
    "checks some of the coordinates",
    "A gradient may be wrong in one place only: x is small here, so check every coordinate, "
    "n_checks = x.size.",
    shows=every_call(_checks_too_few),
)
def _(candidates, f, x, rng):
    return {name for name, grad in candidates.items() if gradient_check(f, grad, x, 2, rng) > 1e-4}


@detective.mistake("stops at the first", "Several candidates may be wrong: go on after the first.")
def _(candidates, f, x, rng):
    return set(sorted(_suspects(candidates, f, x, _nearest))[:1])


@detective.mistake(
    "letters of the names", "`update` adds the letters of a name one by one: `add` adds the name."
)
def _(candidates, f, x, rng):
    return set().union(*_suspects(candidates, f, x, _nearest))


@detective.mistake(
    "suspects everybody", "At least one candidate is right: its error is far below 1e-4."
)
def _(candidates, f, x, rng):
    return set(candidates)


@detective.mistake("finds nobody", "Some candidates are wrong: look at each one's largest error.")
def _(candidates, f, x, rng):
    return set()


EXERCISES = (
    paths,
    jacobian,
    vjp,
    naive_svm,
    fast_svm,
    fast_softmax,
    error,
    checker,
    detective,
)

WRITTEN = (
    Written(
        "written-correct-class",
        ASSIGNMENT,
        2,
        "(a) One point: each violated margin s_j - s_y + 1 contains s_y with slope -1, so the "
        "correct class's column gets -x_i once for each of them; with 3 violated margins it is "
        "-3 x_i. (b) One point: the columns' entries for an image are +1 for each violated class "
        "and minus their number for the correct one, so they cancel (for softmax: the "
        "probabilities sum to 1, minus 1). It tells that adding the same vector to all columns of "
        "W changes no difference of scores, hence no loss.",
    ),
    Written(
        "written-hidden-bug",
        ASSIGNMENT,
        2,
        "(a) One point: the regularization's share of the gradient is below the error that the "
        "check accepts, so any factor in it goes unseen. (b) Half for checking the data term "
        "alone (reg = 0) and the penalty alone (or with reg so large that both terms are of the "
        "same size), half for saying why: then each term's error shows in full.",
    ),
)
