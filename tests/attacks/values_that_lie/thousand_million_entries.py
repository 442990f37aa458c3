# Returns an array of 8 GB.
# exercise: softmax
# deserves: nothing

# <tools>
def softmax(scores):
    return np.zeros(10**9)
