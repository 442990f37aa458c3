"""What six update rules reach on CIFAR-10, and what a step of each costs.

    python benchmarks/optimizers.py [--seeds N] [--film FILE] [FOLDER]

FOLDER holds ``cifar-10-batches-py/``; without it, CS231N_DATASETS or ``datasets/``. Times are
ratios within one run, the medians of several. About a minute on two cores. ``--film`` writes the
film that notebook 07 opens with, and stops. Exit code 1 if a figure is out of its band.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

import numpy as np

from cs231n_utils import as_matrix, films, load_cifar10, mean_image, plots, surfaces, training
from cs231n_utils.losses import softmax_loss, softmax_loss_and_gradient
from cs231n_utils.optimizers import RULES

BATCH, N_EPOCHS, REPEATS = 128, 3, 101
LEARNING_RATES = {
    "sgd": 6e-7,
    "momentum": 1.5e-7,
    "nesterov": 1.5e-7,
    "adagrad": 6e-5,
    "rmsprop": 1.5e-6,
    "adam": 2.5e-6,
}
LOSSES = {  # full training loss after 1 and 3 epochs: the course's table
    "sgd": (1.80, 1.74),
    "momentum": (1.76, 1.71),
    "nesterov": (1.75, 1.71),
    "adagrad": (1.75, 1.69),
    "rmsprop": (1.75, 1.71),
    "adam": (1.76, 1.70),
}
TOLERANCE = 0.03
FILM_RATES = {
    "sgd": 0.02,
    "momentum": 0.01,
    "nesterov": 0.01,
    "adagrad": 0.2,
    "rmsprop": 0.05,
    "adam": 0.1,
}


def main() -> int:
    """Print the figures; 0 if every loss is within 0.03 of the course's table, else 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=1, help="runs of each rule (default 1)")
    parser.add_argument("--film", type=Path, help="write the film to this file and stop")
    parser.add_argument("folder", nargs="?", help="folder of cifar-10-batches-py")
    arguments = parser.parse_args()
    if arguments.film:
        arguments.film.write_bytes(film())
        return 0

    data = load_cifar10(arguments.folder)
    print(data, "\n")
    X, y = as_matrix(data.X_train, mean_image(data.X_train)), data.y_train
    report_costs(X, y)
    in_band = True
    print(f"\n{'full training loss':20} after 1 epoch        after 3 epochs       course")
    for name, rate in LEARNING_RATES.items():
        runs = [train(name, rate, X, y, seed) for seed in range(arguments.seeds)]
        once, thrice = (statistics.mean(run[epoch] for run in runs) for epoch in (0, 2))
        first, third = LOSSES[name]
        print(f"{name:20} {once:.3f} {once - first:+.3f}         ", end="")
        print(f"{thrice:.3f} {thrice - third:+.3f}", end="")
        print(f"         {first:.2f} / {third:.2f}")
        in_band &= abs(once - first) <= TOLERANCE and abs(thrice - third) <= TOLERANCE
    return 0 if in_band else 1


def train(name: str, rate: float, X: np.ndarray, y: np.ndarray, seed: int) -> list[float]:
    """Loss on all images after each epoch of minibatch descent."""
    rng = np.random.default_rng(seed)
    W = (1e-4 * rng.standard_normal((X.shape[1], 10))).astype(X.dtype)
    _, history = training.train(
        softmax_loss_and_gradient,
        W,
        X,
        y,
        step_size=rate,
        n_epochs=N_EPOCHS,
        batch_size=BATCH,
        rng=rng,
        rule=RULES[name],
        score=lambda W: {"loss": softmax_loss(W, X, y)},
        title=name,
        show="bar",
    )
    return history.scores["loss"][1:]


def report_costs(X: np.ndarray, y: np.ndarray) -> None:
    """Compare a step of each rule with the gradient of the minibatch that it follows."""
    W = np.zeros((X.shape[1], 10), dtype=X.dtype)
    _, dW = softmax_loss_and_gradient(W, X[:BATCH], y[:BATCH])
    calls = {"gradient": lambda: softmax_loss_and_gradient(W, X[:BATCH], y[:BATCH])}
    for name, rule in RULES.items():
        config = rule(W, dW, None)[1]
        calls[name] = lambda rule=rule, config=config: rule(W, dW, config)
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(REPEATS):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(record) for name, record in times.items()}
    print(f"time of a step / time of the gradient of a minibatch of {BATCH}")
    for name in RULES:
        print(f"{name:20} {medians[name] / medians['gradient']:.3f}")


def film() -> bytes:
    """The race on the six-hump camel, from the library's own rules."""
    plots.use_style()
    more = {name: {"decay_rate": 0.9} if name == "rmsprop" else {} for name in RULES}
    runners = {
        name: (rule, {"learning_rate": FILM_RATES[name], **more[name]})
        for name, rule in RULES.items()
    }
    paths = surfaces.race(surfaces.CAMEL, runners, 80)
    title = "Six optimizers, one start: momentum rolls over the rim"
    return films.film_race(surfaces.CAMEL, paths, title, n_frames=36, view=(50, -60))


if __name__ == "__main__":
    sys.exit(main())
