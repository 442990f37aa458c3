# Reads from address 0.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>
ctypes.string_at(0)
