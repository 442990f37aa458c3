# Has a function judged under the name of another exercise.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
from cs231n_utils.checks import judge

judge(svm_loss_naive, exercise="softmax")
# <wrong>
