"""The velocity of momentum and Nesterov's momentum, and the slips that both know."""

VELOCITY_SLIPS = {
    "climbs": "The velocity gains minus learning_rate * dw: the gradient points uphill.",
    "momentum left out": "The new velocity keeps momentum times the old one, not all of it.",
    "averages": "The gradient is not weighted by 1 - momentum: v = momentum * v - learning_rate * "
    "dw.",
    "1 - momentum of the old velocity": "The new velocity keeps momentum times the old one, not "
    "1 - momentum.",
    "learning rate and momentum exchanged": "Momentum multiplies the old velocity, the learning "
    "rate the gradient; yours are exchanged.",
    "gradient left out": "The new velocity is momentum times the old one minus learning_rate * "
    "dw: the gradient is missing.",
    "velocity never changes": "Compute the new velocity first: v = momentum * v - learning_rate * "
    "dw.",
    "old velocity subtracted": "The old velocity goes on in its direction: momentum * v is added, "
    "learning_rate * dw is subtracted.",
    "momentum of the gradient as well": "Momentum multiplies the old velocity alone: v = momentum "
    "* v - learning_rate * dw.",
}


def velocity_with(is_, dw, settings, old):
    """The new velocity, with slips."""
    rate, mu = settings["learning_rate"], settings["momentum"]
    if is_("velocity never changes"):
        return old
    if is_("gradient left out"):
        rate = 0.0
    if is_("learning rate and momentum exchanged"):
        rate, mu = mu, rate
    gained = (1 - mu) * rate * dw if is_("averages") else rate * dw
    if is_("momentum of the gradient as well"):
        gained = mu * gained
    if is_("climbs"):
        gained = -gained
    if is_("momentum left out"):
        kept = old
    else:
        kept = (1 - mu if is_("1 - momentum of the old velocity") else mu) * old
    return (-kept if is_("old velocity subtracted") else kept) - gained
