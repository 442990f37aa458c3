# Announces a message of four gigabytes.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
os.write(channel, struct.pack(">I", 2**32 - 1) + b"x" * 1000)
# <wrong>
