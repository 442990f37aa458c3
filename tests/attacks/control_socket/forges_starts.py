# Reports again and again that a cell begins, to move its deadline.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>

while True:
    try:
        os.write(control(), b'{"start": 3}\n"start"\n')
        time.sleep(0.2)
    except BaseException:
        pass
