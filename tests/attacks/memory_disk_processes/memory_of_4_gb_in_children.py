# Takes 4 GB of memory in six processes.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
for _ in range(6):
    if os.fork() == 0:
        hoard = bytearray(b"x" * (700 << 20))
        time.sleep(100)
time.sleep(100)
