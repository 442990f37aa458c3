# Imports the reference solutions.
# exercise: svm_loss_naive
# deserves: nothing
# timeout: 30 s

# <tools>
from grading.exercises import EXERCISES

svm_loss_naive = EXERCISES["svm_loss_naive"].reference
