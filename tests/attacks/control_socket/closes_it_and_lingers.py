# Closes the grader's socket, and does not end.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>

os.close(control())
while True:
    try:
        time.sleep(1)
    except BaseException:
        pass
