# Loads the compiled file.
# exercise: svm_loss_naive
# deserves: nothing
# timeout: 30 s

# <tools>
# <package>
import glob, importlib.machinery, importlib.util

for path in sorted(glob.glob(home + "/__pycache__/losses*")):
    try:
        loader = importlib.machinery.SourcelessFileLoader("mine", path)
        spec = importlib.util.spec_from_loader("mine", loader)
        losses = importlib.util.module_from_spec(spec)
        loader.exec_module(losses)
        print("REACHED", path)
    except Exception as error:
        print(error)
# <stolen>
