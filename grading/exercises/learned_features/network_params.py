"""Parameters of the two-layer network."""


def draw_params(rng, n_inputs, n_hidden, n_classes):
    """Weights and biases of both signs, large enough that forgetting one of them shows."""
    return {
        "W1": rng.standard_normal((n_inputs, n_hidden)),
        "b1": rng.choice([-1, 1], n_hidden) * rng.uniform(0.4, 1.2, n_hidden),
        "W2": rng.standard_normal((n_hidden, n_classes)),
        "b2": rng.choice([-1, 1], n_classes) * rng.uniform(0.4, 1.2, n_classes),
    }
