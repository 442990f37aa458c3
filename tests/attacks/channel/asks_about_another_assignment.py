# Asks about an exercise that is not in this notebook.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
from cs231n_utils.checks import judge

attempt("other", lambda: judge(len, exercise="random_search").max_points)
# <wrong>
