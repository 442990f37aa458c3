# Asks ten thousand times, and reads no reply.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>

from cs231n_utils.checks import judge

for _ in range(10**4):
    os.write(channel, said(op="judge", exercise="softmax"))
