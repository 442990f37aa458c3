# Reads the progress of whoever runs the grader.
# exercise: softmax
# deserves: nothing

# <tools>
from cs231n_utils import progress_file

attempt("progress", lambda: progress_file.read().exercises)
# <wrong>
