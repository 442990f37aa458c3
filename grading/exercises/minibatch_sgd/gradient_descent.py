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


@exercise.mistake(
    "climbs", "The gradient points uphill: subtract step_size times the gradient, don't add it."
)
def climbs(loss_and_grad, W0, step_size, n_steps):
    return gradient_descent(loss_and_grad, W0, -step_size, n_steps)


@exercise.mistake(
    "changes W0",
    "`W -= ...` changes the caller's W0, because W names the same array: start from W0.copy().",
)
def changes_the_start(loss_and_grad, W0, step_size, n_steps):
    W, losses = gradient_descent(loss_and_grad, W0, step_size, n_steps)
    W0[:] = W
    return W0, losses


@exercise.mistake(
    "losses after the step",
    "losses[i] is the loss before step i, the one that came with the gradient; yours are one step "
    "late.",
)
def keeps_losses_after_the_step(loss_and_grad, W0, step_size, n_steps):
    W, losses = gradient_descent(loss_and_grad, W0, step_size, n_steps)
    return W, np.append(losses[1:], loss_and_grad(W)[0])


@exercise.mistake(
    "one loss too many", "Return n_steps losses: the loss after the last step is not asked for."
)
def adds_a_loss(loss_and_grad, W0, step_size, n_steps):
    W, losses = gradient_descent(loss_and_grad, W0, step_size, n_steps)
    return W, np.append(losses, loss_and_grad(W)[0])


@exercise.mistake(
    "one gradient for all steps",
    "The gradient changes with W: call loss_and_grad(W) inside the loop, at the present weights.",
)
def keeps_one_gradient(loss_and_grad, W0, step_size, n_steps):
    loss, gradient = loss_and_grad(W0)
    return W0 - n_steps * step_size * gradient, np.full(n_steps, loss)


@exercise.mistake(
    "always from W0", "Each step starts where the last one ended: W = W - ..., not W = W0 - ...."
)
def steps_from_the_start(loss_and_grad, W0, step_size, n_steps):
    W, losses = W0, []
    for _ in range(n_steps):
        loss, gradient = loss_and_grad(W)
        losses.append(loss)
        W = W0 - step_size * gradient
    return W, losses


@exercise.mistake(
    "gradient made a unit vector",
    "Use the gradient as it is: its length says how steep it is, and steps shorten near the "
    "bottom.",
)
def takes_unit_steps(loss_and_grad, W0, step_size, n_steps):
    W, losses = W0, []
    for _ in range(n_steps):
        loss, gradient = loss_and_grad(W)
        losses.append(loss)
        W = W - step_size * gradient / np.linalg.norm(gradient)
    return W, losses


@exercise.mistake("step size left out", "Multiply the gradient by step_size.")
def leaves_out_the_step_size(loss_and_grad, W0, step_size, n_steps):
    return gradient_descent(loss_and_grad, W0, 1.0, n_steps)


@exercise.mistake(
    "last step missing",
    "Return the weights after the last step: yours are those of the last loss, one step earlier.",
)
def misses_the_last_step(loss_and_grad, W0, step_size, n_steps):
    W, _ = gradient_descent(loss_and_grad, W0, step_size, n_steps - 1)
    return W, gradient_descent(loss_and_grad, W0, step_size, n_steps)[1]


@exercise.mistake(
    "evaluates twice per step",
    "loss_and_grad(W)[0] and loss_and_grad(W)[1] compute everything twice: write "
    "loss, gradient = loss_and_grad(W).",
)
def evaluates_twice(loss_and_grad, W0, step_size, n_steps):
    W, losses = W0, []
    for _ in range(n_steps):
        losses.append(loss_and_grad(W)[0])
        W = W - step_size * loss_and_grad(W)[1]
        loss_and_grad(W)
    return W, losses


@exercise.mistake(
    "stops when the loss rises",
    "Take all n_steps steps, also when the loss rises: the figure of the step sizes shows why.",
)
def stops_when_the_loss_rises(loss_and_grad, W0, step_size, n_steps):
    W, losses = W0, []
    for _ in range(n_steps):
        loss, gradient = loss_and_grad(W)
        if losses and loss > losses[-1]:
            break
        losses.append(loss)
        W = W - step_size * gradient
    return W, losses


@exercise.mistake(
    "weights of the lowest loss",
    "Return the weights after the last step, not those of the lowest loss.",
)
def returns_the_best(loss_and_grad, W0, step_size, n_steps):
    W, losses, weights = W0, [], []
    for _ in range(n_steps):
        loss, gradient = loss_and_grad(W)
        losses.append(loss)
        weights.append(W)
        W = W - step_size * gradient
    return weights[int(np.argmin(losses))], losses
