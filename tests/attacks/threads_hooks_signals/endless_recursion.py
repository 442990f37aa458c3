# Overflows the stack of the process.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>
sys.setrecursionlimit(10**9)


def softmax(scores):
    return softmax(scores)
