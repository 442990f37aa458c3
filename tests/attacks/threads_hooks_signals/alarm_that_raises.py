# Raises SystemExit twenty times a second, also in the client.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>
def ring(*a):
    raise SystemExit


signal.signal(signal.SIGALRM, ring)
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
# <wrong>
