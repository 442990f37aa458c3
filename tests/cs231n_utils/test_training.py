"""Minibatches, the training loop and its curves, settings: against torch, by hand, by counting."""

import itertools
import math
import tracemalloc

import numpy as np
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from cs231n_utils.losses import softmax_loss_and_gradient
from cs231n_utils.optimizers import adam, cosine_schedule
from cs231n_utils.training import (
    History,
    Live,
    draw_history,
    log_grid,
    log_uniform,
    minibatches,
    search,
    train,
)
from tests.cs231n_utils.system.test_processors import blas_threads


def problem(n=60, d=7, c=4, dtype=np.float64):
    rng = np.random.default_rng(0)
    X = rng.standard_normal((n, d)).astype(dtype)
    return X, rng.integers(0, c, n), 0.1 * rng.standard_normal((d, c)).astype(dtype)


def mean_squares(W, X, y, reg):
    """A loss on a dict of weights, with gradients like it."""
    misses = X @ W["a"] + W["b"] - y[:, np.newaxis]
    return float(np.mean(misses**2)), {
        "a": 2 * X.T @ misses / misses.size,
        "b": 2 * misses.sum(axis=0) / misses.size,
    }


# -------------------------------------------------------------------------------- minibatches


@pytest.mark.parametrize(("n", "batch_size"), [(10, 3), (12, 4), (5, 8), (7, 1)])
def test_minibatches_hold_every_image_once_with_its_label(n, batch_size):
    X, y = np.arange(2.0 * n).reshape(n, 2), np.arange(n)
    sizes, seen = [], []
    for images, labels in minibatches(X, y, batch_size, np.random.default_rng(1)):
        assert np.array_equal(images, X[labels])
        sizes.append(len(labels))
        seen.extend(labels.tolist())
    assert sorted(seen) == list(range(n))
    assert sizes == [batch_size] * (n // batch_size) + [n % batch_size] * (n % batch_size > 0)


def test_minibatches_are_drawn_from_all_images_and_differ_between_epochs():
    X, y, rng = np.zeros((100, 1)), np.arange(100), np.random.default_rng(2)
    epochs = [[labels.tolist() for _, labels in minibatches(X, y, 20, rng)] for _ in range(2)]
    assert epochs[0] != epochs[1]
    assert all(np.ptp(batch) > 40 for epoch in epochs for batch in epoch)
    again = [labels.tolist() for _, labels in minibatches(X, y, 20, np.random.default_rng(2))]
    assert again == epochs[0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint8])
def test_minibatches_keep_dtype_and_shape_and_use_one_buffer(dtype):
    X = np.arange(9 * 4 * 3).reshape(9, 4, 3).astype(dtype)
    batches = minibatches(X, np.arange(9), 4, np.random.default_rng(3))
    first, _ = next(batches)
    second, labels = next(batches)
    assert np.shares_memory(first, second) and not np.shares_memory(first, X)
    assert second.dtype == dtype and np.array_equal(second, X[labels])


def test_batches_are_those_that_the_permutation_says():
    X = np.repeat(np.arange(301, dtype=np.float32), 3073).reshape(301, 3073)
    order = np.random.default_rng(4).permutation(301)
    batches = minibatches(X, np.arange(301), 128, np.random.default_rng(4))
    for start, (images, labels) in zip((0, 128, 256), batches, strict=True):
        rows = np.sort(order[start : start + 128])
        assert np.array_equal(images, X[rows]) and np.array_equal(labels, rows)


def test_minibatches_of_a_view_copy_no_more_than_a_batch():
    X = np.arange(400 * 8 * 6, dtype=np.float32).reshape(400, 8, 6).transpose(0, 2, 1)
    batches = minibatches(X, np.arange(400), 4, np.random.default_rng(3))
    tracemalloc.start()
    images, labels = next(batches)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert np.array_equal(images, X[labels])
    assert peak < X.nbytes / 2


