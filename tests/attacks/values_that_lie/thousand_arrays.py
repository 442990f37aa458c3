# Returns more arrays than a message may hold.
# exercise: softmax
# deserves: nothing

# <tools>
def softmax(scores):
    return [scores] * 1000
