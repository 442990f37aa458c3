# %% sgd: used default is not in the returned config
def sgd(w, dw, config=None):
    if config is None:
        config = {}
    lr = config.get("learning_rate", 1e-2)
    next_w = w - lr * dw
    return next_w, config

# %% sgd: dw is changed in place, and the default rate is 1e-3
def sgd(w, dw, config=None):
    config = dict(config or {})
    config.setdefault("learning_rate", 1e-3)
    dw *= config["learning_rate"]
    w -= dw
    return w, config

# %% momentum: the learning rate multiplies the velocity instead of the gradient
def momentum(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    v = config.get("velocity", np.zeros_like(w))
    v = config["momentum"] * v + dw
    next_w = w - config["learning_rate"] * v
    config["velocity"] = v
    return next_w, config

# %% momentum: defaults only if config is None, and float64 velocity makes float32 weights float64
def momentum(w, dw, config=None):
    if config is None:
        config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros(w.shape)}
    mu = config["momentum"]
    v = mu * config["velocity"] - config["learning_rate"] * dw
    config["velocity"] = v
    return w + v, config

# %% minimize_valley: plain gradient descent is too slow for 100 gradients
def minimize_valley(loss_and_gradient, w0):
    w = w0.copy()
    for _ in range(100):
        loss, grad = loss_and_gradient(w)
        w = w - 0.0198 * grad
    return w

# %% minimize_valley: default momentum needs more than 100 evaluations
def minimize_valley(loss_and_gradient, w0):
    w = np.array(w0, dtype=float)
    config = {"learning_rate": 0.01, "momentum": 0.9}
    loss, dw = loss_and_gradient(w)
    while loss >= 1e-6:
        w, config = momentum(w, dw, config)
        loss, dw = loss_and_gradient(w)
    return w

# %% nesterov: old velocity is not copied, so it is the new one after the update in place
def nesterov(w, dw, config=None):
    config = {} if config is None else config
    lr = config.setdefault("learning_rate", 1e-2)
    mu = config.setdefault("momentum", 0.9)
    v = config.setdefault("velocity", np.zeros_like(w))
    v_old = v
    v *= mu
    v -= lr * dw
    next_w = w - mu * v_old + (1 + mu) * v
    return next_w, config

# %% nesterov: old velocity without its factor mu, and default rate 1e-3
def nesterov(w, dw, config=None):
    settings = {"learning_rate": 1e-3, "momentum": 0.9, "velocity": np.zeros_like(w)}
    if config is not None:
        settings.update(config)
    eta, mu, previous = settings["learning_rate"], settings["momentum"], settings["velocity"]
    new = mu * previous - eta * dw
    settings["velocity"] = new
    next_w = w - previous + (1 + mu) * new
    return next_w, settings

# %% adagrad: the step is taken with the cache from before this gradient
def adagrad(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("cache", np.zeros_like(w))
    next_w = w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"])
    config["cache"] = config["cache"] + dw**2
    return next_w, config

# %% adagrad: one cache for all weights (sum of the squares), and epsilon inside the root
def adagrad(w, dw, config=None):
    config = config or {}
    lr = config.setdefault("learning_rate", 1e-2)
    eps = config.setdefault("epsilon", 1e-8)
    cache = config.setdefault("cache", np.zeros_like(w))
    cache = cache + np.sum(dw * dw)
    config["cache"] = cache
    w = w - lr * dw / np.sqrt(cache + eps)
    return w, config

# %% rmsprop: decay rate and one minus it are swapped
def rmsprop(w, dw, config=None):
    if config is None:
        config = {}
    for name, value in (("learning_rate", 1e-2), ("decay_rate", 0.99), ("epsilon", 1e-8)):
        config.setdefault(name, value)
    config.setdefault("cache", np.zeros_like(w))
    rho = config["decay_rate"]
    config["cache"] = (1 - rho) * config["cache"] + rho * dw**2
    step = config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"])
    return w - step, config

# %% rmsprop: default decay rate 0.9, and the gradient in the cache is not squared but its magnitude
def rmsprop(w, dw, config=None):
    config = {} if config is None else dict(config)
    eta = config.setdefault("learning_rate", 1e-2)
    decay = config.setdefault("decay_rate", 0.9)
    eps = config.setdefault("epsilon", 1e-8)
    old = config.get("cache", np.zeros_like(w))
    new = decay * old + (1 - decay) * np.abs(dw)
    config["cache"] = new
    next_w = w - eta * dw / (np.sqrt(new) + eps)
    return next_w, config

# %% adam: corrected means are kept in the config
def adam(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-3)
    config.setdefault("beta1", 0.9)
    config.setdefault("beta2", 0.999)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("m", np.zeros_like(w))
    config.setdefault("v", np.zeros_like(w))
    config.setdefault("t", 0)
    b1, b2 = config["beta1"], config["beta2"]
    config["t"] += 1
    config["m"] = b1 * config["m"] + (1 - b1) * dw
    config["v"] = b2 * config["v"] + (1 - b2) * dw**2
    config["m"] = config["m"] / (1 - b1 ** config["t"])
    config["v"] = config["v"] / (1 - b2 ** config["t"])
    next_w = w - config["learning_rate"] * config["m"] / (np.sqrt(config["v"]) + config["epsilon"])
    return next_w, config

# %% adam: t is not stored back, and v is corrected with beta1
def adam(w, dw, config=None):
    config = config if config is not None else {}
    defaults = {
        "learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8,
        "m": np.zeros_like(w), "v": np.zeros_like(w), "t": 0,
    }
    config = {**defaults, **config}
    t = config["t"] + 1
    m = config["beta1"] * config["m"] + (1 - config["beta1"]) * dw
    v = config["beta2"] * config["v"] + (1 - config["beta2"]) * (dw * dw)
    m_hat = m / (1 - config["beta1"] ** t)
    v_hat = v / (1 - config["beta1"] ** t)
    w = w - config["learning_rate"] * m_hat / (np.sqrt(v_hat) + config["epsilon"])
    config["m"], config["v"] = m, v
    return w, config

# %% cosine_schedule: lr_min is not subtracted from the height of the wave
def cosine_schedule(step, total_steps, lr_max, lr_min=0.0):
    wave = (1 + np.cos(np.pi * step / total_steps)) / 2
    return lr_min + lr_max * wave

# %% cosine_schedule: divided by total_steps - 1
def cosine_schedule(step, total_steps, lr_max, lr_min=0.0):
    import math

    progress = step / (total_steps - 1)
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + math.cos(math.pi * progress))
