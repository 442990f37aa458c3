# Kills every process it may.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>
os.kill(-1, signal.SIGKILL)
os._exit(0)
