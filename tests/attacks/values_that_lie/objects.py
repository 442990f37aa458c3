# Returns an array of objects, which could only be sent pickled.
# exercise: softmax
# deserves: nothing

# <tools>
def softmax(scores):
    return np.array([object()] * 5, dtype=object)
