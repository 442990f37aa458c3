# Sends a line of several megabytes without an end.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>

line = b'{"start": [' + b"{}," * 2_500_000
while line:
    line = line[os.write(control(), line) :]
time.sleep(60)
