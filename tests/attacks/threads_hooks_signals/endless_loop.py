# Never returns.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>
def softmax(scores):
    while True:
        pass
