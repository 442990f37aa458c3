# Warns ten thousand times.
# exercise: softmax
# deserves: all points

# <tools>
# <answer>
import warnings

warnings.simplefilter("always")
for i in range(10**4):
    warnings.warn(str(i))
