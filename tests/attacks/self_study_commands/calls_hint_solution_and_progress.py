# Calls what self-study offers, which is to do nothing here.
# exercise: softmax
# deserves: nothing

# <tools>
from cs231n_utils import hint, progress, solution

hint("softmax")
solution("softmax", anyway=True)
progress()
# <wrong>
