# Ends the process as if all were well.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>
os._exit(0)
