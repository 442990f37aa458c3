"""Walk down a loss with the gradient of all images, and keep the losses."""

import numpy as np

from cs231n_utils.checking.channel import Recipe

from ..describe import Case, Exercise
from .pairs import as_numbers, as_pair

exercise = Exercise(
    "gradient_descent",
    assignment="06-minibatch-sgd",
    parts={"weights": 1, "losses": 1},
    hints=(
        "One step: ask for loss and gradient at the present weights, then move the weights "
        "against the gradient. What must happen to the loss before the weights move?",
        "Loop n_steps times. loss_and_grad(W) returns two values: take both from one call, and "
        "write the loss into losses[i].",
        "The new weights are W minus step_size times the gradient, as a new array (no `-=`), so "
        "that the caller's W0 stays as it was.",
    ),
)


@exercise.solved_by
def gradient_descent(loss_and_grad, W0, step_size, n_steps):
    W, losses = W0, np.zeros(n_steps)
    for i in range(n_steps):
        losses[i], gradient = loss_and_grad(W)
        W = W - step_size * gradient
    return W, losses


def _final_weights(observations):
    return as_pair(observations[-1].value)[0]


def _losses(observations):
    return as_numbers(as_pair(observations[-1].value)[1])


@exercise.examined_by
def cases(rng):
    for part, answer in (("weights", _final_weights), ("losses", _losses)):
        # With the longest steps the loss rises, which is no reason to stop or to go back.
        for shape, n_steps, longest in (((4, 3), 1, 0.3), ((2, 3, 2), 7, 0.3), ((5,), 6, 9.0)):
            W0 = rng.standard_normal(shape)
            away = rng.choice([-1.0, 1.0], shape) * rng.uniform(1.0, 3.0, shape)
            if n_steps > 1:
                away.flat[0] = 0.0  # There the gradient is 0 from the start.
            curvature = rng.uniform(0.5, 2.0, shape)
            function = Recipe("quadratic_with_gradient", center=W0 + away, curvature=curvature)
            step_size = longest * float(rng.uniform(0.4, 1.0))
            yield Case(
                part,
                [(function, np.asfortranarray(W0), step_size, n_steps)],
                answer=answer,
                verify=_one_evaluation_a_step if part == "losses" else None,
                keeps_arguments=part == "weights",
                measures="the weights" if part == "weights" else "the losses",
            )


def _one_evaluation_a_step(observations):
    n_calls, n_steps = observations[0].usage["0"]["n_calls"], observations[0].arguments[3]
    if n_calls <= n_steps + 1:
        return None
    return (
        f"gradient_descent called loss_and_grad {n_calls} times for {n_steps} steps, expected one "
        "call per step: keep the two values that it returns."
    )


