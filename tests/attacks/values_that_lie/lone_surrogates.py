# Raises an exception whose text cannot be encoded.
# exercise: softmax
# deserves: nothing

# <tools>
def softmax(scores):
    raise ValueError("\ud800")
