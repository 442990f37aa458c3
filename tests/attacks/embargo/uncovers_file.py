# Removes the mount that covers the file.
# exercise: svm_loss_naive
# deserves: nothing
# timeout: 30 s

# <tools>
# <package>
attempt("umount", lambda: libc.umount2((home + "/losses.py").encode(), 2) == 0)
import runpy

svm_loss_naive = runpy.run_path(home + "/losses.py")["svm_loss_naive"]
