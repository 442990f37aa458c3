# Checks itself in its own cell.
# exercise: softmax
# deserves: all points

# <answer>
verdict = check(softmax)
assert verdict.passed
