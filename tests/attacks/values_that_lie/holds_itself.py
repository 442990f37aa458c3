# Returns a list that holds itself.
# exercise: softmax
# deserves: nothing

# <tools>
def softmax(scores):
    value = [1.0]
    value[0] = value
    return value
