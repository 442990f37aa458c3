# Returns objects that raise when they are described.
# exercise: softmax
# deserves: nothing

# <tools>
class Odd:
    def __repr__(self):
        raise ValueError("no repr")


def softmax(scores):
    return {Odd(), Odd()}
