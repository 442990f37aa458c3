# Returns an empty array with a dimension of a thousand million.
# exercise: softmax
# deserves: nothing

# <tools>
def softmax(scores):
    return np.zeros((10**9, 0))
