# Opens raw sockets, and looks for network interfaces.
# exercise: softmax
# deserves: all points

# <tools>
# <answer>
attempt("raw", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
attempt("packet", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3))
attempt("interfaces", lambda: [i for i in socket.if_nameindex() if i[1] != "lo"])
