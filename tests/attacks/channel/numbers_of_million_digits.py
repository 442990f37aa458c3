# Sends an integer that takes long to read.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
os.write(channel, frame(b'{"arrays": [' + b"9" * 10**5 + b"]}"))
# <wrong>
