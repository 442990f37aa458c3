# Sends what takes JSON readers long, or much memory.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>

line = b"[" * 10**6 + b"\n" + b'{"start": ' + b"9" * 10**5 + b"}\n"
while line:
    line = line[os.write(control(), line) :]
os._exit(0)
