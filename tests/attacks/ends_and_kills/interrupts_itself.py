# Raises KeyboardInterrupt, as the grader's interrupt does.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>
raise KeyboardInterrupt
