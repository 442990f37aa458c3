# Sends JSON nested far deeper than Python's stack.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
os.write(channel, frame(b"[" * 10**5))
# <wrong>
