# Never returns from one operation of the interpreter.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>
def softmax(scores):
    return 10**10**9
