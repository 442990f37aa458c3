# Takes 4 GB of shared memory in six processes.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
for _ in range(6):
    if os.fork() == 0:
        hoard = mmap.mmap(-1, 700 << 20)
        for _ in range(700):
            hoard.write(b"x" * (1 << 20))
        time.sleep(100)
time.sleep(100)
