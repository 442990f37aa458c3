# %% adam: t starts at 1 and is raised
def adam(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-3)
    config.setdefault("beta1", 0.9)
    config.setdefault("beta2", 0.999)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("m", np.zeros_like(w))
    config.setdefault("v", np.zeros_like(w))
    config.setdefault("t", 1)
    config["t"] += 1
    config["m"] = config["beta1"] * config["m"] + (1 - config["beta1"]) * dw
    config["v"] = config["beta2"] * config["v"] + (1 - config["beta2"]) * dw * dw
    mt = config["m"] / (1 - config["beta1"] ** config["t"])
    vt = config["v"] / (1 - config["beta2"] ** config["t"])
    next_w = w - config["learning_rate"] * mt / (np.sqrt(vt) + config["epsilon"])
    return next_w, config


# %% adam: no bias correction and t is never raised
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
    beta1, beta2 = config["beta1"], config["beta2"]
    config["m"] = beta1 * config["m"] + (1 - beta1) * dw
    config["v"] = beta2 * config["v"] + (1 - beta2) * dw**2
    return w - config["learning_rate"] * config["m"] / (
        np.sqrt(config["v"]) + config["epsilon"]
    ), config


# %% adam: always epsilon 1e-08 and defaults not written back
def adam(w, dw, config=None):
    config = {} if config is None else config
    lr = config.setdefault("learning_rate", 1e-3)
    b1, b2 = config.setdefault("beta1", 0.9), config.setdefault("beta2", 0.999)
    t = config.get("t", 0) + 1
    m = b1 * config.get("m", 0 * w) + (1 - b1) * dw
    v = b2 * config.get("v", 0 * w) + (1 - b2) * dw**2
    config.update(m=m, v=v, t=t)
    return w - lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + 1e-8), config


# %% adam: takes no setting from config
def adam(w, dw, config=None):
    config = {} if config is None else config
    lr, b1, b2, eps = 1e-3, 0.9, 0.999, 1e-8
    config["t"] = config.get("t", 0) + 1
    config["m"] = b1 * config.get("m", 0 * w) + (1 - b1) * dw
    config["v"] = b2 * config.get("v", 0 * w) + (1 - b2) * dw**2
    mhat = config["m"] / (1 - b1 ** config["t"])
    vhat = config["v"] / (1 - b2 ** config["t"])
    return w - lr * mhat / (np.sqrt(vhat) + eps), config


# %% adam: v corrected with beta1 and t not kept
def adam(w, dw, config=None):
    config = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8} | (config or {})
    b1, b2 = config["beta1"], config["beta2"]
    t = config.get("t", 0) + 1
    config["m"] = b1 * config.get("m", np.zeros_like(w)) + (1 - b1) * dw
    config["v"] = b2 * config.get("v", np.zeros_like(w)) + (1 - b2) * dw**2
    mhat, vhat = config["m"] / (1 - b1**t), config["v"] / (1 - b1**t)
    return w - config["learning_rate"] * mhat / (np.sqrt(vhat) + config["epsilon"]), config


# %% momentum: defaults only where config is None
def momentum(w, dw, config=None):
    if config is None:
        config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros(w.shape)}
    v = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    config["velocity"] = v
    return w + v, config


# %% momentum: velocity uphill
def momentum(w, dw, config=None):
    config = {} if config is None else config
    lr, mu = config.setdefault("learning_rate", 1e-2), config.setdefault("momentum", 0.9)
    v = mu * config.get("velocity", np.zeros_like(w)) + lr * dw
    config["velocity"] = v
    return w - v, config


# %% nesterov: old velocity without its factor and learning rate 0.001 by default
def nesterov(w, dw, config=None):
    settings = {"learning_rate": 1e-3, "momentum": 0.9, "velocity": np.zeros_like(w)}
    if config is not None:
        settings.update(config)
    mu, previous = settings["momentum"], settings["velocity"]
    settings["velocity"] = mu * previous - settings["learning_rate"] * dw
    return w - previous + (1 + mu) * settings["velocity"], settings


# %% adagrad: epsilon inside the root and one square for all weights
def adagrad(w, dw, config=None):
    config = config or {}
    lr, eps = config.setdefault("learning_rate", 1e-2), config.setdefault("epsilon", 1e-8)
    cache = config.setdefault("cache", np.zeros_like(w)) + np.sum(dw * dw)
    config["cache"] = cache
    return w - lr * dw / np.sqrt(cache + eps), config


# %% rmsprop: absolute value instead of the square and decay rate 0.9 by default
def rmsprop(w, dw, config=None):
    config = {} if config is None else dict(config)
    lr, eps = config.setdefault("learning_rate", 1e-2), config.setdefault("epsilon", 1e-8)
    decay = config.setdefault("decay_rate", 0.9)
    cache = decay * config.get("cache", np.zeros_like(w)) + (1 - decay) * np.abs(dw)
    config["cache"] = cache
    return w - lr * dw / (np.sqrt(cache) + eps), config


