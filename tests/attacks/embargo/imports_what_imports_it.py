# Imports a module that itself imports the answer.
# exercise: svm_loss_naive
# deserves: nothing
# timeout: 30 s

# <tools>
import cs231n_utils.fitting as losses
# <stolen>
