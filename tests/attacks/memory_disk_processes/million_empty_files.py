# Makes as many files as it can.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
made = 0
for folder in ("/scratch", "/dev/shm", "/dev/pts"):
    for i in range(100_000):
        try:
            os.close(os.open(f"{folder}/{i}", os.O_CREAT))
        except OSError:
            break
        made += 1
if made > 100_000:
    print("REACHED", made)
raise OSError("no room")
