# Returns a dict whose keys JSON does not know.
# exercise: softmax
# deserves: nothing

# <tools>
def softmax(scores):
    return {None: 1, (1, 2): np.ones(3), float("nan"): {}}
