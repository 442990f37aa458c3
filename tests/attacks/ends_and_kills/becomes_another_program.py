# Replaces the process by another program, which waits for an hour.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>
os.execv("/bin/sleep", ["sleep", "3600"])
