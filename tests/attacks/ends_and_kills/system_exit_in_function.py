# Raises SystemExit when it is called.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>
def softmax(scores):
    raise SystemExit(0)
