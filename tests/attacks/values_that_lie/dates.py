# Returns an array of dates.
# exercise: softmax
# deserves: nothing

# <tools>
def softmax(scores):
    return np.zeros(np.shape(scores), "datetime64[s]")
