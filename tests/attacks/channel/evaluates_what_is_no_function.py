# Asks the oracle to evaluate a function that its check has not.
# exercise: softmax
# deserves: nothing
# may end the run: yes

import os
from cs231n_utils.checking.channel import pack


def softmax(scores):
    os.write(
        int(os.environ["CS231N_ORACLE_FD"]),
        pack({"op": "evaluate", "function": [0, "__class__"], "arguments": []}),
    )
    return np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
