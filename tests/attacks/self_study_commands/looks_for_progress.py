# Reads the progress of whoever runs the grader.
# exercise: softmax
# deserves: nothing

# <tools>
from cs231n_utils.selfstudy import progress_file

attempt("progress", lambda: progress_file.read().exercises)
# <wrong>