# %% rmsprop: root and epsilon not in parentheses
def rmsprop(w, dw, config=None):
    config = {} if config is None else config
    lr, eps = config.setdefault("learning_rate", 1e-2), config.setdefault("epsilon", 1e-8)
    decay = config.setdefault("decay_rate", 0.99)
    cache = decay * config.get("cache", np.zeros_like(w)) + (1 - decay) * dw**2
    config["cache"] = cache
    return w - (lr * dw / np.sqrt(cache) + eps), config


# %% sgd: changes dw and learning rate 0.001 by default
def sgd(w, dw, config=None):
    config = dict(config or {})
    config.setdefault("learning_rate", 1e-3)
    dw *= config["learning_rate"]
    return w - dw, config


# %% cosine_schedule: total_steps - 1
def cosine_schedule(step, total_steps, lr_max, lr_min=0.0):
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + np.cos(step * np.pi / (total_steps - 1)))


# %% cosine_schedule: floor left out and bare cosine
def cosine_schedule(step, total_steps, lr_max, lr_min=0.0):
    return lr_max * np.cos(np.pi * step / total_steps)


# %% sgd: defaults not written back and another dtype
def sgd(w, dw, config=None):
    config = {} if config is None else config
    return w - np.float64(config.get("learning_rate", 1e-2)) * dw, config


# %% momentum: other defaults
def momentum(w, dw, config=None):
    config = {} if config is None else config
    lr, mu = config.setdefault("learning_rate", 0.5), config.setdefault("momentum", 0.3)
    config["velocity"] = mu * config.get("velocity", np.zeros_like(w)) - lr * dw
    return w + config["velocity"], config


# %% sgd: changes the settings
def sgd(w, dw, config=None):
    if config is None:
        config = {}
    lr = config.setdefault("learning_rate", 1e-2)
    w = w - lr * dw
    config["learning_rate"] = lr * 0.99
    return w, config


# %% sgd: config stays None
def sgd(w, dw, config=None):
    lr = 1e-2
    if config is not None:
        lr = config.setdefault("learning_rate", 1e-2)
    return w - lr * dw, config


# %% adagrad: cache under another name
def adagrad(w, dw, config=None):
    config = config or {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("G", np.zeros_like(w))
    config["G"] = config["G"] + dw * dw
    root = np.sqrt(config["G"])
    return w - config["learning_rate"] * dw / (root + config["epsilon"]), config


# %% rmsprop: corrected as in Adam
def rmsprop(w, dw, config=None):
    config = dict(config or {})
    lr = config.setdefault("learning_rate", 1e-2)
    rho = config.setdefault("decay_rate", 0.99)
    eps = config.setdefault("epsilon", 1e-8)
    t = config.get("t", 0) + 1
    cache = rho * config.get("cache", np.zeros_like(w)) + (1 - rho) * np.square(dw)
    config["cache"], config["t"] = cache, t
    return w - lr * dw / (np.sqrt(cache / (1 - rho**t)) + eps), config


# %% minimize_valley: creeps along and swings across
def minimize_valley(loss_and_gradient, w0):
    w, v = w0.copy(), np.zeros_like(w0)
    for _ in range(100):
        v = 0.9 * v - 1e-3 * loss_and_gradient(w)[1]
        w = w + v
    return w


# %% minimize_valley: asks twice at each point
def minimize_valley(loss_and_gradient, w0):
    w, v = w0, 0
    for _ in range(50):
        loss = loss_and_gradient(w)[0]
        dw = loss_and_gradient(w)[1]
        if loss < 1e-6:
            return w
        v = 0.8 * v - 0.02 * dw
        w = w + v
    return w


# %% minimize_valley: stops too early
def minimize_valley(loss_and_gradient, w0):
    w, velocity, loss = w0, 0, 1
    while loss > 1e-3:
        loss, _ = loss_and_gradient(w)
        _, gradient = loss_and_gradient(w)
        velocity = 0.65 * velocity - 0.03 * gradient
        w = w + velocity
    return w


# %% minimize_valley: a rate for each axis
def minimize_valley(loss_and_gradient, w0):
    w = w0.copy()
    for _ in range(100):
        loss, (dx, dy) = loss_and_gradient(w)
        w = w - np.array([0.02 * dx, 0.2 * dy])
    return w


# %% rmsprop: cache starts afresh
def rmsprop(w, dw, config=None):
    config = {} if config is None else config
    for name, default in {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8}.items():
        config.setdefault(name, default)
    old = config.get("cache", np.zeros_like(w))
    config["cache"] = old + (1 - config["decay_rate"]) * dw**2 - old
    root = np.sqrt(config["cache"])
    return w - config["learning_rate"] * dw / (root + config["epsilon"]), config