@pytest.mark.parametrize(
    ("n_labels", "batch_size", "got"),
    [(9, 2, "9 labels for 10 images, expected one label for each"), (10, 0, "batch_size=0")],
)
def test_minibatches_refuse_what_does_not_fit(n_labels, batch_size, got):
    with pytest.raises(ValueError, match=got):
        next(
            minibatches(np.zeros((10, 2)), np.zeros(n_labels), batch_size, np.random.default_rng())
        )


# ----------------------------------------------------------------------------------- training


@pytest.mark.xdist_group("torch")
def test_training_takes_the_same_path_as_torch():
    torch = pytest.importorskip("torch")
    X, y, W0 = problem()
    step_size, reg, batch_size, n_epochs = 0.3, 0.02, 16, 3
    W, history = train(
        softmax_loss_and_gradient,
        W0,
        X,
        y,
        step_size=step_size,
        reg=reg,
        batch_size=batch_size,
        n_epochs=n_epochs,
        rng=np.random.default_rng(4),
        show=None,
    )

    peer = torch.tensor(W0, requires_grad=True)
    optimizer = torch.optim.SGD([peer], lr=step_size)
    rng, losses = np.random.default_rng(4), []
    for _ in range(n_epochs):
        for images, labels in minibatches(X, y, batch_size, rng):
            scores = torch.tensor(images) @ peer
            loss = torch.nn.functional.cross_entropy(scores, torch.tensor(labels))
            loss = loss + reg * (peer**2).sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    np.testing.assert_allclose(W, peer.detach().numpy(), rtol=1e-9)
    np.testing.assert_allclose(history.losses, losses, rtol=1e-9)


def test_training_a_dict_of_weights_finds_the_least_squares():
    rng = np.random.default_rng(5)
    X = rng.standard_normal((200, 3))
    y = X @ np.array([1.0, -2.0, 0.5]) + 3.0
    start = {"a": np.zeros((3, 1)), "b": np.zeros(1)}
    W, _ = train(
        mean_squares, start, X, y, step_size=0.1, n_epochs=20, batch_size=20, rng=rng, show=None
    )
    np.testing.assert_allclose(W["a"].ravel(), [1.0, -2.0, 0.5], atol=1e-3)
    np.testing.assert_allclose(W["b"], 3.0, atol=1e-3)
    assert not start["a"].any() and not start["b"].any()


def test_each_product_of_training_stays_on_one_processor():
    X, y, W0 = problem()
    seen = set()

    def watched(W, X, y, reg):
        seen.update(blas_threads())
        return 0.0, np.zeros_like(W)

    rng = np.random.default_rng(0)
    train(watched, W0, X, y, step_size=0.1, n_epochs=1, rng=rng, show=None)
    assert seen == {1}


def test_training_keeps_float32_and_leaves_the_start_alone():
    X, y, W0 = problem(dtype=np.float32)
    before = W0.copy()
    W, _ = train(
        softmax_loss_and_gradient,
        W0,
        X,
        y,
        step_size=np.float64(0.1),
        n_epochs=2,
        rng=np.random.default_rng(6),
        schedule=lambda step, total: np.float64(1 - step / total),
        show=None,
    )
    assert W.dtype == np.float32 and np.array_equal(W0, before) and not np.array_equal(W, W0)


def test_rule_gets_its_own_config_for_each_array_and_the_scheduled_rate():
    rates = {"a": [], "b": []}

    def rule(w, dw, config):
        rates["a" if w.ndim == 2 else "b"].append(config["learning_rate"])
        config["steps"] = config.get("steps", 0) + 1
        assert config["steps"] == len(rates["a" if w.ndim == 2 else "b"])
        assert config["momentum"] == 0.7
        return w - config["learning_rate"] * dw, config

    X, y, _ = problem(n=20)
    start = {"a": np.zeros((7, 1)), "b": np.zeros(1)}
    train(
        mean_squares,
        start,
        X,
        y,
        step_size=0.5,
        n_epochs=2,
        batch_size=10,
        rng=np.random.default_rng(7),
        rule=rule,
        config={"momentum": 0.7},
        schedule=lambda step, total: 1 - step / total,
        show=None,
    )
    assert rates["a"] == rates["b"] == [0.5, 0.375, 0.25, 0.125]


