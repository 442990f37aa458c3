# Takes 4 GB of memory.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
hoard = [bytearray(1 << 26) for _ in range(64)]
