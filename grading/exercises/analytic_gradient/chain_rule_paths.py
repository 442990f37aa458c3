"""Sum the products of derivatives over all paths through a graph."""

import numpy as np

from ..describe import Case, Exercise

exercise = Exercise(
    "chain_rule_paths",
    assignment="05-analytic-gradient",
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


@exercise.solved_by
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


@exercise.examined_by
def cases(rng):
    chain = ["xy", "yz", "zu", "uv"]
    notes = ["xw", "wu", "wv", "up", "vp", "pr", "xq", "qr"]
    dead_ends = ["sw", "vt", "xk", "rm"]
    edges, name = _graph(rng, chain)
    yield Case("one path", [(edges, name("x"), name("v"))], atol=1e-5)
    yield Case("one path", [(edges, name("y"), name("u"))], atol=1e-5)
    for arrows in (notes, [*notes, "xr", "wp", "qp"], ["xu", "xv", "ur", "vr"]):
        edges, name = _graph(rng, arrows)
        yield Case("several paths", [(edges, name("x"), name("r"))], atol=1e-5)
    edges, name = _graph(rng, notes)
    edges[name("w"), name("u")] = 0.0  # A path of derivative 0, which does not end the search.
    yield Case("several paths", [(edges, name("x"), name("r"))], atol=1e-5)
    edges, name = _graph(rng, notes + dead_ends)
    dead_end = name("x"), name("k")
    slope = {dead_end: edges.pop(dead_end)}
    for ordered in ({**slope, **edges}, {**edges, **slope}):
        yield Case("several paths", [(ordered, name("x"), name("r"))], atol=1e-5)
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


@exercise.twisted_by(
    {
        "keeps the last edge alone": "`total = ...` forgets the paths before: add each edge's "
        "share, `total += ...`.",
        "keeps the first edge alone": "Yours stops at the first edge that leaves a variable, as a "
        "return statement in the loop does: add the shares of all edges first, then return.",
        "keeps the last path alone": "Every path counts: add its product to those before, "
        "`total += ...`.",
        "multiplies as it goes": "Different paths are added: begin with 0 and add each path's "
        "product, `total += ...`.",
        "adds as it goes": "Along a path the derivatives are multiplied: the edge's derivative "
        "times that of the rest.",
        "adds the edges as it goes": "Along a path the derivatives are multiplied, and a dead end "
        "adds nothing: the edge's derivative times that of the rest.",
        "counts the paths": "Each edge's own derivative belongs to the product: its derivative "
        "times that of the rest.",
        "leaves out the rest of the path": "An edge is only the first step: multiply its "
        "derivative by that of the target with respect to the edge's end.",
        "0 for a variable with respect to itself": "The derivative of a variable with respect to "
        "itself is 1: return 1.0 if source == target.",
        "fails where there is no path": "A target that does not depend on the source has "
        "derivative 0: return 0.0 when no path is found.",
        "1 at a dead end": "A path that ends elsewhere than at the target adds nothing: its "
        "derivative is 0, not 1.",
        "sum begins at 1": "Begin the sum over the edges with 0, not with 1.",
        "stops at a direct edge": "Where an edge leads to the target at once, other paths may lead "
        "there as well: add them all.",
        "walks against the edges": "An edge (u, v) leads from u to v: begin with the edges whose "
        "first name is the source.",
        "visits a node once": "Two paths may share a node: do not skip a node because another path "
        "has been there.",
    }
)
def chain_rule_paths_with(is_, edges, source, target):
    if is_("walks against the edges"):
        edges = {(end, start): slope for (start, end), slope in edges.items()}
    if is_("fails where there is no path") and not _all_paths(edges, source, target):
        return None
    if is_("0 for a variable with respect to itself") and source == target:
        return 0.0
    seen = set()

    def walk(node):
        if node == target:
            return 1.0
        if is_("visits a node once") and node in seen:
            return 0.0
        seen.add(node)
        steps = _from(edges, node)
        if is_("1 at a dead end") and not steps:
            return 1.0
        if is_("stops at a direct edge"):
            steps = [step for step in steps if step[1] == target] or steps
        if is_("keeps the last edge alone"):
            steps = steps[-1:]
        if is_("keeps the first edge alone"):
            steps = steps[:1]
        walked = [(slope, walk(end)) for slope, end in steps]
        if is_("keeps the last path alone"):
            walked = [(slope, rest) for slope, rest in walked if rest != 0][-1:]
        shares = [share(slope, rest) for slope, rest in walked]
        if is_("adds the edges as it goes"):
            shares = [slope + (end != target and walk(end)) for slope, end in steps]
        if is_("multiplies as it goes"):
            return np.prod(shares)
        return sum(shares) + (1.0 if is_("sum begins at 1") else 0.0)

    def share(slope, rest):
        if is_("leaves out the rest of the path"):
            return slope
        if is_("counts the paths"):
            return rest
        return slope + rest if is_("adds as it goes") else slope * rest

    return float(walk(source))


@exercise.mistake(
    "only one path", "Every path counts: add the products of all paths, do not stop at the first."
)
def follows_one_path(edges, source, target):
    found = _all_paths(edges, source, target)
    return float(np.prod(found[0])) if found else 0.0


@exercise.mistake(
    "adds along a path", "Along a path the derivatives are multiplied; only whole paths are added."
)
def adds_along_a_path(edges, source, target):
    return float(sum(sum(path) for path in _all_paths(edges, source, target)))


@exercise.mistake(
    "multiplies the paths", "Different paths are added: the product is taken along one path only."
)
def multiplies_the_paths(edges, source, target):
    found = _all_paths(edges, source, target)
    return float(np.prod([np.prod(path) for path in found])) if found else 0.0


@exercise.mistake("averages the paths", "Add the products of the paths; they are not averaged.")
def averages_the_paths(edges, source, target):
    found = _all_paths(edges, source, target)
    return float(np.mean([np.prod(path) for path in found])) if found else 0.0


@exercise.mistake(
    "ignores the direction of the edges",
    "An edge (u, v) leads from u to v only: dv/du says nothing about how u depends on v.",
)
def ignores_directions(edges, source, target):
    forward = _all_paths(edges, source, target) or _all_paths(edges, target, source)
    return float(sum(np.prod(path) for path in forward))


@exercise.mistake(
    "relies on the order of the edges",
    "The edges come in any order: when your loop meets an edge, what it builds on may not be known "
    "yet. Let the function call itself.",
)
def relies_on_the_order(edges, source, target):
    slopes = {source: 1.0}
    for (start, end), slope in edges.items():
        slopes[end] = slopes.get(end, 0.0) + slope * slopes.get(start, 0.0)
    return slopes.get(target, 0.0)


@exercise.mistake(
    "never reaches the target",
    "Every path must end: without `if source == target: return 1.0` (== and not `is`), all "
    "products are 0.",
)
def never_arrives(edges, source, target):
    return 0.0


@exercise.mistake(
    "edge from source to target only",
    "The source reaches the target through other variables: follow the edges through them.",
)
def looks_up_one_edge(edges, source, target):
    return edges.get((source, target), 0.0)
