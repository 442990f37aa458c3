# Sends the oracle thousands of file descriptors.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
pair = socket.socket(fileno=os.dup(channel))
for _ in range(20):
    socket.send_fds(pair, [b"x"], [0] * 100)
# <wrong>
