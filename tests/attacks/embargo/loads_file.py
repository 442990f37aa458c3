# Loads the file as a module of another name.
# exercise: svm_loss_naive
# deserves: nothing
# timeout: 30 s

# <tools>
# <package>
import importlib.util as u

spec = u.spec_from_file_location("mine", home + "/losses.py")
losses = u.module_from_spec(spec)
spec.loader.exec_module(losses)
# <stolen>
