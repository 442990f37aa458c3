"""Compute the L2, L1 or elastic-net penalty of weights, and refuse an unknown kind."""

import numpy as np

from ..describe import Case, Exercise

exercise = Exercise(
    "regularization",
    assignment="01-loss-functions",
    parts={"l2": 0.5, "l1": 0.5, "elastic net": 1, "unknown kind": 1},
    hints=(
        "Two sums are enough for all three kinds: that of the absolute values, and that of the "
        "squares.",
        "Compare kind with each of its three names. The elastic net is a weighted mean of the two "
        "sums: l1_ratio is the weight of L1, and the rest is the weight of L2.",
        "Multiply by strength in every branch. After the last branch, raise ValueError with a "
        "message that says which kind you got.",
    ),
)


@exercise.solved_by
def regularization(W, kind, strength, l1_ratio=0.5):
    l1 = np.sum(np.abs(W))
    l2 = np.sum(W**2)
    if kind == "l1":
        return strength * l1
    if kind == "l2":
        return strength * l2
    if kind == "elastic_net":
        return strength * (l1_ratio * l1 + (1 - l1_ratio) * l2)
    raise ValueError(f"kind is {kind!r}, expected 'l1', 'l2' or 'elastic_net'")


@exercise.examined_by
def cases(rng):
    def draw():
        W = 2.0 * rng.standard_normal((4, 3))
        W *= -np.sign(np.sum(W))  # a negative sum tells sum(W), |sum(W)| and sum(|W|) apart
        return W, float(rng.uniform(0.2, 0.8))

    for kind, part in (("l2", "l2"), ("l1", "l1")):
        W, strength = draw()
        yield Case(part, [(W, kind, strength)])
        yield Case(part, [(W, kind, 3 * strength, 0.9)])
    for ratio in (0.15, float(rng.uniform(0.6, 0.95))):
        W, strength = draw()
        yield Case("elastic net", [(W, "elastic_net", strength, ratio)])
    W, strength = draw()
    yield Case("elastic net", [(W, "elastic_net", strength)])
    for ratio in (0.0, 1.0):
        yield Case("elastic net", [(W[0], "elastic_net", strength, ratio)])
    deep = rng.standard_normal((2, 3, 4))
    for kind, part in (("l2", "l2"), ("l1", "l1"), ("elastic_net", "elastic net")):
        yield Case(part, [(deep, kind, strength, 0.3)])
        yield Case(part, [(deep, kind, 0.0, 0.3)])
    for kind in ("L3", str(rng.choice(["l12", "elastic", "none"]))):
        yield Case("unknown kind", [(W, "l2", strength), (W, kind, strength)], raises="ValueError")


def _elastic_net(W, kind, strength, l1_ratio, l1, l2):
    if kind == "l1":
        return strength * l1
    if kind == "l2":
        return strength * l2
    if kind == "elastic_net":
        return strength * (l1_ratio * l1 + (1 - l1_ratio) * l2)
    raise ValueError(kind)


@exercise.mistake("half the squares", "The course's L2 is sum(W**2), without 1/2.")
def _(W, kind, strength, l1_ratio=0.5):
    return _elastic_net(W, kind, strength, l1_ratio, np.sum(np.abs(W)), np.sum(W**2) / 2)


@exercise.mistake("norm instead of its square", "L2 is the sum of squares, without square root.")
def _(W, kind, strength, l1_ratio=0.5):
    return _elastic_net(W, kind, strength, l1_ratio, np.sum(np.abs(W)), np.sqrt(np.sum(W**2)))


@exercise.mistake("L1 without absolute values", "L1 sums |W|: without it, signs cancel.")
def _(W, kind, strength, l1_ratio=0.5):
    return _elastic_net(W, kind, strength, l1_ratio, np.sum(W), np.sum(W**2))


@exercise.mistake("L1 alone without absolute values", "L1 sums |W|: without it, signs cancel.")
def _(W, kind, strength, l1_ratio=0.5):
    l1 = np.sum(W) if kind == "l1" else np.sum(np.abs(W))
    return _elastic_net(W, kind, strength, l1_ratio, l1, np.sum(W**2))