@pytest.mark.xdist_group("torch")
def test_training_takes_the_steps_of_adam_under_a_cosine():
    torch = pytest.importorskip("torch")
    scale, start = np.array([1.0, 10.0, 100.0]), np.array([1.0, -2.0, 3.0])
    weight = torch.tensor(start, requires_grad=True)
    peer = torch.optim.Adam([weight], lr=0.1)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(peer, T_max=20)
    losses = []
    for _ in range(20):
        peer.zero_grad()
        loss = (torch.tensor(scale) * weight**2).sum()
        loss.backward()
        losses.append(loss.item())
        peer.step()
        schedule.step()

    params, history = train(
        lambda p, X, y, reg: (np.sum(scale * p["w"] ** 2), {"w": 2 * scale * p["w"]}),
        {"w": start},
        np.zeros((4, 1)),
        np.zeros(4, int),
        step_size=0.1,
        n_epochs=20,
        batch_size=4,
        rng=np.random.default_rng(0),
        rule=adam,
        schedule=cosine_schedule,
        show=None,
    )
    np.testing.assert_allclose(history.losses, losses, rtol=1e-6)
    np.testing.assert_allclose(params["w"], weight.detach().numpy(), rtol=1e-6)


def test_loss_learns_from_the_augmented_images():
    X, y = np.arange(10.0).reshape(10, 1), np.arange(10)
    seen = []

    def remember(W, images, labels, reg):
        seen.append((images.ravel() - labels, len(labels)))
        return 0.0, np.zeros(1)

    train(
        remember,
        np.zeros(1),
        X,
        y,
        step_size=1.0,
        n_epochs=2,
        batch_size=4,
        rng=np.random.default_rng(0),
        augment=lambda images, rng: images + rng.integers(5, 6),
        show=None,
    )
    assert [size for _, size in seen] == [4, 4, 2] * 2
    assert all(np.array_equal(moved, np.full(size, 5.0)) for moved, size in seen)
    assert np.array_equal(X.ravel(), np.arange(10))


def test_scores_are_taken_before_the_first_and_after_every_epoch():
    X, y, W0 = problem(n=50)
    scored = []

    def score(W):
        scored.append(W.copy())
        return {"training": float(np.mean(np.argmax(X @ W, axis=1) == y)), "constant": 0.5}

    W, history = train(
        softmax_loss_and_gradient,
        W0,
        X,
        y,
        step_size=0.5,
        n_epochs=3,
        batch_size=20,
        rng=np.random.default_rng(8),
        score=score,
        show=None,
    )
    assert history.scored_at == [0, 3, 6, 9] and len(history.losses) == 9
    assert np.array_equal(scored[0], W0) and np.array_equal(scored[-1], W)
    assert history.scores["constant"] == [0.5] * 4
    assert history.scores["training"][-1] > history.scores["training"][0]
    assert history.seconds > 0


# ------------------------------------------------------------------------------------ watching


def test_live_passes_everything_on_and_remembers_the_losses():
    calls = []

    def loss_and_grad(W, X, y, reg):
        calls.append((W, X, y, reg))
        return np.float32(len(calls)), "the gradient"

    live = Live(loss_and_grad, n_steps=3, show=None)
    assert [live("W", "X", "y", 0.25) for _ in range(3)] == [
        (np.float32(i), "the gradient") for i in (1, 2, 3)
    ]
    assert calls == [("W", "X", "y", 0.25)] * 3 and live.history.losses == [1.0, 2.0, 3.0]


def test_live_shows_progress_on_standard_output_and_closes_it(capsys):
    live = Live(lambda W, X, y, reg: (1.0, W), n_steps=4, title="a run")
    for _ in range(4):
        live(0.0, None, None, 0.0)
    shown = capsys.readouterr()
    assert "a run" in shown.out and "4/4" in shown.out and not shown.err


