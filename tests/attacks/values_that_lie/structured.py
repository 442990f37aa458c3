# Returns an array of records.
# exercise: softmax
# deserves: nothing

# <tools>
def softmax(scores):
    return np.zeros(np.shape(scores), dtype=[("a", "f8"), ("b", "O")])
