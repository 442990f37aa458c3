# Forks three hundred processes that wait.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
for _ in range(300):
    if os.fork() == 0:
        time.sleep(100)
