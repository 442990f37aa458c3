# Sends a request to the oracle, and reads its reply.


def ask(**request):
    stream = socket.socket(fileno=os.dup(channel))
    stream.sendall(said(**request))
    return stream.recv(1 << 16)
