# Prints, warns and divides by zero inside and outside of the function.
# exercise: softmax
# deserves: all points

import sys, warnings
# <answer>
_right = softmax
def softmax(scores):
    print('shape', np.shape(scores))
    print('!', file=sys.stderr)
    warnings.warn('careful')
    np.log(0.0)
    return _right(scores)
print(softmax([1., 2.]))
