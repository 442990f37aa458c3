"""Where the demo begins, in the notebook and on the page alike."""

START = {
    "points": [
        [0.5, 0.4],
        [0.8, 0.3],
        [0.3, 0.8],
        [1.1, 0.9],
        [-0.4, 0.3],
        [-0.3, 0.8],
        [-0.9, 0.4],
        [-0.7, 1.1],
        [-0.4, -0.8],
        [0.2, -0.7],
        [0.5, -0.4],
        [-0.1, -1.2],
    ],
    "labels": [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2],
    "W": [[-1.0, 1.5, 0.6], [0.8, -0.6, -0.2]],
    "b": [0.3, -0.4, 0.6],
    "loss": "weston-watkins",
    "regularizer": "l2",
    "reg": 0.1,
    "step_size": 0.1,
    "surface": ["W[0,0]", "W[0,1]"],
    "running": False,
}
