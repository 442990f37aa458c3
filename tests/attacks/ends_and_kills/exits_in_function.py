# Ends the process when it is called.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>
def softmax(scores):
    os._exit(0)
