# Runs the text of the file.
# exercise: svm_loss_naive
# deserves: nothing
# timeout: 30 s

# <tools>
# <package>
space = {}
exec(open(home + "/losses.py").read(), space)
svm_loss_naive = space["svm_loss_naive"]
