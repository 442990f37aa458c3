# %% sgd: in place, as CS231n writes it
def sgd(w, dw, config=None):
    if config is None: config = {}
    config.setdefault("learning_rate", 1e-2)
    w -= config["learning_rate"] * dw
    return w, config

# %% sgd: a new config
def sgd(w, dw, config=None):
    config = {"learning_rate": 1e-2, **(config or {})}
    return w - config["learning_rate"] * dw, config

# %% sgd: a list of two
def sgd(w, dw, config=None):
    config = dict(config or {})
    lr = config["learning_rate"] = config.get("learning_rate", 1e-2)
    return [np.subtract(w, np.multiply(lr, dw)), config]

# %% momentum: as CS231n writes it
def momentum(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    v = config.get("velocity", np.zeros_like(w))
    next_w = None
    v = config["momentum"] * v - config["learning_rate"] * dw
    next_w = w + v
    config["velocity"] = v
    return next_w, config

# %% momentum: w in place
def momentum(w, dw, config=None):
    config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": 0 * w} | (config or {})
    config["velocity"] = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    w += config["velocity"]
    return w, config

# %% momentum: defaults in ChainMap
from collections import ChainMap
def momentum(w, dw, config=None):
    config = dict(ChainMap(config or {}, dict(learning_rate=1e-2, momentum=0.9, velocity=np.zeros(w.shape, w.dtype))))
    v = config["velocity"] * config["momentum"]
    v -= config["learning_rate"] * dw
    return w + v, dict(config, velocity=v)

# %% nesterov: the form of Sutskever, with the next gradient ahead
def nesterov(w, dw, config=None):
    config = {"learning_rate": 1e-2, "momentum": 0.9, **(config or {})}
    mu, lr = config["momentum"], config["learning_rate"]
    v_prev = config.get("velocity", np.zeros_like(w))
    v = mu * v_prev - lr * dw
    config["velocity"] = v
    return w + v + mu * (v - v_prev), config

# %% nesterov: one formula
def nesterov(w, dw, config=None):
    config = config if config is not None else {}
    for name, value in {"learning_rate": 1e-2, "momentum": 0.9}.items():
        config.setdefault(name, value)
    mu = config["momentum"]
    config["velocity"] = mu * config.get("velocity", 0 * w) - config["learning_rate"] * dw
    return w + mu * config["velocity"] - config["learning_rate"] * dw, config

# %% adagrad: in place
def adagrad(w, dw, config=None):
    config = {} if config is None else config
    lr, eps = config.setdefault("learning_rate", 1e-2), config.setdefault("epsilon", 1e-8)
    config.setdefault("cache", np.zeros_like(w))
    config["cache"] += dw * dw
    w -= lr * dw / (np.sqrt(config["cache"]) + eps)
    return w, config

# %% adagrad: powers
def adagrad(w, dw, config=None):
    config = dict(config or {})
    config.setdefault("learning_rate", 1e-2); config.setdefault("epsilon", 1e-8)
    config["cache"] = config.get("cache", 0) + np.square(dw)
    step = dw * (config["cache"] ** 0.5 + config["epsilon"]) ** -1
    return w - config["learning_rate"] * step, config

# %% rmsprop: as CS231n writes it
def rmsprop(w, dw, config=None):
    if config is None: config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("decay_rate", 0.99)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("cache", np.zeros_like(w))
    config["cache"] = config["decay_rate"] * config["cache"] + (1 - config["decay_rate"]) * (dw**2)
    next_w = w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"])
    return next_w, config

# %% rmsprop: steps towards the square
def rmsprop(w, dw, config=None):
    config = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8} | (config or {})
    cache = config.get("cache", np.zeros_like(w))
    config["cache"] = cache + (1 - config["decay_rate"]) * (dw * dw - cache)
    w = w - config["learning_rate"] * dw / (config["cache"] ** 0.5 + config["epsilon"])
    return w, config