@exercise.twisted_by(
    {
        "climbs": "The gradient points uphill: subtract step_size times the gradient, don't add "
        "it.",
        "changes W0": "`W -= ...` changes the caller's W0, because W names the same array: start "
        "from W0.copy().",
        "step size left out": "Multiply the gradient by step_size.",
        "always from W0": "Each step starts where the last one ended: W = W - ..., not W = W0 - "
        "....",
        "one gradient for all steps": "The gradient changes with W: call loss_and_grad(W) inside "
        "the loop, at the present weights.",
        "gradient of W0 for all steps": "The gradient changes with W: take it from each call of "
        "loss_and_grad(W), together with the loss.",
        "losses after the step": "losses[i] is the loss before step i, the one that came with the "
        "gradient; yours are one step late.",
        "one loss too many": "Return n_steps losses: the loss after the last step is not asked "
        "for.",
        "stops when the loss rises": "Take all n_steps steps, also when the loss rises: the figure "
        "of the step sizes shows why.",
        "weights of the lowest loss": "Return the weights after the last step, not those of the "
        "lowest loss.",
        "weights never move": "Move the weights in every step: W = W - step_size * gradient.",
        "returns W0": "Return the weights after the last step; yours are those that came in.",
        "last step missing": "Return the weights after the last step: yours are those of the last "
        "loss, one step earlier.",
        "one step too few": "range(n_steps) makes n_steps steps: no need for - 1.",
        "first step left out": "Steps count from 0: range(n_steps), not range(1, n_steps).",
        "one step too many": "range(n_steps) makes n_steps steps: no need for + 1.",
        "returns after one step": "The return statement is indented into the loop: return after "
        "it.",
        "returns after one step, with an array of losses": "The return statement is indented into "
        "the loop: return after it.",
        "only the last loss": "`losses = []` is inside the loop: make the list once, before it.",
        "the last loss instead of all": "Return all losses, one for each step, not only the last.",
        "evaluates twice per step": "loss_and_grad(W)[0] and loss_and_grad(W)[1] compute "
        "everything twice: write loss, gradient = loss_and_grad(W).",
        "loss and gradient exchanged": "loss_and_grad returns the loss first: loss, gradient = "
        "loss_and_grad(W).",
        "losses returned first": "Return the weights first, then the losses.",
        "weights returned alone": "Return two values: the weights and the losses.",
        "gradient made a unit vector": "Use the gradient as it is: its length says how steep it "
        "is, and steps shorten near the bottom.",
        "only the sign of the gradient": "Use the gradient as it is, not its signs: steps shorten "
        "near the bottom.",
        "step size divided by n_steps": "Each step has the whole step_size.",
        "step size that falls": "The step size stays the same in all steps.",
    }
)
def gradient_descent_with(is_, loss_and_grad, W0, step_size, n_steps):
    if is_("weights never move"):
        step_size = 0.0
    if is_("climbs"):
        step_size = -step_size
    if is_("step size left out"):
        step_size = np.sign(step_size)
    if is_("step size divided by n_steps"):
        step_size = step_size / n_steps
    few = is_("one step too few") or is_("first step left out")
    n_made = n_steps - few + is_("one step too many")
    W, losses, path, first = W0, [], [W0], None
    for i in range(n_made):
        if is_("only the last loss"):
            losses = []
        loss, gradient = loss_and_grad(W0 if is_("one gradient for all steps") else W)
        if is_("gradient of W0 for all steps"):
            first = first if i else gradient
            gradient = first
        if is_("evaluates twice per step"):
            loss_and_grad(W)
            loss_and_grad(W)
        if is_("loss and gradient exchanged"):
            gradient, np.zeros(n_steps)[i] = loss, gradient
        if is_("stops when the loss rises") and losses and loss > losses[-1]:
            break
        if is_("gradient made a unit vector"):
            gradient = gradient / np.linalg.norm(gradient)
        elif is_("only the sign of the gradient"):
            gradient = np.sign(gradient)
        rate = step_size / (i + 1) if is_("step size that falls") else step_size
        W = (W0 if is_("always from W0") else W) - rate * gradient
        path.append(W)
        losses.append(loss_and_grad(W)[0] if is_("losses after the step") else loss)
        if is_("returns after one step"):
            break
        if is_("returns after one step, with an array of losses"):
            losses = losses + [0.0] * (n_steps - 1)
            break
    if is_("one step too few"):
        losses = [*losses, 0.0]
    if is_("first step left out"):
        losses = [0.0, *losses]
    if is_("one loss too many"):
        losses = [*losses, loss_and_grad(W)[0]]
    if is_("weights of the lowest loss"):
        W = path[int(np.argmin(losses))]
    elif is_("last step missing"):
        W = path[-2]
    elif is_("returns W0"):
        W = W0
    if is_("changes W0"):
        W0[...] = W
        W = W0
    if is_("weights returned alone"):
        return W
    told = losses[-1] if is_("the last loss instead of all") else np.array(losses)
    return (told, W) if is_("losses returned first") else (W, told)
