# Yields instead of returning.
# exercise: softmax
# deserves: nothing

# <tools>
def softmax(scores):
    yield from scores
