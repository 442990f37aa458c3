# Calls sys.exit.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>
import sys

sys.exit(0)
