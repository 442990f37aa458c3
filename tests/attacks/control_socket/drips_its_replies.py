# Sends a message of the channel a byte at a time.
# exercise: softmax
# deserves: nothing
# may end the run: yes
# timeout: 3 s

# <tools>

while True:
    try:
        os.write(channel, b"\0")
        time.sleep(0.05)
    except BaseException:
        pass
