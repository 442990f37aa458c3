# Asks about an exercise with a name of a megabyte.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
from cs231n_utils.checks import judge

judge(len, exercise="x" * 10**6)
# <wrong>
