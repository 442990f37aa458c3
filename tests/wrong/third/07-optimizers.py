# %% sgd: default rate 1e-3
def sgd(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-3)
    next_w = np.zeros_like(w)
    for ix in np.ndindex(w.shape):
        next_w[ix] = w[ix] - config["learning_rate"] * dw[ix]
    return next_w, config

# %% sgd: the default is used but not in the returned config
def sgd(w, dw, config=None):
    config = dict(config or {})
    return w - config.get("learning_rate", 1e-2) * dw, config

# %% sgd: changes the gradient
def sgd(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    dw *= config["learning_rate"]
    next_w = w - dw
    return next_w, config

# %% sgd: float32 becomes float64, and a config without a rate is an error
def sgd(w, dw, config=None):
    if config is None:
        config = {"learning_rate": 1e-2}
    rate = np.full(w.shape, config["learning_rate"])
    return w - rate * dw, config

# %% momentum: gradient weighed by 1 - momentum
def momentum(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    config.setdefault("velocity", np.zeros_like(w))
    mu = config["momentum"]
    v = mu * config["velocity"] - (1 - mu) * config["learning_rate"] * dw
    config["velocity"] = v
    return w + v, config

# %% momentum: the new velocity is not remembered
def momentum(w, dw, config=None):
    config = {
        "learning_rate": 1e-2,
        "momentum": 0.9,
        "velocity": np.zeros_like(w),
        **(config or {}),
    }
    lr, mu, v = (config[k] for k in ("learning_rate", "momentum", "velocity"))
    v = mu * v - lr * dw
    return w + v, config

# %% momentum: moves by the old velocity
def momentum(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    config.setdefault("velocity", np.zeros_like(w))
    v = config["velocity"]
    next_w = w + v
    config["velocity"] = config["momentum"] * v - config["learning_rate"] * dw
    return next_w, config

# %% momentum: rate outside the velocity, and default momentum 0.99
def momentum(w, dw, config=None):
    config = {} if config is None else config
    lr = config.setdefault("learning_rate", 1e-2)
    mu = config.setdefault("momentum", 0.99)
    v = config.setdefault("velocity", np.zeros_like(w))
    v = mu * v - dw
    config["velocity"] = v
    return w + lr * v, config

# %% minimize_valley: plain gradient descent, too slow for 100 steps
def minimize_valley(loss_and_gradient, w0):
    step_size = 2 / (1 + 100)
    w = w0.copy()
    for _ in range(100):
        loss, gradient = loss_and_gradient(w)
        if loss < 1e-6:
            break
        w = w - step_size * gradient
    return w

# %% minimize_valley: momentum with the usual settings, not those of this valley
def minimize_valley(loss_and_gradient, w0):
    w, config = w0.copy(), {"learning_rate": 0.01, "momentum": 0.9}
    for _ in range(100):
        w, config = momentum(w, loss_and_gradient(w)[1], config)
    return w

# %% minimize_valley: one rate for x and one for y, but the valley is turned
def minimize_valley(loss_and_gradient, w0):
    rates = np.array([1.0, 0.01])
    w = w0.copy()
    for i in range(50):
        loss, grad = loss_and_gradient(w)
        if loss < 1e-6:
            return w
        w = w - rates * grad
    return w

# %% minimize_valley: stops at 1e-3, and asks twice in every step
def minimize_valley(loss_and_gradient, w0):
    config = {"learning_rate": 4 / 11**2, "momentum": (9 / 11) ** 2}
    w = w0.copy()
    for _ in range(100):
        if loss_and_gradient(w)[0] < 1e-3:
            break
        w, config = momentum(w, loss_and_gradient(w)[1], config)
    return w

# %% nesterov: does not go back by the old velocity
def nesterov(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    config.setdefault("velocity", np.zeros_like(w))
    mu = config["momentum"]
    v = mu * config["velocity"] - config["learning_rate"] * dw
    config["velocity"] = v
    return w + (1 + mu) * v, config

# %% nesterov: the old velocity is overwritten in place, plain momentum is left
def nesterov(w, dw, config=None):
    config = {} if config is None else config
    lr, mu = config.setdefault("learning_rate", 1e-2), config.setdefault("momentum", 0.9)
    v = config.setdefault("velocity", np.zeros_like(w))
    v_old = v
    v *= mu
    v -= lr * dw
    return w - mu * v_old + (1 + mu) * v, config

# %% nesterov: goes back by the whole old velocity, without mu
def nesterov(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    config.setdefault("velocity", np.zeros_like(w))
    v_old = config["velocity"]
    v = config["momentum"] * v_old - config["learning_rate"] * dw
    next_w = w - v_old + (1 + config["momentum"]) * v
    config["velocity"] = v
    return next_w, config

# %% nesterov: default momentum 0.5, and the old velocity is remembered
def nesterov(w, dw, config=None):
    config = dict(config) if config else {}
    lr = config.setdefault("learning_rate", 1e-2)
    mu = config.setdefault("momentum", 0.5)
    v_old = config.setdefault("velocity", np.zeros_like(w))
    v = mu * v_old - lr * dw
    next_w = w - mu * v_old + (1 + mu) * v
    config["velocity"] = v_old
    return next_w, config

# %% adagrad: epsilon inside the root
def adagrad(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("cache", np.zeros_like(w))
    config["cache"] = config["cache"] + dw**2
    next_w = w - config["learning_rate"] * dw / np.sqrt(config["cache"] + config["epsilon"])
    return next_w, config

# %% adagrad: divides by the cache before this gradient
def adagrad(w, dw, config=None):
    config = {"learning_rate": 1e-2, "epsilon": 1e-8, **(config or {})}
    cache = config.get("cache", np.zeros_like(w))
    next_w = w - config["learning_rate"] * dw / (np.sqrt(cache) + config["epsilon"])
    config["cache"] = cache + np.square(dw)
    return next_w, config

# %% adagrad: no root
def adagrad(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("cache", np.zeros_like(w))
    config["cache"] += dw**2
    next_w = w - config["learning_rate"] * dw / (config["cache"] + config["epsilon"])
    return next_w, config

# %% adagrad: the cache forgets what was, and default rate 1e-3
def adagrad(w, dw, config=None):
    config = config if config is not None else {}
    lr = config.setdefault("learning_rate", 1e-3)
    eps = config.setdefault("epsilon", 1e-8)
    config["cache"] = dw * dw
    return w - lr * dw / (np.sqrt(config["cache"]) + eps), config

# %% rmsprop: shares of memory and gradient swapped
def rmsprop(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("decay_rate", 0.99)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("cache", np.zeros_like(w))
    rho = config["decay_rate"]
    config["cache"] = (1 - rho) * config["cache"] + rho * dw**2
    step = config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"])
    return w - step, config

# %% rmsprop: a missing parenthesis cancels the cache
def rmsprop(w, dw, config=None):
    config = {} if config is None else config
    for key, value in (("learning_rate", 1e-2), ("decay_rate", 0.99), ("epsilon", 1e-8)):
        config.setdefault(key, value)
    cache = config.setdefault("cache", np.zeros_like(w))
    cache = cache + (1 - config["decay_rate"]) * dw**2 - cache
    config["cache"] = cache
    return w - config["learning_rate"] * dw / (np.sqrt(cache) + config["epsilon"]), config

# %% rmsprop: epsilon is added to the weights, not to the root
def rmsprop(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("decay_rate", 0.99)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("cache", np.zeros_like(w))
    d = config["decay_rate"]
    config["cache"] = d * config["cache"] + (1 - d) * dw**2
    next_w = w - config["learning_rate"] * dw / np.sqrt(config["cache"]) + config["epsilon"]
    return next_w, config

# %% rmsprop: default decay rate 0.9, and the cache is not remembered
def rmsprop(w, dw, config=None):
    config = dict(config or {})
    lr = config.setdefault("learning_rate", 1e-2)
    rho = config.setdefault("decay_rate", 0.9)
    eps = config.setdefault("epsilon", 1e-8)
    cache = config.setdefault("cache", np.zeros_like(w))
    cache = rho * cache + (1 - rho) * dw**2
    return w - lr * dw / (np.sqrt(cache) + eps), config

# %% adam: remembers the corrected means
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
    config["t"] += 1
    t = config["t"]
    config["m"] = config["beta1"] * config["m"] + (1 - config["beta1"]) * dw
    config["v"] = config["beta2"] * config["v"] + (1 - config["beta2"]) * dw**2
    config["m"] = config["m"] / (1 - config["beta1"] ** t)
    config["v"] = config["v"] / (1 - config["beta2"] ** t)
    step = config["learning_rate"] * config["m"] / (np.sqrt(config["v"]) + config["epsilon"])
    return w - step, config

# %% adam: t starts at 1 and is raised before use
def adam(w, dw, config=None):
    defaults = {
        "learning_rate": 1e-3,
        "beta1": 0.9,
        "beta2": 0.999,
        "epsilon": 1e-8,
        "m": np.zeros_like(w),
        "v": np.zeros_like(w),
        "t": 1,
    }
    c = {**defaults, **(config or {})}
    c["t"] += 1
    c["m"] = c["beta1"] * c["m"] + (1 - c["beta1"]) * dw
    c["v"] = c["beta2"] * c["v"] + (1 - c["beta2"]) * dw * dw
    m_hat, v_hat = c["m"] / (1 - c["beta1"] ** c["t"]), c["v"] / (1 - c["beta2"] ** c["t"])
    return w - c["learning_rate"] * m_hat / (np.sqrt(v_hat) + c["epsilon"]), c

# %% adam: v is not corrected
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
    config["t"] = config["t"] + 1
    m = config["beta1"] * config["m"] + (1 - config["beta1"]) * dw
    v = config["beta2"] * config["v"] + (1 - config["beta2"]) * dw**2
    m_hat = m / (1 - config["beta1"] ** config["t"])
    next_w = w - config["learning_rate"] * m_hat / (np.sqrt(v) + config["epsilon"])
    config["m"] = m
    config["v"] = v
    return next_w, config

# %% adam: memory in float64 makes the weights float64, and epsilon inside the root
def adam(w, dw, config=None):
    config = config if config is not None else {}
    lr = config.setdefault("learning_rate", 1e-3)
    b1, b2 = config.setdefault("beta1", 0.9), config.setdefault("beta2", 0.999)
    eps = config.setdefault("epsilon", 1e-8)
    m = config.setdefault("m", np.zeros(w.shape))
    v = config.setdefault("v", np.zeros(w.shape))
    t = config["t"] = config.get("t", 0) + 1
    config["m"] = m = b1 * m + (1 - b1) * dw
    config["v"] = v = b2 * v + (1 - b2) * dw**2
    m_hat = m / (1 - b1**t)
    v_hat = v / (1 - b2**t)
    return w - lr * m_hat / np.sqrt(v_hat + eps), config

# %% cosine_schedule: a quarter of a wave
def cosine_schedule(step, total_steps, lr_max, lr_min=0.0):
    phase = 0.5 * np.pi * step / total_steps
    return lr_min + (lr_max - lr_min) * np.cos(phase)

# %% cosine_schedule: a table of S instead of S + 1 steps
def cosine_schedule(step, total_steps, lr_max, lr_min=0.0):
    wave = 0.5 * (1 + np.cos(np.linspace(0, np.pi, total_steps)))
    return float(lr_min + (lr_max - lr_min) * wave[min(step, total_steps - 1)])

# %% cosine_schedule: lr_min not added
def cosine_schedule(step, total_steps, lr_max, lr_min=0.0):
    half = (lr_max - lr_min) / 2
    rate = half * (1 + np.cos(np.pi * step / total_steps))
    return rate

# %% cosine_schedule: lr_min not subtracted, and integer division
def cosine_schedule(step, total_steps, lr_max, lr_min=0.0):
    fraction = step // total_steps
    return lr_min + lr_max / 2 * (1 + np.cos(np.pi * fraction))
