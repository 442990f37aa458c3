# Returns a list of ten million numbers.
# exercise: softmax
# deserves: nothing

# <tools>
def softmax(scores):
    return [0.0] * 10**7
