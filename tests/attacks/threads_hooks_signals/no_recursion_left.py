# Leaves the client hardly any stack.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>
sys.setrecursionlimit(120)
# <wrong>
