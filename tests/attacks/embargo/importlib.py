# Imports the module by importlib.
# exercise: svm_loss_naive
# deserves: nothing
# timeout: 30 s

# <tools>
losses = importlib.import_module("cs231n_utils.losses")
# <stolen>
