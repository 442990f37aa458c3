# Raises an exception that raises SystemExit when it is described.
# exercise: softmax
# deserves: nothing

# <tools>
class Odd(Exception):
    def __str__(self):
        raise SystemExit


def softmax(scores):
    raise Odd
