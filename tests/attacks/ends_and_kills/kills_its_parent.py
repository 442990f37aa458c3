# Kills its parent, which may be the grader's.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>
os.kill(os.getppid(), signal.SIGKILL)
os._exit(0)
