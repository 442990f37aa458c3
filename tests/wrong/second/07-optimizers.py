# %% sgd: step uphill
def sgd(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault('learning_rate', 1e-2)
    w += config['learning_rate'] * dw
    return w, config
# %% sgd: default rate 1e-3, and decays it after each step
def sgd(w, dw, config=None):
    if config is None: config = {}
    config.setdefault('learning_rate', 1e-3)
    next_w = w - config['learning_rate'] * dw
    config['learning_rate'] *= 0.95
    return next_w, config
# %% sgd: defaults are used but not returned in config
def sgd(w, dw, config=None):
    if config is None:
        rate = 1e-2
    else:
        rate = config.get("learning_rate", 1e-2)
    return w - rate * dw, config
# %% sgd: multiplies dw in place
def sgd(w, dw, config=None):
    config = {} if config is None else dict(config)
    config.setdefault("learning_rate", 1e-2)
    dw *= config["learning_rate"]
    w = w - dw
    return w, config
# %% momentum: learning rate multiplies the velocity, as in PyTorch
def momentum(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault('learning_rate', 1e-2)
    config.setdefault('momentum', 0.9)
    v = config.get('velocity', np.zeros_like(w))
    v = config['momentum'] * v + dw
    next_w = w - config['learning_rate'] * v
    config['velocity'] = v
    return next_w, config
# %% momentum: running mean with (1 - mu), velocity under the key v
def momentum(w, dw, config=None):
    if config is None: config = {}
    config.setdefault('learning_rate', 1e-2)
    config.setdefault('momentum', 0.9)
    v = config.get('v', np.zeros_like(w))
    v = config['momentum'] * v - (1 - config['momentum']) * config['learning_rate'] * dw
    w += v
    config['v'] = v
    config.setdefault('velocity', v)
    return w, config
# %% momentum: new velocity is not remembered
def momentum(w, dw, config=None):
    config = dict(config or {})
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    config.setdefault("velocity", np.zeros_like(w))
    v = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return w + v, config
# %% momentum: moves by the old velocity
def momentum(w, dw, config=None):
    if config is None:
        config = {}
    eta = config.setdefault("learning_rate", 1e-2)
    mu = config.setdefault("momentum", 0.9)
    v = config.setdefault("velocity", np.zeros_like(w))
    next_w = w + v
    config["velocity"] = mu * v - eta * dw
    return next_w, config
# %% minimize_valley: momentum with the usual settings is too slow for 100 steps
def minimize_valley(loss_and_gradient, w0):
    w = w0.copy()
    config = {'learning_rate': 1e-3, 'momentum': 0.9}
    for it in range(100):
        loss, dw = loss_and_gradient(w)
        w, config = momentum(w, dw, config)
    return w
# %% minimize_valley: momentum with dampening, far too slow
def minimize_valley(loss_and_gradient, w0):
    x = np.array(w0)
    v = np.zeros_like(x)
    mu, learning_rate = 0.9, 1e-2
    for t in range(100):
        loss, dx = loss_and_gradient(x)
        v = mu * v + dx
        x = x - learning_rate * (1 - mu) * v
    return x
# %% minimize_valley: plain descent at its best rate until done, far more than 100 calls
def minimize_valley(loss_and_gradient, w0):
    w = w0.copy()
    loss, grad = loss_and_gradient(w)
    while loss > 1e-6:
        w = w - 2 / 101 * grad
        loss, grad = loss_and_gradient(w)
    return w
# %% minimize_valley: square roots forgotten in the best settings, and one call too many
def minimize_valley(loss_and_gradient, w0):
    kappa = 100
    rate = 4 / (1 + kappa) ** 2
    mu = ((kappa - 1) / (kappa + 1)) ** 2
    w, v = w0.copy(), np.zeros(2)
    for _ in range(100):
        grad = loss_and_gradient(w)[1]
        v = mu * v - rate * grad
        w = w + v
    loss_and_gradient(w)
    return w
# %% nesterov: old velocity is an alias that changes in place
def nesterov(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault('learning_rate', 1e-2)
    config.setdefault('momentum', 0.9)
    v = config.setdefault('velocity', np.zeros_like(w))
    mu = config['momentum']
    v_prev = v
    v *= mu
    v -= config['learning_rate'] * dw
    next_w = w - mu * v_prev + (1 + mu) * v
    config['velocity'] = v
    return next_w, config
# %% nesterov: sign of the old velocity, stored velocity is the old one
def nesterov(w, dw, config=None):
    if config is None: config = {}
    config.setdefault('learning_rate', 1e-2)
    config.setdefault('momentum', 0.9)
    v_prev = config.get('velocity', np.zeros_like(w))
    v = config['momentum'] * v_prev - config['learning_rate'] * dw
    next_w = w + config['momentum'] * v_prev + (1 + config['momentum']) * v
    config['velocity'] = v_prev
    return next_w, config
# %% nesterov: does not go back by the old velocity
def nesterov(w, dw, config=None):
    config = {} if config is None else config
    eta = config.setdefault("learning_rate", 1e-2)
    mu = config.setdefault("momentum", 0.9)
    v = config.setdefault("velocity", np.zeros_like(w))
    v = mu * v - eta * dw
    config["velocity"] = v
    return w + (1 + mu) * v, config
# %% nesterov: ends up as plain momentum
def nesterov(w, dw, config=None):
    config = dict(config) if config is not None else {}
    eta = config.setdefault("learning_rate", 1e-2)
    mu = config.setdefault("momentum", 0.9)
    old = config.setdefault("velocity", np.zeros_like(w))
    new = mu * old - eta * dw
    w = w + mu * old - eta * dw
    config["velocity"] = new
    return w, config
# %% adagrad: epsilon under the root
def adagrad(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault('learning_rate', 1e-2)
    config.setdefault('epsilon', 1e-8)
    config.setdefault('cache', np.zeros_like(w))
    config['cache'] += dw ** 2
    next_w = w - config['learning_rate'] * dw / np.sqrt(config['cache'] + config['epsilon'])
    return next_w, config
# %% adagrad: default rate 1e-3, cache in float64
def adagrad(w, dw, config=None):
    if config is None: config = {}
    config.setdefault('learning_rate', 1e-3)
    config.setdefault('epsilon', 1e-8)
    cache = config.get('cache', np.zeros(w.shape))
    cache = cache + dw * dw
    config['cache'] = cache
    next_w = w - config['learning_rate'] * dw / (np.sqrt(cache) + config['epsilon'])
    return next_w, config
# %% adagrad: divides by the cache from before this gradient
def adagrad(w, dw, config=None):
    config = dict(config or {})
    rate = config.setdefault("learning_rate", 1e-2)
    eps = config.setdefault("epsilon", 1e-8)
    c = config.setdefault("cache", np.zeros_like(w))
    next_w = w - rate * dw / (np.sqrt(c) + eps)
    config["cache"] = c + dw**2
    return next_w, config
# %% adagrad: cache is replaced, not added to
def adagrad(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("cache", np.zeros_like(w))
    config["cache"] = np.square(dw)
    root = np.sqrt(config["cache"]) + config["epsilon"]
    w = w - config["learning_rate"] * dw / root
    return w, config
# %% rmsprop: decay rate and its complement swapped
def rmsprop(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault('learning_rate', 1e-2)
    config.setdefault('decay_rate', 0.99)
    config.setdefault('epsilon', 1e-8)
    config.setdefault('cache', np.zeros_like(w))
    rho = config['decay_rate']
    config['cache'] = (1 - rho) * config['cache'] + rho * dw ** 2
    next_w = w - config['learning_rate'] * dw / (np.sqrt(config['cache']) + config['epsilon'])
    return next_w, config
# %% rmsprop: default decay 0.9, bias correction as in Adam
def rmsprop(w, dw, config=None):
    if config is None: config = {}
    config.setdefault('learning_rate', 1e-2)
    config.setdefault('decay_rate', 0.9)
    config.setdefault('epsilon', 1e-8)
    config.setdefault('cache', np.zeros_like(w))
    config.setdefault('t', 0)
    config['t'] += 1
    rho = config['decay_rate']
    config['cache'] = rho * config['cache'] + (1 - rho) * dw * dw
    corrected = config['cache'] / (1 - rho ** config['t'])
    next_w = w - config['learning_rate'] * dw / (np.sqrt(corrected) + config['epsilon'])
    return next_w, config
# %% rmsprop: factor (1 - rho) missing
def rmsprop(w, dw, config=None):
    config = {} if config is None else config
    eta = config.setdefault("learning_rate", 1e-2)
    rho = config.setdefault("decay_rate", 0.99)
    eps = config.setdefault("epsilon", 1e-8)
    c = config.setdefault("cache", np.zeros_like(w))
    c = rho * c + dw**2
    config["cache"] = c
    return w - eta * dw / (np.sqrt(c) + eps), config
# %% rmsprop: square root forgotten
def rmsprop(w, dw, config=None):
    config = dict(config) if config else {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("decay_rate", 0.99)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("cache", np.zeros_like(w))
    rho = config["decay_rate"]
    config["cache"] = rho * config["cache"] + (1 - rho) * dw**2
    step = config["learning_rate"] * dw / (config["cache"] + config["epsilon"])
    return w - step, config
# %% adam: corrected means are kept in the config
def adam(w, dw, config=None):
    if config is None:
        config = {}
    config.setdefault('learning_rate', 1e-3)
    config.setdefault('beta1', 0.9)
    config.setdefault('beta2', 0.999)
    config.setdefault('epsilon', 1e-8)
    config.setdefault('m', np.zeros_like(w))
    config.setdefault('v', np.zeros_like(w))
    config.setdefault('t', 0)
    config['t'] += 1
    m = config['beta1'] * config['m'] + (1 - config['beta1']) * dw
    v = config['beta2'] * config['v'] + (1 - config['beta2']) * (dw ** 2)
    config['m'] = m / (1 - config['beta1'] ** config['t'])
    config['v'] = v / (1 - config['beta2'] ** config['t'])
    next_w = w - config['learning_rate'] * config['m'] / (np.sqrt(config['v']) + config['epsilon'])
    return next_w, config
# %% adam: no bias correction, and t never raised
def adam(w, dw, config=None):
    if config is None: config = {}
    config.setdefault('learning_rate', 1e-3)
    config.setdefault('beta1', 0.9)
    config.setdefault('beta2', 0.999)
    config.setdefault('epsilon', 1e-8)
    config.setdefault('m', np.zeros_like(w))
    config.setdefault('v', np.zeros_like(w))
    config.setdefault('t', 0)
    beta1, beta2 = config['beta1'], config['beta2']
    config['m'] = beta1 * config['m'] + (1 - beta1) * dw
    config['v'] = beta2 * config['v'] + (1 - beta2) * dw * dw
    next_w = w - config['learning_rate'] * config['m'] / (np.sqrt(config['v']) + config['epsilon'])
    return next_w, config
# %% adam: t is raised after its use, division by zero in the first step
def adam(w, dw, config=None):
    config = dict(config or {})
    for name, value in (("learning_rate", 1e-3), ("beta1", 0.9), ("beta2", 0.999), ("epsilon", 1e-8), ("t", 0)):
        config.setdefault(name, value)
    m = config.get("m", np.zeros_like(w))
    v = config.get("v", np.zeros_like(w))
    b1, b2, t = config["beta1"], config["beta2"], config["t"]
    m = b1 * m + (1 - b1) * dw
    v = b2 * v + (1 - b2) * dw**2
    m_hat = m / (1 - b1**t)
    v_hat = v / (1 - b2**t)
    w = w - config["learning_rate"] * m_hat / (np.sqrt(v_hat) + config["epsilon"])
    config["m"], config["v"], config["t"] = m, v, t + 1
    return w, config
# %% adam: correction with beta times t instead of beta to the power t
def adam(w, dw, config=None):
    if config is None:
        config = {}
    eta = config.setdefault("learning_rate", 1e-3)
    b1 = config.setdefault("beta1", 0.9)
    b2 = config.setdefault("beta2", 0.999)
    eps = config.setdefault("epsilon", 1e-8)
    t = config.setdefault("t", 0) + 1
    m = b1 * config.setdefault("m", np.zeros_like(w)) + (1 - b1) * dw
    v = b2 * config.setdefault("v", np.zeros_like(w)) + (1 - b2) * dw**2
    config.update(t=t, m=m, v=v)
    m_hat = m / (1 - b1 * t)
    v_hat = v / (1 - b2 * t)
    return w - eta * m_hat / (np.sqrt(np.abs(v_hat)) + eps), config
# %% cosine_schedule: last step counted from total_steps - 1
def cosine_schedule(step, total_steps, lr_max, lr_min=0.0):
    progress = step / (total_steps - 1)
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + np.cos(np.pi * progress))
# %% cosine_schedule: lr_min not subtracted from the amplitude
def cosine_schedule(step, total_steps, lr_max, lr_min=0.0):
    cosine_decay = 0.5 * (1 + np.cos(np.pi * step / total_steps))
    return lr_min + lr_max * cosine_decay
# %% cosine_schedule: whole wave instead of half
def cosine_schedule(step, total_steps, lr_max, lr_min=0.0):
    angle = 2 * np.pi * step / total_steps
    return lr_min + (lr_max - lr_min) / 2 * (1 + np.cos(angle))
# %% cosine_schedule: quarter of a wave, and minus sign makes it rise
def cosine_schedule(step, total_steps, lr_max, lr_min=0.0):
    angle = np.pi * step / (2 * total_steps)
    return lr_min + (lr_max - lr_min) * (1 - np.cos(angle))