@exercise.mistake(
    "norm of a matrix instead of L1",
    "np.linalg.norm(W, 1) of a matrix is its largest column sum: use np.sum(np.abs(W)).",
)
def _(W, kind, strength, l1_ratio=0.5):
    return _elastic_net(W, kind, strength, l1_ratio, np.linalg.norm(W, 1), np.sum(W**2))


@exercise.mistake("absolute value of the sum", "L1 is sum(|W|): np.sum(np.abs(W)).")
def _(W, kind, strength, l1_ratio=0.5):
    return _elastic_net(W, kind, strength, l1_ratio, np.abs(np.sum(W)), np.sum(W**2))


@exercise.mistake("mean instead of sum", "The penalty sums over the weights; it takes no mean.")
def _(W, kind, strength, l1_ratio=0.5):
    return _elastic_net(W, kind, strength, l1_ratio, np.mean(np.abs(W)), np.mean(W**2))


@exercise.mistake("ratio turned around", "l1_ratio weighs L1, and 1 - l1_ratio weighs L2.")
def _(W, kind, strength, l1_ratio=0.5):
    return _elastic_net(W, kind, strength, 1 - l1_ratio, np.sum(np.abs(W)), np.sum(W**2))


@exercise.mistake("ratio ignored", "Elastic net mixes L1 and L2 by l1_ratio, not half and half.")
def _(W, kind, strength, l1_ratio=0.5):
    return _elastic_net(W, kind, strength, 0.5, np.sum(np.abs(W)), np.sum(W**2))


@exercise.mistake("elastic net adds both in full", "Weigh L1 by l1_ratio and L2 by 1 - l1_ratio.")
def _(W, kind, strength, l1_ratio=0.5):
    if kind == "elastic_net":
        return strength * (np.sum(np.abs(W)) + np.sum(W**2))
    return _elastic_net(W, kind, strength, l1_ratio, np.sum(np.abs(W)), np.sum(W**2))


@exercise.mistake("strength left out", "Multiply the penalty by its strength.")
def _(W, kind, strength, l1_ratio=0.5):
    return _elastic_net(W, kind, 1.0, l1_ratio, np.sum(np.abs(W)), np.sum(W**2))


@exercise.mistake(
    "L1 and L2 exchanged", "L1 sums absolute values, L2 sums squares: yours are exchanged."
)
def _(W, kind, strength, l1_ratio=0.5):
    return _elastic_net(W, kind, strength, l1_ratio, np.sum(W**2), np.sum(np.abs(W)))


@exercise.mistake(
    "accepts any kind",
    "An unknown kind is an error: raise ValueError, so that a typing error is not taken for a "
    "choice.",
)
def _(W, kind, strength, l1_ratio=0.5):
    if kind in ("l1", "l2", "elastic_net"):
        return _elastic_net(W, kind, strength, l1_ratio, np.sum(np.abs(W)), np.sum(W**2))


@exercise.mistake(
    "elastic net for any other kind",
    "`else:` takes every typing error for elastic net: test for its name and raise ValueError.",
)
def _(W, kind, strength, l1_ratio=0.5):
    if kind not in ("l1", "l2"):
        kind = "elastic_net"
    return _elastic_net(W, kind, strength, l1_ratio, np.sum(np.abs(W)), np.sum(W**2))


@exercise.mistake(
    "sums over two axes",
    "The weights may have any number of axes: np.sum without an axis sums over all of them.",
)
def sums_over_two_axes(W, kind, strength, l1_ratio=0.5):
    l1, l2 = (np.sum(np.sum(terms, axis=0), axis=-1) for terms in (np.abs(W), W**2))
    return _elastic_net(W, kind, strength, l1_ratio, l1, l2)


@exercise.mistake(
    "a ratio of 0 taken for none",
    "`l1_ratio or 0.5` is 0.5 for a ratio of 0, which is a ratio like any other.",
)
def replaces_a_ratio_of_zero(W, kind, strength, l1_ratio=0.5):
    return _elastic_net(W, kind, strength, l1_ratio or 0.5, np.sum(np.abs(W)), np.sum(W**2))
