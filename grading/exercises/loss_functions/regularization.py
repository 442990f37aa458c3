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


KINDS = {"L1": "l1", "L2": "l2", "elastic net": "elastic_net"}


@exercise.twisted_by(
    {
        "half the squares": "The course's L2 is sum(W**2), without 1/2.",
        "norm instead of its square": "L2 is the sum of squares, without square root.",
        "accepts any kind": "An unknown kind is an error: raise ValueError, so that a typing error "
        "is not taken for a choice.",
        "elastic net for any other kind": "`else:` takes every typing error for elastic net: test "
        "for its name and raise ValueError.",
        "L2 for any other kind": "`else:` takes every typing error for L2: test for its name and "
        "raise ValueError.",
        "L1 for any other kind": "`else:` takes every typing error for L1: test for its name and "
        "raise ValueError.",
        "strength left out": "Multiply the penalty by its strength.",
        "strength on L1 alone": "Put parentheses around the sum of both terms of the elastic net: "
        "strength multiplies L2 as well.",
        "strength on L2 alone": "Put parentheses around the sum of both terms of the elastic net: "
        "strength multiplies L1 as well.",
        "L1 without absolute values": "L1 sums |W|: without it, signs cancel.",
        "L1 alone without absolute values": "L1 sums |W|: without it, signs cancel.",
        "absolute value of the sum": "L1 is sum(|W|): np.sum(np.abs(W)).",
        "square of the sum": "Square each weight, then sum: np.sum(W**2), not np.sum(W) ** 2.",
        "ratio turned around": "l1_ratio weighs L1, and 1 - l1_ratio weighs L2.",
        "elastic net adds both in full": "Weigh L1 by l1_ratio and L2 by 1 - l1_ratio.",
        "L2 in full": "In the elastic net L2 is weighed as well, by 1 - l1_ratio.",
        "L1 in full": "In the elastic net L1 is weighed as well, by l1_ratio.",
        "l1_ratio weighs both": "l1_ratio weighs L1 alone: L2 is weighed by 1 - l1_ratio.",
        "elastic net without L2": "The elastic net has two terms: add (1 - l1_ratio) * sum(W**2).",
        "elastic net without L1": "The elastic net has two terms: add l1_ratio * sum(|W|).",
        "second term subtracted": "Both terms of the elastic net are added.",
        "half the squares in the elastic net": "Some libraries halve L2 in the elastic net; here "
        "it is sum(W**2), without 1/2.",
        "ratio ignored": "Elastic net mixes L1 and L2 by l1_ratio, not half and half.",
        "strength squared in the elastic net": "Multiply by strength once: the penalties of L1 and "
        "L2 that you mix hold it already.",
        "L1 and L2 exchanged": "L1 sums absolute values, L2 sums squares: yours are exchanged.",
        "norm of a matrix instead of L1": "np.linalg.norm(W, 1) of a matrix is its largest column "
        "sum: use np.sum(np.abs(W)).",
        "mean instead of sum": "The penalty sums over the weights; it takes no mean.",
        "mean of the squares": "L2 sums the squares; it takes no mean.",
        "mean of the absolute values": "L1 sums the absolute values; it takes no mean.",
        "one sum per column": "Python's sum adds rows, and axis=0 does so too: np.sum without an "
        "axis sums over all weights.",
        "sums over two axes": "The weights may have any number of axes: np.sum without an axis "
        "sums over all of them.",
        "leaves out the last row": "All of W is regularized, the bias row included.",
        "a ratio of 0 taken for none": "`l1_ratio or 0.5` is 0.5 for a ratio of 0, which is a "
        "ratio like any other.",
        "returns the error": "`return ValueError(...)` hands the error back like a penalty: write "
        "`raise ValueError(...)`.",
        "0 for an unknown kind": "An unknown kind is an error: raise ValueError, so that a typing "
        "error does not switch regularization off.",
        "KeyError for an unknown kind": "`penalties[kind]` ends in KeyError: look first whether "
        "the kind is known, and raise ValueError if not.",
    }
)
def regularization_with(is_, W, kind, strength, l1_ratio=0.5):
    if kind not in KINDS.values():
        others = [name for name in KINDS if is_(f"{name} for any other kind")]
        if is_("accepts any kind"):
            return None
        if is_("returns the error"):
            return ValueError(kind)
        if is_("0 for an unknown kind"):
            return 0.0
        if is_("KeyError for an unknown kind"):
            raise KeyError(kind)
        if not others:
            raise ValueError(kind)
        kind = KINDS[others[0]]
    strength = 1.0 if is_("strength left out") else strength
    l1, l2 = _sums_with(is_, W[:-1] if is_("leaves out the last row") else W, kind)
    if kind != "elastic_net":
        return strength * (l1 if kind == "l1" else l2)
    if is_("half the squares in the elastic net"):
        l2 = l2 / 2
    ratio = (l1_ratio or 0.5) if is_("a ratio of 0 taken for none") else l1_ratio
    ratio = 0.5 if is_("ratio ignored") else 1 - ratio if is_("ratio turned around") else ratio
    both = is_("elastic net adds both in full")
    first = 1 if both or is_("L1 in full") else 0 if is_("elastic net without L1") else ratio
    second = 1 if both or is_("L2 in full") else ratio if is_("l1_ratio weighs both") else 1 - ratio
    second = 0 if is_("elastic net without L2") else second
    second = -second if is_("second term subtracted") else second
    first = first if is_("strength on L2 alone") else strength * first
    second = second if is_("strength on L1 alone") else strength * second
    total = first * l1 + second * l2
    return strength * total if is_("strength squared in the elastic net") else total


def _sums_with(is_, W, kind):
    sizes, squares = np.abs(W), W**2
    if is_("L1 without absolute values") or (
        is_("L1 alone without absolute values") and kind == "l1"
    ):
        sizes = W
    if is_("one sum per column"):
        l1, l2 = np.sum(sizes, axis=0), np.sum(squares, axis=0)
    elif is_("sums over two axes"):
        l1, l2 = (np.sum(np.sum(terms, axis=0), axis=-1) for terms in (sizes, squares))
    else:
        l1, l2 = np.sum(sizes), np.sum(squares)
    if is_("norm of a matrix instead of L1") and kind != "l2":
        l1 = np.linalg.norm(W, 1)
    if is_("absolute value of the sum"):
        l1 = np.abs(np.sum(W))
    if is_("square of the sum"):
        l2 = np.sum(W) ** 2
    l2 = l2 / 2 if is_("half the squares") else l2
    l2 = np.sqrt(l2) if is_("norm instead of its square") else l2
    mean = is_("mean instead of sum")
    l1 = l1 / W.size if mean or is_("mean of the absolute values") else l1
    l2 = l2 / W.size if mean or is_("mean of the squares") else l2
    return (l2, l1) if is_("L1 and L2 exchanged") else (l1, l2)
