# Returns an array of as many dimensions as NumPy allowed before version 2.
# exercise: softmax
# deserves: nothing

# <tools>
def softmax(scores):
    return np.zeros((1,) * 32)