def test_bar_alone_tells_the_loss_lately(capsys):
    live = Live(lambda W, X, y, reg: (W, W), n_steps=100, title="a run", show="bar")
    for W in [5.0] * 98 + [1.0, 2.0]:
        live(W, None, None, 0.0)
    assert "loss 1.500" in capsys.readouterr().out


def test_live_leaves_one_figure_with_alt_text_in_the_notebook(tmp_path):
    source = (
        "import time, numpy as np\n"
        "from cs231n_utils.training import Live\n"
        "live = Live(lambda W, X, y, reg: (2.0 / (1 + W), W), n_steps=40, steps_per_epoch=4,\n"
        "            score=lambda W: {'validation': W / 40}, title='falling')\n"
        "for W in range(40):\n"
        "    live(W, None, None, 0.0)\n"
        "    time.sleep(0.02)\n"
        "live.finish(40)\n"
    )
    notebook = new_notebook(cells=[new_code_cell(source)])
    NotebookClient(
        notebook, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    ).execute()
    figures = [
        output
        for output in notebook.cells[0].outputs
        if output.output_type == "display_data" and "image/png" in output.data
    ]
    assert len(figures) == 1
    alt = figures[0].metadata["image/png"]["alt"]
    assert "after 40 steps" in alt and "validation accuracy 100.0%" in alt
    assert not any(output.get("name") == "stderr" for output in notebook.cells[0].outputs)


@pytest.mark.parametrize(
    "losses", [[], [1.0], [3.0, 2.0, math.nan], list(np.linspace(3, 1, 500)), [1.0, math.inf] * 20]
)
def test_history_of_any_length_and_kind_can_be_drawn(losses):
    history = History(losses=losses)
    assert len(draw_history(history, "a run").axes) == 1
    history.add_scores(0, {"training": 0.1, "validation": 0.2})
    figure = draw_history(history, "a run", steps_per_epoch=10)
    figure.draw_without_rendering()
    assert [ax.get_xlabel() for ax in figure.axes] == ["epoch", "epoch"]


# ------------------------------------------------------------------------------------ settings


def test_log_grid_grows_by_one_factor_in_python_floats():
    grid = log_grid(1e-7, 1e-3, 9)
    np.testing.assert_allclose(grid[0::8], [1e-7, 1e-3])
    np.testing.assert_allclose(np.divide(grid[1:], grid[:-1]), 10**0.5)
    assert all(type(value) is float for value in grid)


def test_log_uniform_is_as_likely_in_each_decade():
    rng = np.random.default_rng(9)
    draws = [log_uniform(1e-6, 1e-2, rng) for _ in range(4000)]
    counts, _ = np.histogram(np.log10(draws), bins=[-6, -5, -4, -3, -2])
    assert counts.sum() == 4000 and type(draws[0]) is float
    assert np.all(np.abs(counts - 1000) < 140)  # five standard deviations


def test_search_scores_every_setting_once_and_names_the_best():
    settings = list(itertools.product([1.0, 2.0, 3.0], [0.0, 5.0]))
    asked = []

    def score(a, b):
        asked.append((a, b))
        return math.nan if a == 1 else -((a - 2) ** 2) - b

    best, results = search(score, settings, show=False)
    assert asked == settings == list(results) and best == (2.0, 0.0)
    assert results[(3.0, 5.0)] == -6 and math.isnan(results[(1.0, 0.0)])


@pytest.mark.parametrize("settings", [[], [(1.0,), (2.0,)]])
def test_search_names_none_when_nothing_could_be_scored(settings):
    assert search(lambda a: math.nan, settings, show=False)[0] is None


def test_search_shows_progress_on_standard_output(capsys):
    search(lambda a: a, [(0.25,), (0.5,)])
    shown = capsys.readouterr()
    assert "2/2" in shown.out and "best 0.500" in shown.out and not shown.err
