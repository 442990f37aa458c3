# Evaluates copies of the function that counts its evaluations.
# exercise: eval_numerical_gradient
# deserves: all but evaluations

import copy
# <answer>
_right = eval_numerical_gradient
def eval_numerical_gradient(f, x, h=1e-5):
    copy.copy(f)(x), copy.deepcopy(f)(x)
    return _right(f, x, h)
