# Forks without end.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
while True:
    try:
        os.fork()
    except OSError:
        pass
