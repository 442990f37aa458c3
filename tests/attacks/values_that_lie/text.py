# Returns an array of words.
# exercise: softmax
# deserves: nothing

# <tools>
def softmax(scores):
    return np.full(np.shape(scores), "right")
