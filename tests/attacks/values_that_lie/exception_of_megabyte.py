# Raises an exception with megabytes of markup.
# exercise: softmax
# deserves: nothing

# <tools>
def softmax(scores):
    raise ValueError("<script>" * 10**6)
