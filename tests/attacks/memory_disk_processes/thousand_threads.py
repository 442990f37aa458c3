# Starts a thousand threads that wait.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 4 s

# <tools>
for _ in range(1000):
    threading.Thread(target=time.sleep, args=(100,)).start()