# %% adam: as CS231n writes it
def adam(w, dw, config=None):
    if config is None: config = {}
    config.setdefault("learning_rate", 1e-3)
    config.setdefault("beta1", 0.9)
    config.setdefault("beta2", 0.999)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("m", np.zeros_like(w))
    config.setdefault("v", np.zeros_like(w))
    config.setdefault("t", 0)
    config["t"] += 1
    config["m"] = config["beta1"] * config["m"] + (1 - config["beta1"]) * dw
    mt = config["m"] / (1 - config["beta1"] ** config["t"])
    config["v"] = config["beta2"] * config["v"] + (1 - config["beta2"]) * (dw**2)
    vt = config["v"] / (1 - config["beta2"] ** config["t"])
    next_w = w - config["learning_rate"] * mt / (np.sqrt(vt) + config["epsilon"])
    return next_w, config

# %% adam: t as a float
def adam(w, dw, config=None):
    c = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0.0} | (config or {})
    c["t"] = float(c["t"]) + 1
    c["m"] = c["beta1"] * c.get("m", 0 * w) + (1 - c["beta1"]) * dw
    c["v"] = c["beta2"] * c.get("v", 0 * w) + (1 - c["beta2"]) * dw * dw
    m, v = c["m"] / (1 - c["beta1"] ** c["t"]), c["v"] / (1 - c["beta2"] ** c["t"])
    return w - c["learning_rate"] * m / (v ** 0.5 + c["epsilon"]), c

# %% adam: the corrections in the step size, t an integer of NumPy
def adam(w, dw, config=None):
    config = dict(learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8) | (config or {})
    t = config["t"] = np.int64(config.get("t", 0) + 1)
    for name, beta, power in (("m", config["beta1"], 1), ("v", config["beta2"], 2)):
        config[name] = beta * config.get(name, np.zeros_like(w)) + (1 - beta) * dw ** power
    c1, c2 = 1 - config["beta1"] ** t, np.sqrt(1 - config["beta2"] ** t)
    step = config["learning_rate"] * c2 / c1
    w = w - (step * config["m"] / (np.sqrt(config["v"]) + c2 * config["epsilon"])).astype(w.dtype)
    return w, config

# %% cosine_schedule: math.cos
import math
def cosine_schedule(step, total_steps, lr_max, lr_min=0.0):
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + math.cos(math.pi * step / total_steps))

# %% cosine_schedule: the square of a cosine
def cosine_schedule(step, total_steps, lr_max, lr_min=0.0):
    return lr_min + (lr_max - lr_min) * np.cos(np.pi / 2 * step / total_steps) ** 2

# %% cosine_schedule: a weighted mean
def cosine_schedule(step, total_steps, lr_max, lr_min=0.0):
    share = np.sin(np.pi * step / (2 * total_steps)) ** 2
    return (1 - share) * lr_max + share * lr_min

# %% cosine_schedule: a complex exponential
import cmath
def cosine_schedule(step, total_steps, lr_max, lr_min=0.0):
    turn = cmath.exp(1j * cmath.pi * step / total_steps).real
    return (lr_max + lr_min) / 2 + turn * (lr_max - lr_min) / 2

# %% minimize_valley: momentum by hand
def minimize_valley(loss_and_gradient, w0):
    w, v = np.array(w0), np.zeros(2)
    for _ in range(95):
        _, g = loss_and_gradient(w)
        v = 0.67 * v - 0.033 * g
        w += v
    return w

# %% minimize_valley: Newton's method from differences of gradients
def minimize_valley(loss_and_gradient, w0):
    _, g = loss_and_gradient(w0)
    H = np.stack([loss_and_gradient(w0 + e)[1] - g for e in np.eye(2)])
    return w0 - np.linalg.solve(H, g)

# %% minimize_valley: conjugate steps with an exact line search
def minimize_valley(loss_and_gradient, w0):
    w, loss, direction, previous = w0.copy(), np.inf, None, None
    for _ in range(20):
        loss, g = loss_and_gradient(w)
        if loss < 1e-9:
            break
        direction = -g if previous is None else -g + (g @ g) / (previous @ previous) * direction
        _, ahead = loss_and_gradient(w + direction)
        w = w + direction * -(g @ direction) / ((ahead - g) @ direction)
        previous = g
    return w

# %% minimize_valley: stops when the loss is small
def minimize_valley(loss_and_gradient, w0):
    w, velocity, steps = w0, 0.0, 0
    while steps < 100:
        loss, gradient = loss_and_gradient(w)
        steps += 1
        if loss < 1e-8:
            break
        velocity = 0.7 * velocity - 0.03 * gradient
        w = w + velocity
    return w
