# Closes the channel.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
os.close(channel)
# <wrong>
