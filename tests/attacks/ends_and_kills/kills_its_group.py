# Kills its process group.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>
os.kill(0, signal.SIGKILL)
os.killpg(0, signal.SIGKILL)
os._exit(0)
