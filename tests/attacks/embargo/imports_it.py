# Imports the module that holds the answer.
# exercise: svm_loss_naive
# deserves: nothing
# timeout: 30 s

# <tools>
import cs231n_utils.losses as losses
# <stolen>
