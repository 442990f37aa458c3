# Returns an array of 8 TB that takes 8 bytes here.
# exercise: softmax
# deserves: nothing

# <tools>
def softmax(scores):
    return np.broadcast_to(1.0, (10**6, 10**6))
