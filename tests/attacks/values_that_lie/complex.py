# Returns complex numbers whose real part looks right.
# exercise: softmax
# deserves: nothing

# <tools>
def softmax(scores):
    return np.exp(scores) + 1j
