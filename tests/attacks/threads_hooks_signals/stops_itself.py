# Stops its process.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>
os.kill(os.getpid(), signal.SIGSTOP)
# <wrong>
