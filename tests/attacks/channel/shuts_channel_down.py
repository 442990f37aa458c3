# Shuts the channel down for all who hold it.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
socket.socket(fileno=os.dup(channel)).shutdown(socket.SHUT_RDWR)
# <wrong>
