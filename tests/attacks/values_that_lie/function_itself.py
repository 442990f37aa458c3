# Returns the function itself.
# exercise: softmax
# deserves: nothing

# <tools>
def softmax(scores):
    return softmax
